import type { Anchor } from '../truth/anchors.ts';
import { ESTIMATORS, type Estimator } from './estimators.ts';
import type { SubjectHits } from './recovery.ts';

export interface Rate {
  /** Of the best estimator at this radius: an upper envelope. */
  readonly rate: number;
  readonly estimator: Estimator;
  readonly subjects: number;
  /** 95 % by bootstrap over subjects, of that estimator. */
  readonly low: number;
  readonly high: number;
}

/** How often the best estimator hits at a radius, over the subjects that count. */
export function bestRate(
  hits: readonly SubjectHits[],
  anchor: Anchor,
  radius: number,
  counts: (subject: number) => boolean,
  chance: () => number,
): Rate {
  const own = hits.filter((one) => one.anchor === anchor && counts(one.subject));
  const subjects = [...new Set(own.map(({ subject }) => subject))];
  const of = (estimator: Estimator): readonly number[] =>
    subjects.map((subject) =>
      mean(own.filter((one) => one.subject === subject).map((one) => one.hits[estimator][radius] ?? 0)),
    );
  const best = ESTIMATORS.map((estimator) => ({ estimator, values: of(estimator) })).reduce((a, b) =>
    mean(b.values) > mean(a.values) ? b : a,
  );
  const drawn = Array.from({ length: BOOTSTRAPS }, () =>
    mean(best.values.map(() => best.values[Math.floor(chance() * best.values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return {
    rate: mean(best.values),
    estimator: best.estimator,
    subjects: subjects.length,
    low: drawn[Math.floor(BOOTSTRAPS * 0.025)] ?? 0,
    high: drawn[Math.floor(BOOTSTRAPS * 0.975)] ?? 0,
  };
}

const BOOTSTRAPS = 500;

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
