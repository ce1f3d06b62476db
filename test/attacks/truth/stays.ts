import type { Point } from '../traces/plane.ts';
import type { Subject } from '../traces/subjects.ts';

/** A stand at one place, from and to in milliseconds UTC. */
export interface Stay extends Point {
  readonly from: number;
  readonly to: number;
  /** Index of the first and of the last fix of the stand. */
  readonly first: number;
  readonly last: number;
}

export interface StayRule {
  readonly radiusM: number;
  readonly leastMs: number;
}

/** What counts as having been somewhere. */
export const STAY: StayRule = { radiusM: 200, leastMs: 20 * 60_000 };

/** Longer silences are holidays of the logger, and no evidence of a night. */
export const SILENCE_MS_MAX = 24 * 3_600_000;

/**
 * Stay points: the longest runs of fixes within `radiusM` of their first that last at least `leastMs`. A silence counts when
 * the fix after it lies where the fix before it did.
 */
export function staysOf(subject: Subject, rule: StayRule): readonly Stay[] {
  const { at, x, y } = subject;
  const stays: Stay[] = [];
  let first = 0;
  while (first < at.length) {
    let end = first + 1;
    while (end < at.length && isNear(subject, first, end, rule.radiusM)) end += 1;
    const last = end - 1;
    const [from, to] = [at[first] ?? 0, at[last] ?? 0];
    if (to - from < rule.leastMs) {
      first += 1;
      continue;
    }
    stays.push({ x: median(x.subarray(first, end)), y: median(y.subarray(first, end)), from, to, first, last });
    first = end;
  }
  return stays;
}

function isNear({ at, x, y }: Subject, first: number, other: number, radiusM: number): boolean {
  if ((at[other] ?? 0) - (at[other - 1] ?? 0) > SILENCE_MS_MAX) return false;
  return Math.hypot((x[first] ?? 0) - (x[other] ?? 0), (y[first] ?? 0) - (y[other] ?? 0)) <= radiusM;
}

export function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
