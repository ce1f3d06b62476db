import { type Classification, classify } from '../../../cloud/classification/classification.ts';
import { classificationRules } from '../../../cloud/classification/classification-rules.ts';
import type { ItemResult } from '../../../cloud/classification/evaluate-item.ts';
import type { RunningAggregates } from '../../../cloud/classification/running-aggregates.ts';
import { aggregateSubject } from '../../../cloud/classification/subjects.ts';
import { SHIPPED_LAW } from '../../../cloud/rules/shipped-rules.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { itemSlots } from './slots.ts';

export const RULES = classificationRules(SHIPPED_LAW);
export const ON = '2026-11-21' as CivilDate;

/** What aggregates know, by item and not by where it lies in memory. */
export function summaryOf(aggregates: RunningAggregates): object {
  const { state } = aggregates;
  return {
    ...state.of,
    totals: state.totals,
    items: itemSlots(state).map(({ item, slot }) => ({
      item,
      vehicles: state.vehicles[slot],
      distance: state.distance[slot],
      duration: state.duration[slot],
      count: state.counts.get(slot),
    })),
    years: [...state.ofYear].sort(([a], [b]) => a - b).map(([year, counts]) => [year, ...counts]),
    flows: [...state.flows].sort(byName).map(([area, days]) => [area, [...days].sort(([a], [b]) => a - b)]),
  };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Everything together, with nothing stated. */
export function classified(aggregates: RunningAggregates): Classification {
  const subject = aggregateSubject(aggregates, { year: 'all', stated: {}, figures: {} });
  return classify(subject, ON, aggregates.rules.on(ON));
}

const ORDER = ['no-hit', 'unknown', 'hit', 'absent', 'unknown', 'present'];

/** Whether one outcome is no milder than another. */
export function isNoLower(one: string, other: string): boolean {
  const rank = (word: string): number => ORDER.indexOf(word) % 3;
  return rank(one) >= rank(other);
}

export function outcomeOf(results: readonly ItemResult[], item: string): string {
  return results.find((one) => one.item === item)?.outcome ?? 'no-hit';
}
