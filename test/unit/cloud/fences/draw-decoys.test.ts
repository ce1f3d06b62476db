import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { around, discOf, liesApart, radiusClass } from '../../../../cloud/fences/cover.ts';
import { drawDecoys } from '../../../../cloud/fences/draw-decoys.ts';
import { indexFences } from '../../../../edge/fences/fence-index.ts';
import type { Ring } from '../../../../proto/codec/fence-codec.ts';
import { distanceM } from '../../../../proto/geo/distance.ts';
import { squareAt } from '../../../support/edge/fence-sets.ts';
import { positionAt, type Spot } from '../../../support/edge/map.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const DECOYS = 4;
const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** A country of places: 90 by 90, two kilometres apart, each off by a little. */
const chance = seededChance(5);
const PLACES = Array.from({ length: 8_100 }, (_, index) =>
  positionAt([
    (index % 90) * 2_000 - 80_000 + 500 * chance(),
    Math.floor(index / 90) * 2_000 - 80_000 + 500 * chance(),
  ]),
);

const spot: fc.Arbitrary<Spot> = fc.tuple(
  fc.integer({ min: -60_000, max: 60_000 }),
  fc.integer({ min: -60_000, max: 60_000 }),
);
const areas = fc.array(fc.record({ at: spot, halfM: fc.integer({ min: 50, max: 900 }) }), {
  minLength: 1,
  maxLength: 5,
});

function drawn(fences: readonly Ring[], byte = 1): readonly Ring[] {
  const made = drawDecoys({ fences, places: PLACES, decoysPerFence: DECOYS, secret: secret(byte) });
  if (!made.ok) throw new Error(made.fault.code);
  return made.value;
}

/** Where the centre of each true area ranks in the file: which polygon holds it. */
const rankOf = (rings: readonly Ring[], at: Spot): number =>
  rings.findIndex((ring) => indexFences([ring], 0).isNear(positionAt(at)));

describe('decoys', () => {
  test('every area is covered whole; all polygons lie apart; each size has one true one to every four decoys', () => {
    let refused = 0;
    fc.assert(
      fc.property(areas, fc.nat(255), (chosen, byte) => {
        const fences = chosen.map(({ at, halfM }) => squareAt(at, halfM));
        const made = drawDecoys({ fences, places: PLACES, decoysPerFence: DECOYS, secret: secret(byte) });
        if (!made.ok) {
          // A crowd of areas covered as one may be too wide, or leave no room in so small a country.
          expect(['fence-too-wide', 'no-room']).toContain(made.fault.code);
          refused += 1;
          return;
        }
        const rings = made.value;
        const index = indexFences(rings, 0);
        for (const corner of fences.flat()) expect(index.isNear(corner)).toBe(true);
        const discs = rings.map((ring) => {
          const { centre, radiusM } = discOf(ring);
          return { centre, radiusM: radiusM * Math.cos(Math.PI / 24) };
        });
        for (const [number, disc] of discs.entries()) {
          // Corners are rounded to microdegrees, so a polygon may seem a metre larger than its disc.
          for (const other of discs.slice(number + 1)) {
            const gapM = distanceM(disc.centre, other.centre) - disc.radiusM - other.radiusM;
            expect(gapM).toBeGreaterThan(2 * Math.max(disc.radiusM, other.radiusM) - 60);
          }
        }
        const sizes = new Map<number, number>();
        for (const { radiusM } of discs) {
          const size = Math.round(2 * Math.log2(radiusM / 250));
          sizes.set(size, (sizes.get(size) ?? 0) + 1);
        }
        for (const count of sizes.values()) expect(count % (DECOYS + 1)).toBe(0);
        expect(rings.every((ring) => ring.length === 24)).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(refused).toBeLessThan(40);
  });

  test('areas some kilometres apart, as in a city, are still few discs and not one', () => {
    const spots: readonly Spot[] = [
      [0, 0],
      [0, 3_094],
      [3_666, 0],
      [17_660, -12_010],
      [40_000, 30_000],
    ];
    const rings = drawn(spots.map((at) => squareAt(at, 300)));
    expect(rings.length / (DECOYS + 1)).toBeGreaterThan(1);
  });

  test('no decoy lies in or next to a true area', () => {
    const at: Spot = [4_000, -3_000];
    for (let byte = 0; byte < 40; byte += 1) {
      const rings = drawn([squareAt(at, 600)], byte);
      expect(rings.filter((ring) => indexFences([ring], 1_000).isNear(positionAt(at)))).toHaveLength(1);
    }
  });

  test('the true one is anywhere in the file, and its centre anywhere within its disc', () => {
    const at: Spot = [0, 0];
    const ranks = new Array<number>(DECOYS + 1).fill(0);
    const offs: number[] = [];
    for (let byte = 0; byte < 250; byte += 1) {
      const rings = drawn([squareAt(at, 200)], byte);
      const rank = rankOf(rings, at);
      ranks[rank] = (ranks[rank] ?? 0) + 1;
      offs.push(distanceM(discOf(rings[rank] ?? []).centre, positionAt(at)));
    }
    for (const count of ranks) expect(Math.abs(count - 50)).toBeLessThan(30);
    expect(Math.max(...offs)).toBeGreaterThan(50);
  });

  test('the same secret draws the same, so two versions of a set cannot be cut with each other; another draws others', () => {
    const fences = [squareAt([0, 0], 300), squareAt([30_000, 10_000], 700)];
    expect(drawn(fences, 1)).toEqual(drawn(fences, 1));
    const both = new Set(drawn(fences, 1).map((ring) => JSON.stringify(ring)));
    expect(drawn(fences, 2).filter((ring) => both.has(JSON.stringify(ring)))).toEqual([]);
    // An area more leaves the polygons of the others where they were, but for those it lies on.
    const more = new Set(drawn([...fences, squareAt([-50_000, 45_000], 300)], 1).map((ring) => JSON.stringify(ring)));
    expect([...both].filter((ring) => more.has(ring)).length).toBeGreaterThanOrEqual(both.size - 2);
  });

  test('areas too near each other are covered as one', () => {
    expect(drawn([squareAt([0, 0], 300), squareAt([900, 0], 300)])).toHaveLength(DECOYS + 1);
    expect(drawn([squareAt([0, 0], 300), squareAt([40_000, 0], 300)])).toHaveLength(2 * (DECOYS + 1));
  });

  test.each([
    ['with three decoys', { decoysPerFence: 3 }, 'too-few-decoys'],
    ['an area as wide as a province', { fences: [squareAt([0, 0], 60_000)] }, 'fence-too-wide'],
    [
      'more polygons than a vehicle holds',
      { decoysPerFence: 64, fences: Array.from({ length: 155 }, (_, n) => squareAt([n * 9_000, 0], 100)) },
      'too-many-polygons',
    ],
    ['without places', { places: [] }, 'no-room'],
    [
      'with all places next to the area',
      { places: PLACES.filter((place) => distanceM(place, positionAt([0, 0])) < 1_000) },
      'no-room',
    ],
  ])('%s it refuses', (_, change, code) => {
    const plan = {
      fences: [squareAt([0, 0], 300)],
      places: PLACES,
      decoysPerFence: DECOYS,
      secret: secret(1),
      ...change,
    };
    expect(drawDecoys(plan)).toMatchObject({ ok: false, fault: { code } });
  });
});

describe('covers', () => {
  test('a disc round two holds both', () => {
    fc.assert(
      fc.property(spot, spot, fc.nat(3_000), fc.nat(3_000), (one, two, r1, r2) => {
        const [a, b] = [
          { centre: positionAt(one), radiusM: r1 },
          { centre: positionAt(two), radiusM: r2 },
        ];
        const both = around(a, b);
        for (const disc of [a, b])
          expect(distanceM(both.centre, disc.centre) + disc.radiusM).toBeLessThanOrEqual(both.radiusM + 1);
      }),
    );
  });

  test('a size class leaves room to shift the centre, and there is none above 20 km', () => {
    expect([radiusClass(1), radiusClass(200), radiusClass(201)]).toEqual([250, 250, 250 * Math.SQRT2]);
    expect(radiusClass(16_001)).toBeUndefined();
    expect(
      liesApart({ centre: positionAt([0, 0]), radiusM: 500 }, { centre: positionAt([1_900, 0]), radiusM: 500 }),
    ).toBe(false);
    expect(
      liesApart({ centre: positionAt([0, 0]), radiusM: 500 }, { centre: positionAt([2_100, 0]), radiusM: 500 }),
    ).toBe(true);
  });
});
