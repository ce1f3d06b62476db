import type { Evidence } from './evidence.ts';
import type { Finding, Measure, SpanMeasure } from './item.ts';
import { hasSlot, type ItemSet } from './item-set.ts';
import { covering, exactly, NOTHING_KNOWN, type Outcome, type Reached } from './outcome.ts';
import type { RunningAggregates } from './running-aggregates.ts';
import { NO_AREA } from './running-aggregates.ts';
import type { RunningState } from './running-state.ts';

/** What a person or a register has established, by finding; what is not in it is unknown. */
export type StatedFindings = Partial<Readonly<Record<Finding, 'yes' | 'no' | 'unknown'>>>;

/** Figures that records do not tell, such as the vehicles a platform serves. */
export type StatedFigures = Partial<Readonly<Record<Exclude<Measure, SpanMeasure>, Reached>>>;

export interface AggregateQuestion {
  /** Year that figures since 1 January are of; `all` where everything is provided now, whenever it was observed. */
  readonly year: number | 'all';
  readonly stated: StatedFindings;
  readonly figures: StatedFigures;
}

const HALF_KM = 0.5;
const FIVE_MINUTES_H = 5 / 60;
const HOURS_A_DAY = 24;
/** Faster than any vehicle drives a whole day: an upper bound. */
const KM_H_MAX = 400;

/** What aggregates know, item by item. What they cannot know is as it was stated, and else unknown. */
export function aggregateEvidence({ state }: RunningAggregates, question: AggregateQuestion): Evidence {
  const slotOf = (item: string): number => state.rules.slotOf.get(item) ?? -1;
  return {
    figure: (item, measure) => {
      const stated = question.figures[measure];
      const counted = figureOf(state, slotOf(item), measure, question.year);
      if (counted === undefined || stated === undefined) return counted ?? stated ?? NOTHING_KNOWN;
      return covering(counted, stated);
    },
    span: () => 'unknown',
    finding: (_, finding) => findingOf(state, finding, question.stated),
  };
}

function findingOf(state: RunningState, finding: Finding, stated: StatedFindings): Outcome {
  // Records tell whether they were joined, so nobody can state otherwise.
  if (finding === 'fused') return fusedOf(state);
  // With both imagery and radar is less often than with one of them.
  if (finding === 'fused-with-both' && fusedOf(state) === 'no-hit') return 'no-hit';
  const said = stated[finding];
  if (said === undefined || said === 'unknown') return 'unknown';
  return said === 'yes' ? 'hit' : 'no-hit';
}

function fusedOf({ of, slots }: RunningState): Outcome {
  if (of.fused > 0) return 'hit';
  return slots.every(({ isWhole }) => isWhole) ? 'no-hit' : 'unknown';
}

/** Undefined for a measure that records do not tell. */
function figureOf(
  state: RunningState,
  slot: number,
  measure: Exclude<Measure, SpanMeasure>,
  year: number | 'all',
): Reached | undefined {
  const isWhole = state.slots.some((one) => one.slot === slot && one.isWhole);
  const least = (value: number): Reached =>
    isWhole ? exactly(value) : { least: value, most: Number.POSITIVE_INFINITY };
  const count = state.counts.get(slot);
  switch (measure) {
    case 'vehicles':
      return least(state.vehicles[slot] ?? 0);
    case 'persons-of-year':
      return year === 'all' ? least(state.vehicles[slot] ?? 0) : least(vehiclesOf(state, slot, year));
    case 'flow-days':
      return isWhole ? flowDays(state, slot) : { ...flowDays(state, slot), most: Number.POSITIVE_INFINITY };
    case 'pictures':
      return least(count?.pictures ?? 0);
    case 'clips': {
      // A clip has frames that nobody counted, and by the reading taken each of them is one (C7).
      const clips = count?.clips ?? 0;
      return isWhole && clips === 0 ? exactly(0) : { least: clips, most: Number.POSITIVE_INFINITY };
    }
    case 'km':
      return driven(state, slot, (state.distance[slot] ?? 0) * HALF_KM, HOURS_A_DAY * KM_H_MAX, isWhole);
    case 'hours':
      return driven(state, slot, (state.duration[slot] ?? 0) * FIVE_MINUTES_H, HOURS_A_DAY, isWhole);
    case 'face-px':
      return isWhole && (count?.uninspected ?? 0) === 0
        ? exactly(count?.facePx ?? 0)
        : { least: count?.facePx ?? 0, most: Number.POSITIVE_INFINITY };
    case 'plate-px':
      return isWhole && (count?.uninspected ?? 0) === 0
        ? exactly(count?.platePx ?? 0)
        : { least: count?.platePx ?? 0, most: Number.POSITIVE_INFINITY };
    default:
      return undefined;
  }
}

function vehiclesOf({ yearly, ofYear }: RunningState, slot: number, year: number): number {
  const place = yearly.indexOf(slot);
  return place === -1 ? 0 : (ofYear.get(year)?.[place] ?? 0);
}

/**
 * Kilometres or hours over which an item was collected: no less than nothing is known of, and no more than the days on which
 * vehicles sent pictures or the like, each whole. The trips of the vehicles that send an item count as collecting it.
 */
function driven(
  { totals, vehicles }: RunningState,
  slot: number,
  trips: number,
  aDay: number,
  isWhole: boolean,
): Reached {
  if ((vehicles[slot] ?? 0) === 0 && isWhole) return exactly(0);
  const most = isWhole ? totals.exteriorDays * aDay : Number.POSITIVE_INFINITY;
  return { least: trips, most: Math.max(trips, most) };
}

/** Days of flow of the area that has most; a record without a label may be of any area. */
function flowDays({ flows }: RunningState, slot: number): Reached {
  const daysOf = (area: string): ReadonlySet<number> =>
    new Set(
      [...(flows.get(area) ?? new Map<number, ItemSet>())]
        .filter(([, items]) => hasSlot(items, slot))
        .map(([day]) => day),
    );
  const unlabelled = daysOf(NO_AREA);
  let least = 0;
  let most = unlabelled.size;
  for (const area of flows.keys()) {
    if (area === NO_AREA) continue;
    const days = daysOf(area);
    least = Math.max(least, days.size);
    most = Math.max(most, new Set([...days, ...unlabelled]).size);
  }
  return { least, most };
}
