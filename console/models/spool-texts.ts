/** What a device told last of its spool, as the API has it. */
export interface ToldSpool {
  /** Of its capacity, rounded up: 0 empty, 8 at most full. */
  readonly eighths: number;
  /** Whole days; null while the vehicle did not know. */
  readonly offlineDays: { readonly from: number; readonly below?: number } | null;
  readonly toldAt: string;
}

/** How full it is, in figures that need no language; undefined where it is not known, which the caller says in words. */
export function depthText(spool: ToldSpool | null): string | undefined {
  if (spool === null) return undefined;
  return spool.eighths === 0 ? '0' : `≤ ${spool.eighths}/8`;
}

/** Days without an uplink that it has room for, as a range; undefined where they are not known. */
export function offlineDaysText(spool: ToldSpool | null): string | undefined {
  if (spool === null || spool.offlineDays === null) return undefined;
  const { from, below } = spool.offlineDays;
  if (below === undefined) return `≥ ${from}`;
  return from === 0 ? `< ${below}` : `${from}–${below}`;
}
