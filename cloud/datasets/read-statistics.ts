import { ok, type Result } from '../../proto/words/result.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { ColumnGroup } from '../ports/table-format.ts';
import type { ParcelOrder, TableRows } from './build-parcel.ts';
import type { StatisticsDefinition } from './definition.ts';
import { type DayNumber, dateOfDay, dayNumberOf, dayNumberOfDate } from './periods.ts';
import { type Pass, type ReadFault, type ReadParts, readVehicles } from './read-vehicles.ts';
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
  for (const pass of passes) {
    takeIn(met, pass);
    for (const rows of pass.table.sorted(pass.rankOf)) {
      const count = rows.vehicle.length;
      const [tag, date, signal] = [new Array<string>(count), new Array<string>(count), new Array<string>(count)];
      for (let row = 0; row < count; row += 1) {
        tag[row] = pass.vehicles[rows.vehicle[row] ?? 0]?.tag ?? '';
        date[row] = dateIn(dates, rows.period[row] ?? 0);
        signal[row] = signals[rows.signal[row] ?? 0] ?? '';
      }
      for (const one of dates.values()) met.date.add(one);
      yield [tag, date, signal, rows.samples, rows.least, rows.mean, rows.greatest];
    }
  }
}

function dateIn(dates: Map<DayNumber, string>, day: DayNumber): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = dateOfDay(day);
  dates.set(day, date);
  return date;
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
