import { sourceOf } from './stranger-limit.ts';

/** Connections that ended before anything was sent or looked at, by where they came from. */
export interface RefusedConnections {
  /** When the first and the last of them stood, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly connections: number;
  /** Those with most of them first. IPv6 by networks of 64 bits. */
  readonly sources: readonly { readonly source: string; readonly connections: number }[];
  /** From all other sources together. */
  readonly elsewhere: number;
}

export interface Refusals {
  readonly count: (address: string, nowMs: number) => void;
  /** What was counted since it was last asked; undefined when there was nothing. */
  readonly take: () => RefusedConnections | undefined;
}

/** Sources that are told apart within one count; a flood from more is a number. */
const COUNTED_MAX = 1_024;
/** Sources that one entry names. */
const NAMED_MAX = 16;

export function createRefusals(): Refusals {
  let sources = new Map<string, number>();
  let span: { readonly fromMs: number; readonly toMs: number } | undefined;
  let connections = 0;
  return {
    count: (address, nowMs) => {
      span = { fromMs: span?.fromMs ?? nowMs, toMs: nowMs };
      connections += 1;
      const source = sourceOf(address);
      const before = sources.get(source);
      if (before !== undefined || sources.size < COUNTED_MAX) sources.set(source, (before ?? 0) + 1);
    },
    take: () => {
      if (span === undefined) return undefined;
      const named = [...sources]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, NAMED_MAX)
        .map(([source, count]) => ({ source, connections: count }));
      const elsewhere = connections - named.reduce((sum, one) => sum + one.connections, 0);
      const taken = { ...span, connections, sources: named, elsewhere };
      sources = new Map();
      span = undefined;
      connections = 0;
      return taken;
    },
  };
}
