import type { LogEntry, TransferSteps } from '../api/log-entries.ts';
import type { Verdict } from '../api/verdict.ts';

export interface Step {
  readonly log: string;
  readonly entry: LogEntry;
}

/** Entries of all logs about one transfer, in the order in which they were recorded. */
export function stepsOf({ logs }: TransferSteps): readonly Step[] {
  const steps = logs.flatMap(({ log, entries }) => entries.map((entry) => ({ log, entry })));
  return steps.toSorted((a, b) => Date.parse(a.entry.recordedAt) - Date.parse(b.entry.recordedAt));
}

/** The verdict that stands: the last one, since a transfer with approvals is decided anew. */
export function verdictOf(steps: readonly Step[]): Verdict | undefined {
  const entry = steps.findLast(({ entry: { kind } }) => kind === 'verdict')?.entry;
  const verdict = entry?.document['verdict'];
  return isVerdict(verdict) ? verdict : undefined;
}

/** Of the permit only what it names; the sealed form is for the exporter. */
export function permitOf(steps: readonly Step[]): LogEntry | undefined {
  return steps.findLast(({ entry: { kind } }) => kind === 'permit')?.entry;
}

function isVerdict(value: unknown): value is Verdict {
  const { decision, rules } = (value ?? {}) as Partial<Verdict>;
  return (decision === 'permit' || decision === 'withhold') && Array.isArray(rules);
}
