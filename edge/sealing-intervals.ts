import { PRIORITIES, type Priority } from '../proto/words/priority.ts';

/** Priorities that are sealed together, and how often, milliseconds. */
export interface SealingInterval {
  readonly priorities: readonly Priority[];
  readonly every: number;
}

export interface SealingSettings {
  readonly intervalMs: number;
  readonly slowIntervalMs: Partial<Readonly<Record<Priority, number | undefined>>>;
}

/** A writer that waits for the agent is there at once, and its first frames need not wait for a whole interval. */
export const FIRST_SEAL_MS = 100;

/** One interval for all priorities that have none of their own, and one for each that has. */
export function sealingIntervals({ intervalMs, slowIntervalMs: own }: SealingSettings): readonly SealingInterval[] {
  const quick = PRIORITIES.filter((priority) => own[priority] === undefined);
  const slow = PRIORITIES.filter((priority) => own[priority] !== undefined);
  return [
    { priorities: quick, every: intervalMs },
    ...slow.map((priority) => ({ priorities: [priority], every: own[priority] ?? intervalMs })),
  ];
}
