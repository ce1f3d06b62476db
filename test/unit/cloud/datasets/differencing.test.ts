import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALL_MODELS,
  type CellSums,
  decideFamily,
  EMPTY_CELL,
  merged,
  objectionTo,
  withVehicle,
} from '../../../../cloud/datasets/aggregate-cells.ts';
import { buildParcel, type ParcelOrder } from '../../../../cloud/datasets/build-parcel.ts';
import { figuresOf } from '../../../../cloud/datasets/disclosure.table.ts';
import { canBeSubtracted } from '../../../../cloud/datasets/ground.ts';
import type { Publications } from '../../../../cloud/ports/publications.ts';
import { type CivilDate, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import {
  AGGREGATES,
  builtRows,
  orderOf,
  parcelParts,
  recordsOf,
  type Sample,
  SOC,
  zoneOf,
} from '../../../support/datasets/parcels.ts';

const DAY = '2026-02-01';
const FIGURES = figuresOf({});
const value = (vehicle: number): number => 20 + ((vehicle * 37) % 60) + 0.5;
const samples = (vehicles: number, day = DAY): readonly Sample[] =>
  Array.from({ length: vehicles }, (_, vehicle) => ({ vehicle, day, value: value(vehicle) }));

/** A recipient who has two builds: vehicles and means of both give the value of the vehicle that came in between. */
function subtract(before: Row | undefined, after: Row | undefined): number | undefined {
  if (before === undefined || after === undefined || after.vehicles !== before.vehicles + 1) return undefined;
  return after.vehicles * after.mean - before.vehicles * before.mean;
}

interface Row {
  readonly vehicles: number;
  readonly mean: number;
}

const MODELS = [{ id: 'm', vinStarts: ['LTG'] }];

interface Build {
  readonly definition: object;
  readonly models?: ParcelOrder['models'];
}

const PLAIN: Build = { definition: AGGREGATES };

/** Builds twice, with one vehicle more the second time. @param isProtected - whether builds know of each other */
async function buildTwice(first: Build, second: Build, isProtected: boolean) {
  const directory = scratchDirectory();
  const parts = parcelParts(directory, []);
  const nothing: Pick<Publications, 'find' | 'touching'> = { find: () => undefined, touching: () => [] };
  const rows: (readonly Row[])[] = [];
  for (const [index, { definition, models = [] }] of [first, second].entries()) {
    const order = orderOf(definition, { models, transferId: `t${index}` });
    const over = {
      ...parts,
      zone: zoneOf(recordsOf(samples(25 + index))),
      ...(isProtected ? {} : { publications: nothing }),
    };
    const built = await buildParcel(order, over);
    if (!built.ok) {
      rows.push([]);
      continue;
    }
    expect(parts.publications.publish(built.value.families, order.transferId)).toBe(isProtected || index === 0);
    rows.push((await builtRows({ ...order, transferId: `r${index}` }, over, directory)).rows as unknown as Row[]);
  }
  return rows;
}

describe('the difference of two builds', () => {
  test('tells a vehicle, where builds do not know of each other', async () => {
    const [before, after] = await buildTwice(PLAIN, PLAIN, false);
    expect(subtract(before?.[0], after?.[0])).toBeCloseTo(value(25), 1);
  });

  test('tells nothing where they do: a figure stays as it was published', async () => {
    const [before, after] = await buildTwice(PLAIN, PLAIN, true);
    expect(before).toHaveLength(1);
    expect(after).toEqual(before);
    expect(subtract(before?.[0], after?.[0])).toBeUndefined();
  });

  test.each([
    ['a longer period', { ...AGGREGATES, period: 'week' }],
    ['a higher floor', { ...AGGREGATES, vehiclesMin: 21 }],
    ['models', { ...AGGREGATES, byModel: true }],
    ['a filter', { ...AGGREGATES, filters: { models: ['m'] } }],
  ])('another shape over the same vehicles is not published: %s', async (_, second) => {
    const plain: Build = { definition: AGGREGATES, models: MODELS };
    const other: Build = { definition: second, models: MODELS };
    expect((await buildTwice(plain, other, false))[1]).not.toEqual([]);
    expect((await buildTwice(plain, other, true))[1]).toEqual([]);
  });

  test('models that share no vehicle under one definition do under another', async () => {
    const only = (id: string): Build => ({
      definition: { ...AGGREGATES, filters: { models: [id] } },
      models: [{ id, vinStarts: ['LTG'] }],
    });
    const [before, after] = await buildTwice(only('m'), only('n'), false);
    expect(subtract(before?.[0], after?.[0])).toBeCloseTo(value(25), 1);
    expect((await buildTwice(only('m'), only('n'), true))[1]).toEqual([]);
  });

  test('some models and all models share vehicles, whichever came first', () => {
    const all = { shape: 'all', modelsDigest: 'd' };
    const some = { shape: 'some', modelsDigest: 'd', models: ['m'] };
    expect(canBeSubtracted(all, some)).toBe(true);
    expect(canBeSubtracted(some, all)).toBe(true);
    expect(canBeSubtracted(some, { ...some, shape: 'other', models: ['n'] })).toBe(false);
  });

  test('figures that were published do not stand in for ones that were asked for otherwise', async () => {
    const byModel: Build = { definition: { ...AGGREGATES, byModel: true }, models: MODELS };
    const renamed = { ...byModel, models: [{ id: 'm', vinStarts: ['LTG', 'LTH'] }] };
    const totalled = { ...byModel, definition: { ...AGGREGATES, byModel: true, totals: true } };
    for (const other of [renamed, totalled]) {
      expect((await buildTwice(byModel, other, false))[1]).not.toEqual([]);
      expect((await buildTwice(byModel, other, true))[1]).toEqual([]);
    }
  });

  test.each([
    ['begins', { from: '2026-02-03' }],
    ['ends', { until: '2026-02-06' }],
  ])(
    'a week that %s outside the filter has no figure, which would stand for the whole of it for ever',
    async (_, days) => {
      const week = { ...AGGREGATES, period: 'week' };
      const parts = parcelParts(scratchDirectory(), recordsOf(samples(30, '2026-02-04')));
      expect(await buildParcel(orderOf(week), parts)).toMatchObject({ ok: true });
      expect(await buildParcel(orderOf({ ...week, filters: days }), parts)).toMatchObject({
        ok: false,
        fault: { code: 'DATASET_EMPTY' },
      });
    },
  );

  test('what was published in the meantime stops the permit', async () => {
    const directory = scratchDirectory();
    const parts = parcelParts(directory, recordsOf(samples(30)));
    const [one, other] = [
      await buildParcel(orderOf(AGGREGATES), parts),
      await buildParcel(orderOf({ ...AGGREGATES, vehiclesMin: 21 }, { transferId: 't2' }), parts),
    ];
    if (!one.ok || !other.ok) throw new Error('not built');
    expect(parts.publications.publish(one.value.families, 't1')).toBe(true);
    expect(parts.publications.publish(other.value.families, 't2')).toBe(false);
    expect(parts.publications.find(other.value.families[0]?.shape ?? '', SOC, DAY as CivilDate)).toBeUndefined();
  });

  test('an open period waits', async () => {
    const parts = parcelParts(scratchDirectory(), recordsOf(samples(30)));
    const at = (day: string) =>
      buildParcel(orderOf(AGGREGATES, { at: (startOfDay(day as CivilDate) + 1) as Instant }), parts);
    expect(await at('2026-02-04')).toMatchObject({ ok: false, fault: { code: 'DATASET_EMPTY' } });
    expect(await at('2026-02-05')).toMatchObject({ ok: true });
  });
});

describe('a cell', () => {
  const cell = (...means: readonly number[]): CellSums => means.reduce(withVehicle, EMPTY_CELL);
  const spread = (vehicles: number) => cell(...Array.from({ length: vehicles }, (_, index) => 10 + index));

  test('of too few, all alike, or made up by one, is left out', () => {
    expect(objectionTo(spread(19), FIGURES)).toBe('few');
    expect(objectionTo(spread(20), FIGURES)).toBeUndefined();
    expect(objectionTo(cell(...new Array<number>(30).fill(5)), FIGURES)).toBe('uniform');
    expect(objectionTo(cell(...new Array<number>(29).fill(0), 100), FIGURES)).toBe('dominated');
  });

  test('is made up by one from a quarter of it on, whichever came first and whatever their signs', () => {
    const threes = new Array<number>(25).fill(3);
    expect(objectionTo(cell(...threes, 25), FIGURES)).toBeUndefined();
    expect(objectionTo(cell(...threes, 25.1), FIGURES)).toBe('dominated');
    expect(objectionTo(cell(25.1, ...threes), FIGURES)).toBe('dominated');
    expect(objectionTo(cell(-25.1, ...threes), FIGURES)).toBe('dominated');
    const both = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 10 : -10));
    expect(objectionTo(cell(...both, 30), FIGURES)).toBeUndefined();
  });

  test('the figures can be made stricter and never milder', () => {
    expect(figuresOf({ vehiclesMin: 2, shareMax: 0.9, settleDays: 1 })).toEqual(figuresOf({}));
    expect(figuresOf({ vehiclesMin: 50, shareMax: 0.1, settleDays: 9 })).toEqual({
      vehiclesMin: 50,
      shareMax: 0.1,
      settleDays: 9,
    });
  });

  test('beside a total nothing left out can be had by subtraction', () => {
    const size = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 8 }), fc.boolean(), (sizes, isSkewed) => {
        const parts = new Map(
          sizes
            .filter((vehicles) => vehicles > 0)
            .map((vehicles, index) => [
              `m${index}`,
              isSkewed && index % 3 === 0 ? cell(...new Array<number>(vehicles - 1).fill(0), 9) : spread(vehicles),
            ]),
        );
        const { cells } = decideFamily({ period: 0, path: SOC, parts }, true, FIGURES);
        const given = new Set(cells.map(({ model }) => model));
        for (const model of given)
          if (model !== ALL_MODELS) expect(objectionTo(parts.get(model) ?? EMPTY_CELL, FIGURES)).toBeUndefined();
        if (!given.has(ALL_MODELS)) return;
        const rest = [...parts].filter(([model]) => !given.has(model)).map(([, sums]) => sums);
        const remainder = rest.reduce(merged, EMPTY_CELL);
        expect(rest.length === 0 || objectionTo(remainder, FIGURES) === undefined).toBe(true);
      }),
    );
  });

  test('of the parts that protect another, the smallest are left out first', () => {
    const sizes = { a: 40, b: 25, c: 3, d: 60 };
    const parts = new Map(Object.entries(sizes).map(([model, vehicles]) => [model, spread(vehicles)]));
    const { cells } = decideFamily({ period: 0, path: SOC, parts }, true, FIGURES);
    expect(cells.map(({ model }) => model)).toEqual(['a', ALL_MODELS, 'd']);
  });

  test('without that protection the part left out is the total less the others', () => {
    const parts = new Map([
      ['a', spread(40)],
      ['b', spread(3)],
    ]);
    expect(decideFamily({ period: 0, path: SOC, parts }, false, FIGURES).cells.map(({ model }) => model)).toEqual([
      'a',
    ]);
    const both = decideFamily({ period: 0, path: SOC, parts }, true, FIGURES);
    expect(both.cells.map(({ model }) => model)).toEqual([ALL_MODELS]);
    expect(both.suppressed).toEqual(['few', 'complementary']);
  });
});
