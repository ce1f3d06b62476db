import { expect, test } from 'vitest';
import { linkWeeks } from '../../attacks/crowd/linkage.ts';
import { linkRows, rowUnicity } from '../../attacks/crowd/rows.ts';
import { unicityOf } from '../../attacks/crowd/unicity.ts';
import type { ObservedTrip, Publication } from '../../attacks/replay/observed.ts';
import { createReport, keeps } from '../../attacks/report/report.ts';
import { seededChance } from '../../support/edge/seeded.ts';

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2020, 0, 6);

/** A trip through cells of 5 km, one an hour. */
function trip(day: number, columns: readonly number[], tag = `${day}`): ObservedTrip {
  const sightings = columns.map((column, hour) => ({
    x: column * 5_000,
    y: 0,
    from: MONDAY + day * DAY_MS + hour * 3_600_000,
    sizeM: 5_000,
  }));
  return { tag, arrivedAt: undefined, sightings };
}

function publicationOf(subjects: readonly (readonly ObservedTrip[])[]): Publication {
  const observations = subjects.map((trips) => ({ trips, rows: [] }));
  return { name: 'made', sizeM: 5_000, spanMs: 3_600_000, observations };
}

test('whoever shares every point with another is not singled out, whatever the date', () => {
  const twins = publicationOf([[trip(0, [1, 2, 3, 4])], [trip(9, [1, 2, 3, 4])], [trip(0, [5, 6, 7, 8])]]);
  const unicity = unicityOf(twins, 6, 4, seededChance(1));
  expect(unicity.ofPublished).toBeCloseTo(1 / 3, 9);
  expect(unicity.ofAll).toBeCloseTo(1 / 6, 9);
});

test('two days of one subject are two vehicles of the folded day', () => {
  const twice = publicationOf([[trip(0, [1, 2]), trip(1, [1, 2])]]);
  expect(unicityOf(twice, 2, 4, seededChance(1)).ofPublished).toBe(0);
});

test('habits link two weeks, and tags of nothing are no misses', () => {
  const week = (column: number): readonly ObservedTrip[] =>
    Array.from({ length: 14 }, (_, day) => trip(day, [column, column + 1]));
  const linkage = linkWeeks(publicationOf([week(1), week(10), week(20), []]));
  expect(linkage).toMatchObject({ top1: 1, chain: 1, candidates: 3, fragments: 21 });
});

test('grouping counts vehicles and not rows, and says what a date still gives away', () => {
  const rowsOf = (count: number, localDate: number, distanceClass: number) =>
    Array.from({ length: count }, () => ({ kind: 'trip' as const, localDate, distanceClass, durationClass: 2 }));
  // One subject with fifty rows of a class of its own, and twelve with one row each, on twelve Mondays.
  const loner = { trips: [], rows: rowsOf(50, 20_200_106, 9) };
  const crowd = Array.from({ length: 12 }, (_, index) => ({ trips: [], rows: rowsOf(1, 20_200_106 + index, 3) }));
  const unicity = rowUnicity([loner, ...crowd]);
  expect(unicity.before).toBeCloseTo(50 / 62, 9);
  expect(unicity.after).toBe(0);
  expect(unicity.released).toBeLessThan(12 / 62 + 1e-9);
});

test('rows link no better than their classes allow', () => {
  const rows = (distanceClass: number) =>
    Array.from({ length: 20 }, (_, index) => ({
      kind: 'trip' as const,
      localDate: 20_200_106 + index,
      distanceClass,
      durationClass: 2,
    }));
  const apart = linkRows([
    { trips: [], rows: rows(1) },
    { trips: [], rows: rows(2) },
  ]);
  expect(apart).toMatchObject({ top1: 1, chanceOfClasses: 1, rows: 20 });
  const alike = linkRows([
    { trips: [], rows: rows(1) },
    { trips: [], rows: rows(1) },
  ]);
  expect(alike.top1).toBeLessThanOrEqual(alike.chanceOfClasses);
});

test('a figure keeps its bound or is told as missed; no number keeps none', () => {
  expect(keeps(0.1, { atMost: 0.1 })).toBe(true);
  expect(keeps(0.101, { atMost: 0.1 })).toBe(false);
  expect(keeps(0.9, { atLeast: 0.9 })).toBe(true);
  expect(keeps(Number.NaN, { atMost: 1 })).toBe(false);
  const lines: string[] = [];
  const report = createReport((line) => void lines.push(line));
  report.add({ name: 'made up', value: 0.2, target: { atMost: 0.1 } });
  report.add({ name: 'made up too', value: 0.05, target: { atMost: 0.1 } });
  expect(report.missed()).toEqual(['made up: 20.0 against <= 10.0']);
  expect(lines.filter((line) => line.includes('MISSED'))).toHaveLength(1);
});
