/** An entry of the traffic log. */
export interface TrafficEntryOfLog {
  readonly index: number;
  readonly kind: string;
  readonly transferId: string;
  readonly document: Readonly<Record<string, unknown>> | undefined;
}

export type TrafficFinding = 'sent-without-permit' | 'connection-without-opening' | 'fetched-without-attempt';

/**
 * A connection that a recipient opens to fetch is on record before anybody knows for what: it bears no transfer. So may its end and the
 * end of its capture. Nor does a count of connections that ended before anything was sent. Nothing else may.
 */
const UNNAMED_KINDS: readonly string[] = ['connection-open', 'connection', 'capture-deleted', 'strangers-refused'];

/** A connection that we make is an attempt, counted from 1. */
const FETCHED_ATTEMPT = 0;

/** TLS, answers that refuse, and a listing: more than this is content. */
export const UNASKED_BYTES_MAX = 1_048_576;

/** Follows connections of the traffic log: each belongs to a permitted transfer, or was opened by a recipient that fetched one. */
export function createTrafficOfLog(isPermitted: (transferId: string) => boolean) {
  const openings = new Map<number, { readonly transferId: string; readonly attempt: unknown }>();
  let lastAttempt = -1;

  const checkUnnamed = ({ kind, document }: TrafficEntryOfLog): TrafficFinding | undefined => {
    if (!UNNAMED_KINDS.includes(kind)) return 'sent-without-permit';
    if (kind === 'connection-open' && document?.['attempt'] !== FETCHED_ATTEMPT) return 'sent-without-permit';
    const carried = kind === 'connection' ? document?.['bytesSent'] : 0;
    const isMuch = typeof carried === 'number' && carried > UNASKED_BYTES_MAX;
    return isMuch && lastAttempt < Number(document?.['openLeafIndex']) ? 'fetched-without-attempt' : undefined;
  };
  /** What ends has begun, and under the same name: an end that bears another, or none, would hide it. */
  const checkEnd = ({ kind, transferId, document }: TrafficEntryOfLog): TrafficFinding | undefined => {
    if (kind !== 'connection' && kind !== 'capture-deleted') return undefined;
    return openings.get(Number(document?.['openLeafIndex']))?.transferId === transferId
      ? undefined
      : 'connection-without-opening';
  };

  return {
    take: (entry: TrafficEntryOfLog): readonly TrafficFinding[] => {
      const { index, kind, transferId, document } = entry;
      if (kind === 'connection-open') openings.set(index, { transferId, attempt: document?.['attempt'] });
      if (kind === 'attempt') lastAttempt = index;
      // What was refused for want of a good permit was never sent, and may well have none.
      const named = transferId === '' || kind === 'refused' || isPermitted(transferId);
      const findings = [
        named ? undefined : ('sent-without-permit' as const),
        transferId === '' ? checkUnnamed(entry) : undefined,
        checkEnd(entry),
      ];
      return findings.filter((finding) => finding !== undefined);
    },
  };
}
