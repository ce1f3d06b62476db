import type { ExporterFault } from './exporter-fault.ts';

/** Ends one attempt from outside or from within; the first reason given is the one that is logged. */
export interface Cut {
  readonly signal: AbortSignal;
  readonly reason: () => ExporterFault | undefined;
  readonly cut: (reason: ExporterFault) => void;
}

export function createCut(): Cut {
  const controller = new AbortController();
  let first: ExporterFault | undefined;
  return {
    signal: controller.signal,
    reason: () => first,
    cut: (reason) => {
      first ??= reason;
      controller.abort();
    },
  };
}
