import type { AgendaItem } from '../api/answers.ts';

export interface Clock {
  /** Whole minutes that are left, or since it ran out. */
  readonly minutes: number;
  readonly isOver: boolean;
  readonly level: 'calm' | 'near' | 'over';
}

const MINUTE_MS = 60_000;
/** Less than a working day is left. */
const NEAR_MINUTES = 1_440;

/** How a clock stands; one that cannot be counted is treated as run out, which gives no clock. */
export function clockOf({ dueAt, state }: Pick<AgendaItem, 'dueAt' | 'state'>, now: number): Clock | undefined {
  if (dueAt === undefined || state === 'uncountable') return undefined;
  const isOver = now >= dueAt;
  const minutes = Math.floor(Math.abs(dueAt - now) / MINUTE_MS);
  return { minutes, isOver, level: isOver ? 'over' : minutes < NEAR_MINUTES ? 'near' : 'calm' };
}

/** What is due of one entry. */
export function duesOf(agenda: readonly AgendaItem[], kind: string, id: string): readonly AgendaItem[] {
  return agenda.filter((one) => one.kind === kind && one.entry === id);
}
