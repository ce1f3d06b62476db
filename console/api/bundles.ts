import type { Fault } from '../../proto/words/fault.ts';

/** One bundle; days are of Asia/Shanghai, moments RFC 3339. */
export type Bundle = {
  readonly id: string;
  /** First and last day; of captures the moments from which and to which they are. */
  readonly from: string;
  readonly until?: string;
  readonly to?: string;
  readonly cidr?: string;
  readonly by: string;
  readonly askedAt: string;
} & (
  | { readonly state: 'under-way'; readonly step: string; readonly share: number }
  | {
      readonly state: 'ready';
      readonly keptUntil: string;
      readonly files: number;
      readonly captures?: number;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly state: 'failed'; readonly keptUntil: string; readonly fault: Fault }
);
