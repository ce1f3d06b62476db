import { PRIORITIES, type Priority } from '../proto/words/priority.ts';

/** Priorities that are sealed together, and how often. */
export interface SealingInterval {
  readonly priorities: readonly Priority[];
  readonly intervalMs: number;
}

/** One interval for all priorities that have none of their own, and one for each that has. */
export function sealingIntervals(
  intervalMs: number,
  own: Partial<Readonly<Record<Priority, number | undefined>>>,
): readonly SealingInterval[] {
  const quick = PRIORITIES.filter((priority) => own[priority] === undefined);
  const slow = PRIORITIES.filter((priority) => own[priority] !== undefined);
  return [
    { priorities: quick, intervalMs },
    ...slow.map((priority) => ({ priorities: [priority], intervalMs: own[priority] ?? intervalMs })),
  ];
}
