import type { Vin } from '../../proto/words/vin.ts';
import type { ColumnGroup } from '../ports/table-format.ts';
import type { TableRows } from './build-parcel.ts';
import { type DayNumber, dateOfDay } from './periods.ts';
import { addTags, type Pass, type ReadOrder } from './read-vehicles.ts';
import { ROWS_A_GROUP } from './tables.ts';
import { createTagSet, type TagSet } from './tag-set.ts';

/** Rows under tags of the recipient, in the order of tags: still personal information, and each vehicle counts. */
export function readStatistics(passes: AsyncIterable<Pass>, { signals }: Pick<ReadOrder, 'signals'>): TableRows {
  const met: Met = { vins: [], tag: new Set(), date: new Set(), tags: createTagSet(), records: 0, readings: 0 };
  return {
    groups: groupsOf(passes, signals, met),
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
  };
}

interface Met {
  readonly vins: Vin[];
  readonly tag: Set<string>;
  readonly date: Set<string>;
  readonly tags: TagSet;
  records: number;
  readings: number;
  range?: readonly [DayNumber, DayNumber];
}

const rangeOf = ([from, until]: readonly [DayNumber, DayNumber]) => ({
  from: dateOfDay(from),
  until: dateOfDay(until),
});

/** In groups of `ROWS_A_GROUP`, wherever one pass ends and the next begins. */
async function* groupsOf(
  passes: AsyncIterable<Pass>,
  signals: readonly string[],
  met: Met,
): AsyncGenerator<ColumnGroup> {
  const dates = new Map<DayNumber, string>();
  let group = createRows();
  for await (const pass of passes) {
    takeIn(met, pass);
    const { rows, vehicles } = pass;
    for (let row = 0; row < rows.vehicle.length; row += 1) {
      const at = group.filled;
      group.tag[at] = vehicles[rows.vehicle[row] ?? 0]?.tag ?? '';
      group.date[at] = dateIn(dates, rows.period[row] ?? 0);
      group.signal[at] = signals[rows.signal[row] ?? 0] ?? '';
      group.samples[at] = rows.samples[row] ?? 0;
      group.least[at] = rows.least[row] ?? 0;
      group.mean[at] = rows.mean[row] ?? 0;
      group.greatest[at] = rows.greatest[row] ?? 0;
      group.filled += 1;
      if (group.filled < ROWS_A_GROUP) continue;
      for (const one of dates.values()) met.date.add(one);
      yield columnsOf(group);
      group = createRows();
    }
  }
  for (const one of dates.values()) met.date.add(one);
  if (group.filled > 0) yield columnsOf(group);
}

function createRows() {
  const text = (): string[] => new Array<string>(ROWS_A_GROUP);
  const figures = (): Float64Array => new Float64Array(ROWS_A_GROUP);
  return {
    ...{ filled: 0, tag: text(), date: text(), signal: text(), samples: new Int32Array(ROWS_A_GROUP) },
    ...{ least: figures(), mean: figures(), greatest: figures() },
  };
}

function columnsOf({ filled, tag, date, signal, ...numbers }: ReturnType<typeof createRows>): ColumnGroup {
  const texts = [tag, date, signal].map((column) => column.slice(0, filled));
  const { samples, least, mean, greatest } = numbers;
  return [...texts, ...[samples, least, mean, greatest].map((column) => column.subarray(0, filled))];
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
  addTags(met.tags, pass);
  met.records += pass.records;
  met.readings += pass.readings;
  if (pass.records === 0) return;
  const [from, until] = met.range ?? [pass.firstDay, pass.lastDay];
  met.range = [Math.min(from, pass.firstDay), Math.max(until, pass.lastDay)];
}
