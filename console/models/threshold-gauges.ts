import type { Counts } from '../api/answers.ts';

export interface Gauge {
  readonly counter: 'persons' | 'sensitivePersons';
  readonly rule: string;
  readonly count: number;
  readonly threshold: number;
  /** Of the threshold, 0 to 1. */
  readonly share: number;
  /** Day, Asia/Shanghai; null when this year's pace does not reach it. */
  readonly reachedOn: string | null;
  readonly level: 'calm' | 'near' | 'close';
}

/** Half of a threshold is time to plan a mechanism; the last tenth is time to stop asking. */
const NEAR_SHARE = 0.5;
const CLOSE_SHARE = 0.9;

/** Thresholds that are still ahead, least first, each with how far the year has come. */
export function gaugesOf(counts: Counts): readonly Gauge[] {
  return counts.thresholds.map(({ counter, threshold, rule, reachedOn }) => {
    const count = counts[counter][counts.counts];
    const share = Math.min(1, count / threshold);
    const level = share >= CLOSE_SHARE ? 'close' : share >= NEAR_SHARE || reachedOn !== null ? 'near' : 'calm';
    return { counter, rule, count, threshold, share, reachedOn, level };
  });
}
