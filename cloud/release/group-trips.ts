import type { ZoneRecord } from '../ports/zone-store.ts';

/** A group of trip rows is let out of the personal zone only when so many vehicles are in it: vehicles, and not rows. */
export const RELEASE_VEHICLES_MIN = 10;

/** Rows held in one go. Past it weeks that did not fill make room for later ones, or they would stand in the way for ever. */
export const PENDING_ROWS_MAX = 200_000;

/**
 * The rows of every group that is large enough: of one week, one kind of day and both classes. Every row of a group comes out
 * with the same date, the week's Monday or Saturday, so that a day alone singles out nobody. What stays waits for more
 * vehicles. A row in a class that one vehicle fills alone is as good as a name (docs/adr/0007).
 */
export function groupTrips(pending: Iterable<ZoneRecord>): readonly ZoneRecord[] {
  const groups = new Map<string, Group>();
  let held = 0;
  for (const record of pending) {
    if (record.content.kind !== 'trip') continue;
    const { content } = record;
    const localDate = groupDate(content.localDate);
    if (held === PENDING_ROWS_MAX) held -= forgetOldest(groups, localDate);
    if (held === PENDING_ROWS_MAX) continue;
    held += 1;
    const name = `${localDate} ${content.distanceClass} ${content.durationClass}`;
    const group = groups.get(name) ?? { localDate, rows: [], vehicles: new Set() };
    group.rows.push({ ...record, content: { ...content, localDate } });
    group.vehicles.add(record.key.deviceNumber);
    groups.set(name, group);
  }
  return [...groups.values()]
    .filter(({ vehicles }) => vehicles.size >= RELEASE_VEHICLES_MIN)
    .flatMap(({ rows }) => rows);
}

interface Group {
  readonly localDate: number;
  readonly rows: ZoneRecord[];
  readonly vehicles: Set<number>;
}

/** Gives up the rows of the oldest group before a date; gives their number, 0 when there is none. */
function forgetOldest(groups: Map<string, Group>, before: number): number {
  let oldest: readonly [string, Group] | undefined;
  for (const one of groups) if (one[1].localDate < (oldest?.[1].localDate ?? before)) oldest = one;
  if (oldest === undefined) return 0;
  groups.delete(oldest[0]);
  return oldest[1].rows.length;
}

/** The Monday of a weekday's week, the Saturday of a weekend's: dates as the number YYYYMMDD. */
function groupDate(localDate: number): number {
  const [year, month, day] = [Math.floor(localDate / 10_000), Math.floor(localDate / 100) % 100, localDate % 100];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const sinceMonday = (weekday + 6) % 7;
  const back = sinceMonday >= SATURDAY ? sinceMonday - SATURDAY : sinceMonday;
  const first = new Date(Date.UTC(year, month - 1, day - back));
  return first.getUTCFullYear() * 10_000 + (first.getUTCMonth() + 1) * 100 + first.getUTCDate();
}

/** Days after Monday. */
const SATURDAY = 5;
