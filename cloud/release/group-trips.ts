import type { TripRow } from '../../proto/codec/telemetry-codec.ts';
import type { ZoneRecord } from '../ports/zone-store.ts';

/** A group of trip rows is let out of the personal zone only when so many vehicles are in it: vehicles, and not rows. */
export const RELEASE_VEHICLES_MIN = 10;

/** Rows looked at in one go. */
export const PENDING_ROWS_MAX = 200_000;

/**
 * The rows of every group that is large enough, by kind of day and both classes. What stays waits for more vehicles.
 * A row in a class that one vehicle fills alone is as good as a name (docs/adr/0007).
 */
export function groupTrips(pending: Iterable<ZoneRecord>): readonly ZoneRecord[] {
  const groups = new Map<string, { readonly rows: ZoneRecord[]; readonly vehicles: Set<number> }>();
  let looked = 0;
  for (const record of pending) {
    if (record.content.kind !== 'trip') continue;
    if (looked === PENDING_ROWS_MAX) break;
    looked += 1;
    const name = groupOf(record.content);
    const group = groups.get(name) ?? { rows: [], vehicles: new Set() };
    group.rows.push(record);
    group.vehicles.add(record.key.deviceNumber);
    groups.set(name, group);
  }
  return [...groups.values()]
    .filter(({ vehicles }) => vehicles.size >= RELEASE_VEHICLES_MIN)
    .flatMap(({ rows }) => rows);
}

function groupOf({ localDate, distanceClass, durationClass }: TripRow): string {
  const date = new Date(
    Date.UTC(Math.floor(localDate / 10_000), (Math.floor(localDate / 100) % 100) - 1, localDate % 100),
  );
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return `${isWeekend ? 'weekend' : 'weekday'} ${distanceClass} ${durationClass}`;
}
