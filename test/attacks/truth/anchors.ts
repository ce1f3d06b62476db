import { metres, type Point } from '../traces/plane.ts';
import type { Stay } from './stays.ts';

export type Anchor = 'home' | 'work';
export const ANCHORS: readonly Anchor[] = ['home', 'work'];

const HOUR_MS = 3_600_000;
const SHANGHAI_MS = 8 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

/** Evidence on fewer days names no place. */
export const DAYS_MIN = 3;
/** So much of a night or of office hours makes a night or a day at a place. */
const OVERLAP_MS_MIN = HOUR_MS;
/** Stays within this distance of the centre of others are at the same place. */
const CLUSTER_M = 200;

/** Hours of one Shanghai day that speak for an anchor, and the days on which they do. */
interface Hours {
  readonly from: number;
  readonly to: number;
  readonly weekdaysOnly: boolean;
}

/** 22 to 06 begins on one day and ends on the next. */
const HOURS: Readonly<Record<Anchor, Hours>> = {
  home: { from: 22, to: 30, weekdaysOnly: false },
  work: { from: 9, to: 18, weekdaysOnly: true },
};

/** A stretch of the hours of an anchor that an interval overlaps. */
export interface Overlap {
  /** Day it belongs to, since 1970 in Asia/Shanghai. */
  readonly day: number;
  readonly ms: number;
}

export function overlapsOf(anchor: Anchor, from: number, to: number): readonly Overlap[] {
  const hours = HOURS[anchor];
  const overlaps: Overlap[] = [];
  const firstDay = Math.floor((from + SHANGHAI_MS) / DAY_MS) - 1;
  const lastDay = Math.floor((to + SHANGHAI_MS) / DAY_MS);
  for (let day = firstDay; day <= lastDay; day += 1) {
    // 1970-01-01 was a Thursday.
    const weekday = (day + 4) % 7;
    if (hours.weekdaysOnly && (weekday === 0 || weekday === 6)) continue;
    const start = day * DAY_MS - SHANGHAI_MS;
    const ms = Math.min(to, start + hours.to * HOUR_MS) - Math.max(from, start + hours.from * HOUR_MS);
    if (ms > 0) overlaps.push({ day, ms });
  }
  return overlaps;
}

/** A place with the days that speak for it. */
interface Cluster {
  x: number;
  y: number;
  count: number;
  readonly days: Set<number>;
}

/** Home: the place of most nights 22-06; work: of most weekdays 09-18; at least three of them. */
export function anchorOf(anchor: Anchor, stays: readonly Stay[]): Point | undefined {
  const clusters: Cluster[] = [];
  for (const stay of stays) {
    const days = overlapsOf(anchor, stay.from, stay.to).filter(({ ms }) => ms >= OVERLAP_MS_MIN);
    if (days.length === 0) continue;
    const cluster = nearestCluster(clusters, stay) ?? newCluster(clusters, stay);
    cluster.x += (stay.x - cluster.x) / (cluster.count + 1);
    cluster.y += (stay.y - cluster.y) / (cluster.count + 1);
    cluster.count += 1;
    for (const { day } of days) cluster.days.add(day);
  }
  const best = clusters.sort((a, b) => b.days.size - a.days.size)[0];
  return best === undefined || best.days.size < DAYS_MIN ? undefined : { x: best.x, y: best.y };
}

function nearestCluster(clusters: readonly Cluster[], point: Point): Cluster | undefined {
  return clusters
    .filter((cluster) => metres(cluster, point) <= CLUSTER_M)
    .sort((a, b) => metres(a, point) - metres(b, point))[0];
}

function newCluster(clusters: Cluster[], { x, y }: Point): Cluster {
  const made: Cluster = { x, y, count: 0, days: new Set() };
  clusters.push(made);
  return made;
}
