import { expect, test } from 'vitest';
import { distanceM } from '../../../../firmware-sim/city.ts';
import { createPrng } from '../../../../firmware-sim/prng.ts';
import { foundRegion } from '../../../../firmware-sim/region.ts';
import { findWay, junctionNear } from '../../../../firmware-sim/roads/find-way.ts';
import { planRoute } from '../../../../firmware-sim/route.ts';

const region = foundRegion('roads');
const { roads, districts } = region;
const one = districts.find(({ kind }) => kind === 'residential');
const town = districts.find(({ kind }) => kind === 'town');
if (one === undefined || town === undefined) throw new Error('a city has districts');

test.each(['roads', 'other', 'third'])('every junction of the region of seed `%s` can be reached', (seed) => {
  const { from } = foundRegion(seed).roads;
  const reached = new Set([0]);
  for (const at of reached) for (const { to } of from[at] ?? []) reached.add(to);
  expect(reached.size).toBe(from.length);
});

test('the same seed lays the same roads, and another one others', () => {
  expect(foundRegion('roads')).toEqual(region);
  expect(foundRegion('other').roads).not.toEqual(roads);
});

test('ways follow roads from one end to the other, and habits differ', () => {
  const pairs = districts.slice(2, 6).map((to) => [junctionNear(roads, one), junctionNear(roads, to)] as const);
  const ways = pairs.map((ends) => new Set([1, 2, 3, 4, 5, 6].map((habit) => follow(ends, habit))));
  expect(ways.filter(({ size }) => size > 1).length).toBeGreaterThan(1);
});

/** Junctions of a way, as text; each link has to leave the junction that the one before led to. */
function follow(ends: readonly [number, number], habit: number): string {
  const { start, links } = findWay(roads, ends, habit);
  let at = start;
  for (const link of links) {
    expect(roads.from[at]).toContain(link);
    at = link.to;
  }
  expect([start, at]).toEqual(ends);
  return links.map(({ to }) => to).join(' ');
}

test('a way is no longer than reluctance makes it', () => {
  const ends = [junctionNear(roads, one), junctionNear(roads, town)] as const;
  const seconds = findWay(roads, ends, 1).links.reduce((sum, { lengthM }) => sum + lengthM, 0);
  const [from, to] = [roads.junctions[ends[0]], roads.junctions[ends[1]]];
  expect(seconds).toBeLessThan(
    2 * Math.hypot((to?.alongM ?? 0) - (from?.alongM ?? 0), (to?.acrossM ?? 0) - (from?.acrossM ?? 0)),
  );
});

test('a route to a town leads over the motorway, from door to door', () => {
  const route = planRoute(region, one, town, createPrng('route'));
  expect(route.some(({ by }) => by !== undefined && Math.max(...by.fastKmh) === 120)).toBe(true);
  const legs = route.slice(1).map((point, index) => distanceM(route[index] ?? point, point));
  expect(Math.min(...legs)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...legs)).toBeLessThan(8_000);
});
