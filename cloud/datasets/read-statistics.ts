import { ok, type Result } from '../../proto/words/result.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { ColumnGroup } from '../ports/table-format.ts';
import type { ParcelOrder, TableRows } from './build-parcel.ts';
import type { StatisticsDefinition } from './definition.ts';
import { type DayNumber, dateOfDay, dayNumberOf, dayNumberOfDate } from './periods.ts';
import { type Pass, type ReadFault, type ReadParts, readVehicles } from './read-vehicles.ts';
import { ROWS_A_GROUP } from './tables.ts';
import { createTagSet, type TagSet } from './tag-set.ts';

/** First and last day that a definition asks for; the day of the request is its end. */
export function daysOf(
  { filters }: Pick<StatisticsDefinition, 'filters'>,
  { at }: Pick<ParcelOrder, 'at'>,
): { readonly fromDay: DayNumber; readonly untilDay: DayNumber } {
  const today = dayNumberOf(at);
  return {
    fromDay: filters.from === undefined ? 0 : dayNumberOfDate(filters.from),
    untilDay: filters.until === undefined ? today : Math.min(today, dayNumberOfDate(filters.until)),
  };
}

/** Rows under tags of the recipient, in the order of tags: still personal information, and each vehicle counts. */
export function readStatistics(
  dataset: StatisticsDefinition,
  order: ParcelOrder,
  parts: ReadParts,
): Result<TableRows, ReadFault> {
  const signals = [...new Set(dataset.signals)].sort();
  const passes = readVehicles(
    {
      signals,
      ...daysOf(dataset, order),
      models: dataset.filters.models,
      modelsKnown: order.models,
      periodOf: (day) => day,
    },
    parts,
  );
  if (!passes.ok) return passes;
  const met: Met = { vins: [], tag: new Set(), date: new Set(), tags: createTagSet(), records: 0, readings: 0 };
  return ok({
    groups: groupsOf(passes.value, signals, met),
    tags: () => met.tags,
    vocabulary: { tag: met.tag, date: met.date, signal: new Set(signals) },
    outcome: () => ({
      persons: met.vins,
      families: [],
      manifest: {
        grain: 'vehicle-day',
        vehicles: met.vins.length,
        ...(met.range === undefined ? {} : { timeRange: rangeOf(met.range) }),
        lineage: [{ zone: 'personal', records: met.records, readings: met.readings }],
      },
    }),
  });
}

interface Met {
  readonly vins: Vin[];
  readonly tag: Set<string>;
  readonly date: Set<string>;
  tags: TagSet;
  records: number;
  readings: number;
  range?: readonly [DayNumber, DayNumber];
}

const rangeOf = ([from, until]: readonly [DayNumber, DayNumber]) => ({
  from: dateOfDay(from),
  until: dateOfDay(until),
});

function* groupsOf(passes: Iterable<Pass>, signals: readonly string[], met: Met): Generator<ColumnGroup> {
  const dates = new Map<DayNumber, string>();
  let group = emptyGroup();
  for (const pass of passes) {
    takeIn(met, pass);
    for (const { vehicle, period, signal, samples, least, mean, greatest } of pass.table.sorted(pass.rankOf)) {
      const date = dates.get(period) ?? dateOfDay(period);
      dates.set(period, date);
      met.date.add(date);
      const row = group.tag.push(pass.vehicles[vehicle]?.tag ?? '') - 1;
      group.date.push(date);
      group.signal.push(signals[signal] ?? '');
      group.samples[row] = samples;
      group.least[row] = least;
      group.mean[row] = mean;
      group.greatest[row] = greatest;
      if (row + 1 < ROWS_A_GROUP) continue;
      yield columnsOf(group);
      group = emptyGroup();
    }
  }
  if (group.tag.length > 0) yield columnsOf(group);
}

function takeIn(met: Met, pass: Pass): void {
  for (const { vin, tag } of pass.vehicles) {
    met.vins.push(vin);
    met.tag.add(tag);
  }
  met.tags = pass.tags;
  met.records += pass.records;
  met.readings += pass.readings;
  if (pass.records === 0) return;
  const [from, until] = met.range ?? [pass.firstDay, pass.lastDay];
  met.range = [Math.min(from, pass.firstDay), Math.max(until, pass.lastDay)];
}

const emptyGroup = () => ({
  tag: [] as string[],
  date: [] as string[],
  signal: [] as string[],
  samples: new Int32Array(ROWS_A_GROUP),
  least: new Float64Array(ROWS_A_GROUP),
  mean: new Float64Array(ROWS_A_GROUP),
  greatest: new Float64Array(ROWS_A_GROUP),
});

function columnsOf({ tag, date, signal, samples, least, mean, greatest }: ReturnType<typeof emptyGroup>): ColumnGroup {
  const rows = tag.length;
  const cut = [samples, least, mean, greatest].map((values) => values.subarray(0, rows));
  return [tag, date, signal, ...cut] as ColumnGroup;
}
