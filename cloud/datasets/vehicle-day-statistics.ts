import { type CivilDate, civilDateOf } from '../../proto/words/time.ts';
import type { ZoneRecord } from '../ports/zone-store.ts';

/** One row of the dataset; units are those VSS gives the path, booleans count as 0 and 1. */
export interface StatisticsRow {
  readonly deviceNumber: number;
  readonly date: CivilDate;
  readonly path: string;
  readonly samples: number;
  readonly least: number;
  readonly mean: number;
  readonly greatest: number;
}

/** Groups that one build may hold in memory. */
export const GROUPS_MAX = 5_000_000;

/**
 * Statistics by vehicle, Shanghai day and signal. The order of the records changes nothing but the last digits of a mean.
 *
 * @param paths - signals to take; every other reading is left out
 * @returns rows sorted by date, signal and device, or undefined when there are more groups than `GROUPS_MAX`
 */
export function vehicleDayStatistics(
  records: Iterable<ZoneRecord>,
  paths: ReadonlySet<string>,
): readonly StatisticsRow[] | undefined {
  const groups = new Map<string, Group>();
  for (const { key, content } of records) {
    if (content.kind !== 'signals') continue;
    for (const { path, value } of content.signals) {
      if (!paths.has(path) || typeof value === 'string') continue;
      const date = civilDateOf(content.observedAt);
      const name = `${date}\0${path}\0${key.deviceNumber}`;
      const group = groups.get(name) ?? { deviceNumber: key.deviceNumber, date, path, ...EMPTY };
      if (groups.size >= GROUPS_MAX) return undefined;
      groups.set(name, group);
      take(group, Number(value));
    }
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => rowOf(group));
}

interface Group {
  readonly deviceNumber: number;
  readonly date: CivilDate;
  readonly path: string;
  samples: number;
  least: number;
  sum: number;
  greatest: number;
}

const EMPTY = { samples: 0, least: Number.POSITIVE_INFINITY, sum: 0, greatest: Number.NEGATIVE_INFINITY };

function take(group: Group, value: number): void {
  group.samples += 1;
  group.sum += value;
  group.least = Math.min(group.least, value);
  group.greatest = Math.max(group.greatest, value);
}

function rowOf({ deviceNumber, date, path, samples, least, sum, greatest }: Group): StatisticsRow {
  return {
    deviceNumber,
    date,
    path,
    samples,
    least: rounded(least),
    mean: rounded(sum / samples),
    greatest: rounded(greatest),
  };
}

/** Three decimals are finer than any battery sensor, and carry no noise that would tell vehicles apart. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
