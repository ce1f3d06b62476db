import { EXPECTED_KMH, ROAD_CLASSES } from './road-classes.table.ts';
import type { Junction, RoadLink, RoadNetwork } from './road-network.ts';

/** A way from junction to junction: the first one, then each with the road that led to it. */
export interface Way {
  readonly start: number;
  readonly links: readonly RoadLink[];
}

/** The junction next to a place. */
export function junctionNear({ junctions }: RoadNetwork, { alongM, acrossM }: Junction): number {
  let [near, nearM] = [0, Number.POSITIVE_INFINITY];
  for (const [index, junction] of junctions.entries()) {
    const metres = Math.abs(junction.alongM - alongM) + Math.abs(junction.acrossM - acrossM);
    if (metres < nearM) [near, nearM] = [index, metres];
  }
  return near;
}

/**
 * The way that takes the least time as a driver reckons it (A*, straight line as the bound). Drivers reckon differently: what
 * `habit` says makes one road look up to half as long again and another not, and the same habit always takes the same way.
 *
 * @param habit - a whole number below `HABITS_MAX`
 */
export function findWay(roads: RoadNetwork, [start, end]: readonly [number, number], habit: number): Way {
  const count = roads.junctions.length;
  const seconds = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const came: (Came | undefined)[] = new Array(count);
  const open = createQueue();
  const target = roads.junctions[end];
  seconds[start] = 0;
  open.add(start, 0);
  for (let at = open.take(); at !== undefined && at !== end; at = open.take()) {
    const so = seconds[at] ?? 0;
    for (const link of roads.from[at] ?? []) {
      const then = so + secondsOn(link) * (1 + reluctance(link.to, habit));
      if (then >= (seconds[link.to] ?? 0)) continue;
      seconds[link.to] = then;
      came[link.to] = { from: at, link };
      open.add(link.to, then + leastSeconds(roads.junctions[link.to], target));
    }
  }
  return { start, links: backFrom(end, start, came) };
}

interface Came {
  readonly from: number;
  readonly link: RoadLink;
}

function backFrom(end: number, start: number, came: readonly (Came | undefined)[]): readonly RoadLink[] {
  const links: RoadLink[] = [];
  for (let at = end; at !== start; ) {
    const step = came[at];
    if (step === undefined) return [];
    links.push(step.link);
    at = step.from;
  }
  return links.reverse();
}

const secondsOn = ({ by, lengthM }: RoadLink): number => (lengthM / EXPECTED_KMH[by]) * 3.6;

function leastSeconds(from: Junction | undefined, to: Junction | undefined): number {
  if (from === undefined || to === undefined) return 0;
  return (Math.hypot(to.alongM - from.alongM, to.acrossM - from.acrossM) / FASTEST_KMH) * 3.6;
}

/** From 0 to `RELUCTANCE_MAX`; the same along a stretch of roads, since people avoid a corridor and not a crossing. */
function reluctance(junction: number, habit: number): number {
  const folded = Math.imul((junction >> STRETCH_BITS) * HABITS_MAX + habit, 0x9e3779b1);
  const mixed = Math.imul(folded ^ (folded >>> 15), 0x85ebca6b) >>> 8;
  return (mixed / 2 ** 24) * RELUCTANCE_MAX;
}

const STRETCH_BITS = 3;
const HABITS_MAX = 64;
const RELUCTANCE_MAX = 1 / 2;
const FASTEST_KMH = Math.max(
  ...Object.keys(ROAD_CLASSES).map((name) => EXPECTED_KMH[name as keyof typeof ROAD_CLASSES]),
);

/** A binary heap of junctions by seconds. */
function createQueue() {
  const heap: { readonly at: number; readonly key: number }[] = [];
  const key = (index: number) => heap[index]?.key ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number) => {
    const [a, b] = [heap[one], heap[other]];
    if (a !== undefined && b !== undefined) [heap[one], heap[other]] = [b, a];
  };
  return {
    add: (at: number, seconds: number) => {
      heap.push({ at, key: seconds });
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (key(parent) <= key(index)) return;
        swap(parent, index);
        index = parent;
      }
    },
    take: (): number | undefined => {
      const [first, last] = [heap[0], heap.pop()];
      if (first === undefined || last === undefined || heap.length === 0) return first?.at;
      heap[0] = last;
      for (let index = 0; ; ) {
        const child = key(2 * index + 1) <= key(2 * index + 2) ? 2 * index + 1 : 2 * index + 2;
        if (key(child) >= key(index)) return first.at;
        swap(child, index);
        index = child;
      }
    },
  };
}
