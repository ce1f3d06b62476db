import { expect, test } from 'vitest';
import { commuters } from '../../attacks/averaging/commuter.ts';
import { add, densityAt, emptyLaw, learn, without } from '../../attacks/places/end-law.ts';
import { ESTIMATORS } from '../../attacks/places/estimators.ts';
import { bestDisc, fill, latticeAbout } from '../../attacks/places/lattice.ts';
import { mean } from '../../attacks/places/rates.ts';
import { attackPlaces, blindHits, RADII_M } from '../../attacks/places/recovery.ts';
import { type Baseline, PLAIN_GRID, publishBaseline, RAW } from '../../attacks/replay/baselines.ts';
import { metres, type Point, planeAbout } from '../../attacks/traces/plane.ts';
import { anchorOf, overlapsOf } from '../../attacks/truth/anchors.ts';
import { STAY, staysOf } from '../../attacks/truth/stays.ts';
import { truthOf } from '../../attacks/truth/truth.ts';
import { seededChance } from '../../support/edge/seeded.ts';

const plane = planeAbout(116);
const chance = seededChance(7);
const centre = plane.toPlane({ latitude: 39.9, longitude: 116.3 });
const homes: readonly Point[] = Array.from({ length: 8 }, () => ({
  x: centre.x + 30_000 * (chance() - 0.5),
  y: centre.y + 30_000 * (chance() - 0.5),
}));
const jitter = [
  { x: 20, y: 10 },
  { x: -15, y: 25 },
  { x: 5, y: -30 },
];
const cars = commuters(homes, { days: 12, plane, jitter, chance });
const truth = cars.subjects.map(truthOf);

test('the plane gives degrees back, and metres as they are', () => {
  const degrees = { latitude: 31.2, longitude: 121.5 };
  const back = plane.toDegrees(plane.toPlane(degrees));
  expect(back.latitude).toBeCloseTo(degrees.latitude, 9);
  expect(back.longitude).toBeCloseTo(degrees.longitude, 9);
  const [a, b] = [plane.toPlane({ latitude: 40, longitude: 116 }), plane.toPlane({ latitude: 40.01, longitude: 116 })];
  expect(metres(a, b)).toBeCloseTo(1_111.95, 1);
});

test('nights run over midnight, office hours leave out the weekend', () => {
  const friday = Date.UTC(2020, 0, 10);
  // 21:00 on Friday to 07:00 on Saturday in Shanghai.
  const night = overlapsOf('home', friday + 13 * 3_600_000, friday + 23 * 3_600_000);
  expect(night.map(({ ms }) => ms / 3_600_000)).toEqual([8]);
  // 08:00 on Friday to 20:00 on Sunday.
  const office = overlapsOf('work', friday, friday + 60 * 3_600_000);
  expect(office.map(({ ms }) => ms / 3_600_000)).toEqual([9]);
});

test('a planted home is the place of most nights; two nights name none', () => {
  for (const [index, { anchors }] of truth.entries()) {
    expect(metres(anchors.home ?? { x: 0, y: 0 }, homes[index] ?? { x: 0, y: 0 })).toBeLessThan(50);
    expect(anchors.work).toBeUndefined();
  }
  const [first] = commuters(homes.slice(0, 1), { days: 3, plane, jitter, chance }).subjects;
  expect(first && anchorOf('home', staysOf(first, STAY))).toBeUndefined();
});

test.each<[Baseline, number]>([
  [RAW, 0],
  [PLAIN_GRID, 2],
])('the attack succeeds on %o from radius %i on', (baseline, from) => {
  const trips = truth.map((one) => one.trips);
  const publication = publishBaseline(cars, trips, baseline, { x: 0, y: 0 });
  const hits = attackPlaces(publication, truth, (all) => [all]);
  for (let radius = from; radius < RADII_M.length; radius += 1) {
    const best = Math.max(...ESTIMATORS.map((name) => mean(hits.map((one) => one.hits[name][radius] ?? 0))));
    expect(best).toBe(1);
  }
});

test('where nothing was published nothing is hit', () => {
  const publication = {
    name: 'nothing',
    sizeM: 5_000,
    spanMs: 3_600_000,
    observations: homes.map(() => ({ trips: [], rows: [] })),
  };
  const hits = attackPlaces(publication, truth, (all) => [all]);
  expect(hits).toHaveLength(homes.length);
  expect(hits.flatMap((one) => ESTIMATORS.flatMap((name) => one.hits[name])).every((hit) => hit === 0)).toBe(true);
});

test('the blind guess knows no data of the victim', () => {
  const together = homes.map((home, index) => (index < 5 ? { x: centre.x + index, y: centre.y } : home));
  const crowded = truth.map((one, index) => ({
    ...one,
    stays: [],
    anchors: { ...one.anchors, home: together[index] },
  }));
  const hits = blindHits('home', crowded, 200);
  expect(hits.slice(0, 5)).toEqual([true, true, true, true, true]);
  // With the victim's own home among them, each of the others would be found as well.
  expect(hits.slice(5)).toEqual([false, false, false]);
});

test('the best disc is the middle of the mass, not its peak', () => {
  const lattice = latticeAbout({ x: 0, y: 0 }, 100, 2_000);
  const mass = fill(lattice, ({ x, y }) => {
    if (x === 1_500 && y === 0) return 1.5;
    return Math.abs(Math.hypot(x + 500, y) - 300) < 60 ? 1 : 0;
  });
  expect(bestDisc(lattice, mass, 10)).toEqual({ x: 1_500, y: 0 });
  expect(metres(bestDisc(lattice, mass, 400), { x: -500, y: 0 })).toBeLessThan(150);
});

test('the law of trip ends is folded by the symmetries of the square, and leaves out the victim', () => {
  const [mine, others] = [emptyLaw(5_000), emptyLaw(5_000)];
  const east = { x: 0, y: 0, sizeM: 5_000, direction: { x: 1, y: 0 } };
  const north = { x: 9_000, y: 9_000, sizeM: 5_000, direction: { x: 0, y: 1 } };
  for (let index = 0; index < 20; index += 1) {
    learn(others, east, { x: 3_000, y: 0 });
    learn(mine, east, { x: -3_000, y: 0 });
  }
  const total = emptyLaw(5_000);
  add(total, mine);
  add(total, others);
  const law = without(total, mine);
  expect(densityAt(law, north, { x: 9_000, y: 12_000 })).toBeGreaterThan(0.1);
  expect(densityAt(law, north, { x: 9_000, y: 6_000 })).toBeLessThan(0.001);
  const sum = (law.tables[0] ?? new Float64Array()).reduce((all, value) => all + value, 0);
  expect(sum).toBeCloseTo(1, 9);
});
