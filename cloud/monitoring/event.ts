import type { Instant } from '../../proto/words/time.ts';

/** An entry of one of the three logs, as the rules look at it. */
export interface MonitoredEvent {
  readonly log: 'operations' | 'alerts' | 'traffic';
  readonly at: Instant;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** What a rule found. Nothing in it is a VIN, a position or a subject tag. */
export interface Finding {
  /** Of a row in rules.table.ts. */
  readonly code: string;
  /** Whom it is about: an account, a device, a recipient, a transfer, a threshold. One subject has one open alert a code. */
  readonly subject: string;
  /** Figures and names of fields: what was found beside what was allowed. */
  readonly found: Readonly<Record<string, string | number>>;
}

/** Counts that no entry has, looked at from time to time. */
export interface MonitoredCounts {
  /** Since the beginning. */
  readonly framesAdmitted: number;
  readonly framesQuarantined: number;
  /** Persons of the calendar year, by kind of counter. */
  readonly persons: Readonly<Record<'plain' | 'sensitive', number>>;
}

/** One rule at work: fed in the order of time, it says what it finds. Its memory is bounded. */
export interface RunningRule {
  /** Kinds of the operations log whose documents it looks into; of others only their time and whether they change permissions. None where left out. */
  readonly kinds?: readonly string[];
  readonly take?: (event: MonitoredEvent) => readonly Finding[];
  readonly look?: (now: Instant, counts: MonitoredCounts) => readonly Finding[];
}

/** Text of a document's field, or undefined where it is none. */
export function textOf(document: MonitoredEvent['document'], key: string): string | undefined {
  const value = document[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(document: MonitoredEvent['document'], key: string): number | undefined {
  const value = document[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The first start of all finds every key and setting new: nobody changed them. */
export function isFirstStart({ kind, document }: MonitoredEvent): boolean {
  const before = document['before'];
  return (
    kind === 'permission-change' && (typeof before !== 'object' || before === null || Object.keys(before).length === 0)
  );
}
