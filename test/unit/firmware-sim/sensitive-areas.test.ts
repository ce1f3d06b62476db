import { expect, test } from 'vitest';
import { foundCity } from '../../../firmware-sim/city.ts';
import { planFleet } from '../../../firmware-sim/fleet.ts';
import { SENSITIVE_AREAS, sensitiveAreas } from '../../../firmware-sim/sensitive-areas.ts';
import { syntheticFrames } from '../../../firmware-sim/synthetic.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { WALL_START } from './run-virtually.ts';

const city = foundCity('areas');
const areas = sensitiveAreas('areas', city);

test('the areas of a seed are closed rings of its city, and those of another seed lie elsewhere', () => {
  expect(areas).toHaveLength(SENSITIVE_AREAS);
  for (const { ring } of areas) {
    expect(ring[0]).toEqual(ring.at(-1));
    for (const corner of ring) expect(Math.abs(corner.latitude - city.latitudeDeg)).toBeLessThan(0.15);
  }
  expect(sensitiveAreas('areas', city)).toEqual(areas);
  expect(sensitiveAreas('others', foundCity('others'))).not.toEqual(areas);
});

test('a week of driving leads into an area and past the edge of one', () => {
  const [plan] = planFleet({ vehicles: 1, seed: 'areas', traces: [] });
  if (plan === undefined) throw new Error('a fleet of one has a vehicle');
  let inside = 0;
  let near = 0;
  for (const { frame } of syntheticFrames('areas', plan, WALL_START)) {
    if (frame.at > WALL_START + 7 * DAY_MS) break;
    if (frame.kind !== 'fix') continue;
    if (areas.some(({ ring }) => isInside(ring, frame))) inside += 1;
    else if (areas.some(({ ring }) => ring.some((corner) => metres(corner, frame) < 500))) near += 1;
  }
  expect(inside).toBeGreaterThan(0);
  expect(near).toBeGreaterThan(0);
});

interface Degrees {
  readonly latitude: number;
  readonly longitude: number;
}

function isInside(ring: readonly Degrees[], point: Degrees): boolean {
  let crossings = 0;
  for (const [index, to] of ring.slice(1).entries()) {
    const from = ring[index] ?? to;
    if (from.latitude > point.latitude === to.latitude > point.latitude) continue;
    const share = (point.latitude - from.latitude) / (to.latitude - from.latitude);
    if (from.longitude + share * (to.longitude - from.longitude) > point.longitude) crossings += 1;
  }
  return crossings % 2 === 1;
}

function metres(from: Degrees, to: Degrees): number {
  const east = (to.longitude - from.longitude) * Math.cos((from.latitude * Math.PI) / 180);
  return Math.hypot(to.latitude - from.latitude, east) * 111_195;
}
