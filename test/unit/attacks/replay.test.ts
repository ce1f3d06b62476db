import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commuters } from '../../attacks/averaging/commuter.ts';
import { average, freshNoise, parkedFrames, plainCell } from '../../attacks/averaging/parked.ts';
import { drawDiscs, FENCE_RADIUS_M, type Visits } from '../../attacks/fence/discs.ts';
import { inferFences } from '../../attacks/fence/inference.ts';
import { NAIVE, withDecoys } from '../../attacks/fence/schemes.ts';
import { PRESETS, publishPreset } from '../../attacks/replay/life.ts';
import { writeEvents } from '../../attacks/report/write-events.ts';
import { metres, planeAbout } from '../../attacks/traces/plane.ts';
import { seededChance } from '../../support/edge/seeded.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';

const plane = planeAbout(116);
const place = plane.toPlane({ latitude: 39.9, longitude: 116.3 });
const jitter = [
  { x: 60, y: 10 },
  { x: -45, y: 80 },
  { x: 5, y: -90 },
];
const cars = (chance: () => number) => commuters([place], { days: 5, plane, jitter, chance });
const still = { x: 0, y: 0 };

test('the presets of the codec are attacked, each by its name', () => {
  expect(PRESETS).toContain('strict');
  expect(PRESETS).toContain('fleet');
  expect(PRESETS).not.toContain('none');
});

test('fleet publishes cells of 5 and 10 km by the hour, strict rows only; the same seed gives the same events', () => {
  const set = cars(seededChance(3));
  const publish = (preset: 'fleet' | 'strict') =>
    publishPreset(set, { preset, directory: tempDirectory(), seed: 1, shift: still });
  const fleet = publish('fleet');
  expect(fleet).toMatchObject({ sizeM: 10_000, spanMs: 3_600_000 });
  expect(fleet.observations[0]?.trips.length).toBeGreaterThan(5);
  expect(publish('fleet')).toEqual(fleet);
  const strict = publish('strict');
  expect(strict.observations[0]?.trips).toEqual([]);
  expect(strict.observations[0]?.rows.length).toBeGreaterThan(8);
});

test('a shifted world has another grid, and its cells come back where they were', () => {
  const set = cars(seededChance(3));
  const publish = (shift: typeof still) =>
    publishPreset(set, { preset: 'fleet', directory: tempDirectory(), seed: 1, shift });
  const [own, shifted] = [publish(still), publish({ x: 2_500, y: 2_500 })];
  const far = (publication: typeof own): number =>
    Math.max(
      ...(publication.observations[0]?.trips ?? []).flatMap(({ sightings }) =>
        sightings.map((one) => metres(one, place)),
      ),
    );
  expect(shifted.observations[0]?.trips).not.toEqual(own.observations[0]?.trips);
  expect(Math.abs(far(own) - far(shifted))).toBeLessThan(10_000);
});

test('events are written with the columns that outside code expects', () => {
  const directory = tempDirectory();
  const set = cars(seededChance(3));
  const publication = publishPreset(set, { preset: 'fleet', directory, seed: 1, shift: still });
  writeEvents(directory, set, publication);
  const [header, first = ''] = readFileSync(join(directory, 'fleet.csv'), 'utf8').split('\n');
  expect(header).toBe('subject,tag,trip,t_utc,lat,lon');
  expect(first).toMatch(/^car-0,[0-9a-f]{32},0,2020-01-0\dT\d\d:00:00Z,\d\d\.\d{6},\d{3}\.\d{6}$/);
});

test('fresh noise averages out; a parked car of the product says nothing, also over restarts and reinstallations', () => {
  const chance = seededChance(5);
  const places = Array.from({ length: 3 }, (_, index) => ({ x: place.x + 777 * index, y: place.y + 333 * index }));
  const noise = average(places, freshNoise(jitter, 1_000), chance);
  expect(noise.within200All).toBe(1);
  expect(average(places, plainCell(jitter, 1_000), chance).medianErrorAllM).toBeGreaterThan(noise.medianErrorAllM);
  for (const preset of PRESETS) {
    const options = { preset, directory: tempDirectory(), plane, jitter, seed: 1 };
    expect(parkedFrames(places.slice(0, 1), options, chance)).toBe(0);
  }
});

const squares: readonly Visits[] = Array.from({ length: 900 }, (_, index) => ({
  x: (index % 30) * 1_000,
  y: Math.floor(index / 30) * 1_000,
  count: 20 + (index % 7),
}));

test('discs lie more than two radii apart', () => {
  const discs = drawDiscs(squares, 8, seededChance(2));
  expect(discs).toHaveLength(8);
  for (const [index, disc] of discs.entries()) {
    for (const other of discs.slice(index + 1)) expect(metres(disc, other)).toBeGreaterThan(2 * FENCE_RADIUS_M);
  }
});

test('a lone hole is found, one among decoys no more often than by drawing lots', () => {
  const given = (draws: number) => ({ cells: squares, sizeM: 1_000, squares, plane, draws, chance: seededChance(4) });
  expect(inferFences(NAIVE, 'history', given(60)).inside).toBeGreaterThan(0.95);
  expect(inferFences(NAIVE, 'published', given(60)).inside).toBeGreaterThan(0.5);
  const hidden = inferFences(withDecoys(4), 'history', given(150)).inside;
  expect(hidden).toBeLessThan(1 / 5 + 0.1);
  expect(hidden).toBeGreaterThan(0.05);
});
