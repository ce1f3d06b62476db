import type { AggregateStore, DayRow, VehicleDayRow, VehicleRow } from '../ports/aggregate-store.ts';
import { ITEM_WORDS } from './item-set.ts';
import { FIELD, FIELDS, FLAG, rowOffset, type VehicleTable } from './vehicle-table.ts';

export type DayMark = 'seen' | 'running' | 'exterior';

interface Days {
  seen: number;
  running: number;
  exterior: number;
}

/** A vehicle of which a group of records says something new. Nothing of it counts until the group is durable. */
export interface PendingVehicle {
  readonly deviceNumber: number;
  /** The row as it will be. */
  readonly words: Uint32Array;
  readonly days: Map<number, Days>;
  readonly years: Map<number, number>;
  /** Days with exterior records that are new. */
  exteriorDays: number;
  /** Days that are durable, once they were needed. */
  durable?: readonly DayRow[];
}

export function openPending(deviceNumber: number, table: VehicleTable): PendingVehicle {
  const words = new Uint32Array(FIELDS);
  const page = table.page(deviceNumber);
  const at = rowOffset(deviceNumber);
  if (page !== undefined) words.set(page.subarray(at, at + FIELDS));
  words[FIELD.flags] = (words[FIELD.flags] ?? 0) | FLAG.known;
  return { deviceNumber, words, days: new Map(), years: new Map(), exteriorDays: 0 };
}

export const hasFlag = ({ words }: PendingVehicle, flag: number): boolean => ((words[FIELD.flags] ?? 0) & flag) !== 0;

export function setFlag({ words }: PendingVehicle, flag: number): void {
  words[FIELD.flags] = (words[FIELD.flags] ?? 0) | flag;
}

/** Whether a day of the vehicle is marked, on disk or in the group. */
export function isMarked(vehicle: PendingVehicle, day: number, mark: DayMark, store: AggregateStore): boolean {
  const chunk = day >>> 5;
  const bit = 1 << (day & 31);
  if (vehicle.words[FIELD.chunk] === chunk && ((vehicle.words[FIELD[mark]] ?? 0) & bit) !== 0) return true;
  if (((vehicle.days.get(chunk)?.[mark] ?? 0) & bit) !== 0) return true;
  return durableDays(vehicle, store).some((row) => row.chunk === chunk && (row[mark] & bit) !== 0);
}

export function markDay(vehicle: PendingVehicle, day: number, mark: DayMark): void {
  const chunk = day >>> 5;
  const bit = 1 << (day & 31);
  const days = vehicle.days.get(chunk) ?? { seen: 0, running: 0, exterior: 0 };
  days[mark] |= bit;
  vehicle.days.set(chunk, days);
  const { words } = vehicle;
  const newest = words[FIELD.chunk] ?? 0;
  if (chunk < newest) return;
  if (chunk > newest) {
    words[FIELD.chunk] = chunk;
    for (const one of ['seen', 'running', 'exterior'] as const) words[FIELD[one]] = 0;
  }
  words[FIELD[mark]] = (words[FIELD[mark]] ?? 0) | bit;
}

/**
 * Whether running data and exterior imagery or radar of the vehicle lie on the same Shanghai day or on days next to each
 * other: a drive over midnight is one drive.
 */
export function isJoined(vehicle: PendingVehicle, day: number, store: AggregateStore): boolean {
  const near = [day - 1, day, day + 1];
  const isNear = (mark: DayMark): boolean => near.some((one) => isMarked(vehicle, one, mark, store));
  return isNear('running') && isNear('exterior') && near.some((one) => isJoinedOn(vehicle, one, store));
}

function isJoinedOn(vehicle: PendingVehicle, day: number, store: AggregateStore): boolean {
  if (!isMarked(vehicle, day, 'exterior', store)) return false;
  return [day - 1, day, day + 1].some((one) => isMarked(vehicle, one, 'running', store));
}

function durableDays(vehicle: PendingVehicle, store: AggregateStore): readonly DayRow[] {
  vehicle.durable ??= store.daysOf(vehicle.deviceNumber);
  return vehicle.durable;
}

export function vehicleRow({ deviceNumber, words }: PendingVehicle): VehicleRow {
  return {
    deviceNumber,
    items: [...words.subarray(0, ITEM_WORDS)],
    distance: words[FIELD.distance] ?? 0,
    duration: words[FIELD.duration] ?? 0,
    flags: words[FIELD.flags] ?? 0,
  };
}

export function dayRows({ deviceNumber, days }: PendingVehicle): readonly VehicleDayRow[] {
  return [...days].map(([chunk, { seen, running, exterior }]) => ({
    deviceNumber,
    chunk,
    seen: seen >>> 0,
    running: running >>> 0,
    exterior: exterior >>> 0,
  }));
}
