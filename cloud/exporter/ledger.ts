import { z } from 'zod';

/**
 * Kinds of entry in the traffic log, in the order in which one transfer writes them:
 *
 * `intent` once, before anything is sent · `attempt` before each try · `connection-open` once TCP stands and before the first
 * byte of TLS · `connection` when it has ended, with the volume · `failed` when a round of attempts is used up · at the end
 * `delivered` or `refused`, after which the transfer is never sent again · `capture-deleted` when the record of a connection is over its time.
 * `strangers-refused` belongs to none: how many connections of strangers ended before anything was sent.
 */
export const TRAFFIC_KINDS = [
  'intent',
  'attempt',
  'connection-open',
  'connection',
  'failed',
  'refused',
  'delivered',
  'capture-deleted',
  'strangers-refused',
] as const;

export type TrafficKind = (typeof TRAFFIC_KINDS)[number];

/** What the traffic log says of one transfer. */
export interface History {
  readonly state: 'new' | 'underway' | 'failed' | 'refused' | 'delivered';
  /** How often a connection was about to be made; more than none means that something may have left. */
  readonly attempts: number;
  /** Of the permit under which the intent was logged; a transfer may not go on under another. */
  readonly permitSha256?: string;
  /** Rounds of attempts that have come to nothing. */
  readonly failedRounds: number;
  /** State `failed`: when the next round begins, in ms since 1970 UTC. */
  readonly retryAtMs?: number;
  /** Index of the latest entry that set the state. */
  readonly leafIndex: number;
}

/** A connection that has an opening entry and no closing one: this process is at it, or an earlier one was killed. */
export interface OpenConnection {
  readonly transferId: string;
  readonly openLeafIndex: number;
  /** The document of the opening entry. */
  readonly opening: Readonly<Record<string, unknown>>;
}

export interface Counts {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
}

export interface Ledger {
  readonly history: (transferId: string) => History;
  readonly counts: () => Counts;
  /** Under which the last transfer was begun; undefined before there is one. */
  readonly permitKey: () => string | undefined;
  readonly openConnections: () => readonly OpenConnection[];
  /** Whether an entry could be taken in now; asked before it is written. */
  readonly mayFollow: (entry: Omit<LoggedEntry, 'index'>) => boolean;
  /** Takes in an entry that is durable. Returns false for one that this version cannot read. */
  readonly apply: (entry: LoggedEntry) => boolean;
}

export interface LoggedEntry {
  readonly index: number;
  readonly kind: string;
  readonly transferId: string;
  readonly document: unknown;
}

const NEW: History = { state: 'new', attempts: 0, failedRounds: 0, leafIndex: -1 };

/** State of every transfer, made from the entries of the traffic log and nothing else. */
export function createLedger(): Ledger {
  const histories = new Map<string, History>();
  const connections = new Map<number, OpenConnection>();
  let permitKey: string | undefined;
  const counts = { delivered: 0, refused: 0, failed: 0 };

  const isOver = (transferId: string): boolean => isFinal((histories.get(transferId) ?? NEW).state);

  const move = (entry: LoggedEntry, change: Partial<History>): boolean => {
    if (isOver(entry.transferId)) return false;
    const before = histories.get(entry.transferId) ?? NEW;
    const after: History = { ...before, ...change, leafIndex: entry.index };
    if (isCounted(before.state)) counts[before.state] -= 1;
    if (isCounted(after.state)) counts[after.state] += 1;
    histories.set(entry.transferId, after);
    return true;
  };

  const fail = (entry: LoggedEntry, retryAtMs: number): boolean => {
    const failedRounds = (histories.get(entry.transferId) ?? NEW).failedRounds + 1;
    return move(entry, { state: 'failed', retryAtMs, failedRounds });
  };

  const mayFollow: Ledger['mayFollow'] = ({ kind, transferId, document }) => {
    const parsed = EntrySchema.safeParse({ kind, document });
    if (!parsed.success) return false;
    switch (parsed.data.kind) {
      case 'connection-open':
      case 'capture-deleted':
      case 'strangers-refused':
        return true;
      case 'connection':
        return connections.has(parsed.data.document.openLeafIndex);
      default:
        return !isOver(transferId);
    }
  };

  const apply = (entry: LoggedEntry): boolean => {
    const parsed = EntrySchema.safeParse({ kind: entry.kind, document: entry.document });
    if (!parsed.success) return false;
    const { kind, document } = parsed.data;
    switch (kind) {
      case 'intent':
        permitKey = document.permitKey ?? permitKey;
        return move(entry, { state: 'underway', permitSha256: document.permitSha256 });
      case 'attempt':
        return move(entry, { state: 'underway', attempts: document.attempt });
      case 'connection-open': {
        const { transferId, index: openLeafIndex } = entry;
        connections.set(openLeafIndex, { transferId, openLeafIndex, opening: document });
        return true;
      }
      case 'connection':
        return connections.delete(document.openLeafIndex);
      case 'capture-deleted':
      case 'strangers-refused':
        return true;
      case 'failed':
        return fail(entry, document.retryAtMs);
      case 'refused':
      case 'delivered':
        return move(entry, { state: kind });
    }
  };

  return {
    history: (transferId) => histories.get(transferId) ?? NEW,
    counts: () => ({ ...counts }),
    permitKey: () => permitKey,
    openConnections: () => [...connections.values()],
    mayFollow,
    apply,
  };
}

const isFinal = (state: History['state']): boolean => state === 'delivered' || state === 'refused';

function isCounted(state: History['state']): state is keyof Counts {
  return state === 'delivered' || state === 'refused' || state === 'failed';
}

const Attempts = z.looseObject({ attempts: z.int().min(0) });

/** Entries of before name no key. */
const Intent = z.looseObject({ permitSha256: z.string().length(64), permitKey: z.string().optional() });

/** Of each document only what the ledger needs; the rest is for readers of the log. */
const EntrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('intent'), document: Intent }),
  z.object({ kind: z.literal('attempt'), document: z.looseObject({ attempt: z.int().min(1) }) }),
  z.object({ kind: z.literal('connection-open'), document: z.looseObject({ sourcePort: z.int() }) }),
  z.object({ kind: z.literal('connection'), document: z.looseObject({ openLeafIndex: z.int().min(0) }) }),
  z.object({ kind: z.literal('capture-deleted'), document: z.looseObject({ openLeafIndex: z.int().min(0) }) }),
  z.object({ kind: z.literal('strangers-refused'), document: z.looseObject({ connections: z.int().min(1) }) }),
  z.object({ kind: z.literal('failed'), document: Attempts.extend({ retryAtMs: z.int() }) }),
  z.object({ kind: z.literal('refused'), document: Attempts }),
  z.object({ kind: z.literal('delivered'), document: Attempts.extend({ receipt: z.string() }) }),
]);
