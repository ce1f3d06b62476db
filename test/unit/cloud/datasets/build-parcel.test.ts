import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { parquetTables } from '../../../../cloud/adapters/parquet-tables.ts';
import { buildParcel } from '../../../../cloud/datasets/build-parcel.ts';
import { digestOfSet } from '../../../../cloud/datasets/parcel-manifest.ts';
import { readOrderOf } from '../../../../cloud/datasets/read-order.ts';
import { readStatistics } from '../../../../cloud/datasets/read-statistics.ts';
import { readVehicles, shareReader } from '../../../../cloud/datasets/read-vehicles.ts';
import { ALONE, type Turns } from '../../../../cloud/datasets/turns.ts';
import { writeFigure } from '../../../../cloud/datasets/write-figure.ts';
import { parseManifest } from '../../../../cloud/exporter/manifest.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { recipientTag } from '../../../../cloud/partition/recipient-tag.ts';
import type { Vin } from '../../../../proto/words/vin.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';
import {
  AGGREGATES,
  builtRows,
  KEY,
  orderOf,
  parcelParts,
  recordsOf,
  type Sample,
  SOC,
  STATISTICS,
  tagOfVehicle,
  VOLTAGE,
} from '../../../support/datasets/parcels.ts';

const fleet = (vehicles: number, days: readonly string[]): readonly Sample[] =>
  Array.from({ length: vehicles }, (_, vehicle) =>
    days.flatMap((day) => [
      { vehicle, day, value: vehicle + 0.125 },
      { vehicle, day, value: vehicle + 1.5 },
      { vehicle, day, value: 350.1234567, path: VOLTAGE },
    ]),
  ).flat();

describe('rows of vehicles', () => {
  test('hold statistics under tags of the recipient, in the order of tags and not of registration', async () => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(fleet(5, ['2026-02-01', '2026-02-02'])));
    const { rows, manifest } = await builtRows(orderOf(STATISTICS), parts, directory);
    expect(rows).toHaveLength(20);
    const tag = recipientTag(KEY, 'laboratory', testVin(3));
    expect(rows).toContainEqual({
      tag,
      date: '2026-02-02',
      signal: SOC,
      samples: 2,
      least: 3.125,
      mean: 3.813,
      greatest: 4.5,
    });
    expect(rows).toContainEqual({
      tag,
      date: '2026-02-02',
      signal: VOLTAGE,
      samples: 1,
      least: 350.123,
      mean: 350.123,
      greatest: 350.123,
    });
    const tags = rows.map((row) => row['tag']);
    expect(tags).toEqual([...tags].sort());
    expect(manifest).toMatchObject({
      rows: 20,
      vehicles: 5,
      persons: { count: 5 },
      classes: ['personal'],
      timeRange: { from: '2026-02-01', until: '2026-02-02' },
    });
  });

  test('two recipients get other tags in another order, and the manifest is one the exporter takes', async () => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(fleet(30, ['2026-02-01'])));
    const one = await builtRows(orderOf(STATISTICS), parts, directory);
    const other = await builtRows(orderOf(STATISTICS, { transferId: 't2', recipientId: 'other' }), parts, directory);
    const means = (rows: typeof one.rows) => rows.filter((row) => row['signal'] === SOC).map((row) => row['mean']);
    expect(means(one.rows)).not.toEqual(means(other.rows));
    expect([...means(one.rows)].sort()).toEqual([...means(other.rows)].sort());
    const bytes = readFileSync(join(directory, 'staging', 't1', 'manifest.json'));
    const parsed = parseManifest(bytes, 't1' as TransferId, { filesMax: 64, parcelBytesMax: 1e9 });
    expect(parsed.ok && parsed.value.files.map(({ name }) => name)).toEqual(['rows.parquet', 'rows.ndjson']);
    for (const { name, sha256 } of parsed.ok ? parsed.value.files : []) {
      const file = readFileSync(join(directory, 'staging', 't1', name));
      expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    }
  });

  test('filters leave out days and models, and two devices of one vehicle are one', async () => {
    const directory = scratchDirectory();
    const records = recordsOf(fleet(4, ['2026-02-01', '2026-02-02']));
    const filters = { from: '2026-02-02', until: '2026-02-02', models: ['few'] };
    const models = [{ id: 'few', vinStarts: ['LTG'] }];
    const vinOf = (device: number) => testVin(device % 2);
    const { rows } = await builtRows(
      orderOf({ ...STATISTICS, filters }, { models }),
      parcelParts(directory, records, { vinOf }),
      directory,
    );
    expect(new Set(rows.map((row) => row['date']))).toEqual(new Set(['2026-02-02']));
    expect(new Set(rows.map((row) => row['tag'])).size).toBe(2);
    const none = await buildParcel(
      orderOf({ ...STATISTICS, filters: { models: ['other'] } }, { models }),
      parcelParts(directory, records),
    );
    expect(none).toMatchObject({ ok: false, fault: { code: 'DATASET_EMPTY' } });
  });

  test('a device that the register does not know stops the build', async () => {
    const parts = parcelParts(scratchDirectory(), recordsOf(fleet(3, ['2026-02-01'])), {
      vinOf: (n) => (n === 2 ? undefined : testVin(n)),
    });
    expect(await buildParcel(orderOf(STATISTICS), parts)).toMatchObject({
      ok: false,
      fault: { code: 'DEVICE_UNKNOWN' },
    });
  });

  test('more passes give what fewer give, and the tags of all', async () => {
    const records = recordsOf(fleet(40, ['2026-02-01', '2026-02-02']));
    const order = readOrderOf(orderOf(STATISTICS));
    const tagOf = (vin: Vin) => recipientTag(KEY, 'r', vin);
    const columns = async (groupsMax: number) => {
      let passes = 0;
      const read = shareReader(order, { signals: () => records, vinOf: testVin, tagOf, groupsMax });
      const counted: Turns['shares'] = (of, own) => {
        passes = of;
        return ALONE.shares(of, own);
      };
      const found = await readVehicles(read, { shares: counted });
      if (!found.ok) throw new Error(found.fault.code);
      const rows = readStatistics(found.value, order);
      const groups: (readonly unknown[])[][] = [];
      for await (const group of rows.groups) groups.push(group.map((values) => [...values]));
      const tags = rows.tags();
      // Of every pass, not only of the last.
      expect(Array.from({ length: 40 }, (_, one) => tags.startsAt(tagOfVehicle(one), 0))).not.toContain(false);
      return { passes, columns: [0, 1, 2, 3, 4, 5, 6].map((column) => groups.flatMap((group) => group[column] ?? [])) };
    };
    const [many, few] = [await columns(10), await columns(1_000_000)];
    expect(many.passes).toBeGreaterThan(few.passes);
    expect(many.columns).toEqual(few.columns);
  });
});

describe('what is looked for in every build', () => {
  test('the manifest too, which says what others wrote', async () => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(fleet(1, ['2026-02-01'])));
    const built = await buildParcel({ ...orderOf(STATISTICS), purpose: `recall of ${testVin(9)}` }, parts);
    expect(built).toMatchObject({ ok: false, fault: { code: 'PARCEL_LEAK' } });
  });

  const leaking = async (text: string) => {
    const directory = scratchDirectory();
    const border = borderDirectory(directory);
    const parts = parcelParts(directory, recordsOf(fleet(1, ['2026-02-01'])));
    const format = parquetTables();
    // A writer gone wrong: it puts another text into a column than it was given.
    const broken = {
      ...format,
      writer: (file: Parameters<typeof format.writer>[0], columns: Parameters<typeof format.writer>[1]) => {
        const inner = format.writer(file, columns);
        return {
          ...inner,
          write: (group: Parameters<typeof inner.write>[0]) =>
            inner.write(group.map((values, at) => (at === 0 ? (values as string[]).map(() => text) : values))),
        };
      },
    };
    return buildParcel(orderOf(STATISTICS), { ...parts, border, format: broken });
  };

  test.each([
    ['a VIN', testVin(9), 'vin'],
    ['a domestic tag', Buffer.from(tagOfVehicle(0)).toString('hex'), 'not-as-written'],
    ['a pair of coordinates', '31.230416, 121.473701', 'coordinates'],
    ['a picture', '/9j/4AAQSkZJRgABAQ', 'picture'],
  ])('%s', async (_, text, kind) => {
    const built = await leaking(text);
    expect(built).toMatchObject({ ok: false, fault: { code: 'PARCEL_LEAK' } });
    expect(built.ok ? '' : built.fault.problem.en).toContain(kind);
    expect(JSON.stringify(built)).not.toContain(text);
  });

  test.each([
    ['rows of vehicles', STATISTICS],
    ['aggregates', { ...AGGREGATES, signals: [SOC, VOLTAGE] }],
  ])('a domestic tag of any vehicle in any byte of the file, whichever pass read it: %s', async (_, definition) => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(fleet(40, ['2026-02-01'])));
    const rankOf = (vehicle: number): string => recipientTag(KEY, 'laboratory', testVin(vehicle));
    const vehicles = Array.from({ length: 40 }, (_, vehicle) => vehicle).sort((a, b) =>
      rankOf(a) < rankOf(b) ? -1 : 1,
    );
    // Between the last group and the footer there may be any bytes: nobody reads them.
    const beside = (bytes: Uint8Array): typeof parts.format => ({
      ...parts.format,
      writer: (file, columns) => {
        const inner = parts.format.writer(file, columns);
        const finish = (): ReturnType<typeof inner.finish> => {
          file.append(bytes);
          return inner.finish();
        };
        return { ...inner, finish };
      },
    });
    const strange = await buildParcel(orderOf(definition), { ...parts, format: beside(tagOfVehicle(999)) });
    expect(strange.ok).toBe(true);
    for (const vehicle of [vehicles[0], vehicles[13], vehicles[26], vehicles[39]]) {
      const built = await buildParcel(orderOf(definition), { ...parts, format: beside(tagOfVehicle(vehicle ?? 0)) });
      expect(built.ok ? '' : built.fault.problem.en).toContain('subject-tag');
    }
  });

  test('a domestic tag as a tag of the recipient is known for what it is', async () => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(fleet(2, ['2026-02-01'])));
    const vinTag = recipientTag(KEY, 'laboratory', testVin(0));
    const records = recordsOf(fleet(2, ['2026-02-01'])).map((record) => ({
      ...record,
      content: { ...record.content, subjectTag: Buffer.from(vinTag, 'hex') as Uint8Array as never },
    }));
    const built = await buildParcel(orderOf(STATISTICS), { ...parts, zone: { signals: () => records as never } });
    expect(built.ok ? '' : built.fault.problem.en).toContain('subject-tag');
  });
});

test('a figure is written as JSON writes it', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
      const figure = Math.round(value * 1_000) / 1_000 + 0;
      const out = Buffer.alloc(40);
      expect(out.toString('latin1', 3, writeFigure(figure, out, 3))).toBe(JSON.stringify(figure));
    }),
  );
});

test('the digest of a set of persons knows no order', () => {
  const persons = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte));
  expect(digestOfSet(persons)).toBe(digestOfSet([...persons].reverse()));
  expect(digestOfSet(persons)).not.toBe(digestOfSet(persons.slice(1)));
});
