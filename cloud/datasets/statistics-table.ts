import type { DayNumber } from './periods.ts';

/** Groups that one pass holds in memory, in slots of 40 bytes of which at most half are taken; half as much again while the table grows. */
export const GROUPS_MAX = 2_097_152;

/** Ranges that a key is packed from: 2^29 vehicles, days until 2149, and the signals of one dataset. */
const DAYS = 65_536;
const SIGNALS = 256;
const SLOTS_FIRST = 4_096;

/**
 * What vehicles sent of signals in periods, one row each; units are those VSS gives the path, booleans count as 0 and 1.
 * Columns are equally long: an object a row would cost more than all else that is done with it.
 */
export interface VehicleStatistics {
  /** Ordinals of the vehicles in this pass. */
  readonly vehicle: Uint32Array;
  /** First day of the period. */
  readonly period: Uint16Array;
  /** Index into the signals of the dataset. */
  readonly signal: Uint8Array;
  readonly samples: Int32Array;
  readonly least: Float64Array;
  readonly mean: Float64Array;
  readonly greatest: Float64Array;
}

/** Running statistics by vehicle, period and signal, in flat arrays: millions of small objects would cost ten times as much. */
export interface StatisticsTable {
  /** False when there is no room for a further group. */
  readonly take: (vehicle: number, period: DayNumber, signal: number, value: number) => boolean;
  readonly size: () => number;
  /**
   * Groups by the rank of their vehicle, then period, then signal.
   *
   * @param rankOf - rank of each vehicle by its ordinal; all different
   */
  readonly sorted: (rankOf: Uint32Array) => VehicleStatistics;
}

/** @param groupsLikely - what it is made for; it grows past that, which costs as much as filling it */
export function createStatisticsTable(groupsMax = GROUPS_MAX, groupsLikely = 0): StatisticsTable {
  let slots = emptySlots(slotsFor(Math.min(groupsMax, groupsLikely)));
  let size = 0;

  function grow(): void {
    const wider = emptySlots((slots.length / FIELDS) * 2);
    for (let from = 0; from < slots.length; from += FIELDS) {
      const key = slots[from] ?? FREE;
      if (key !== FREE) wider.set(slots.subarray(from, from + FIELDS), slotOf(wider, key));
    }
    slots = wider;
  }

  return {
    take: (vehicle, period, signal, value) => {
      const key = (vehicle * DAYS + period) * SIGNALS + signal;
      let at = slotOf(slots, key);
      if (slots[at] === FREE) {
        if (size >= groupsMax) return false;
        size += 1;
        if (size * 2 * FIELDS > slots.length) {
          grow();
          at = slotOf(slots, key);
        }
        slots[at] = key;
        slots[at + LEAST] = value;
        slots[at + GREATEST] = value;
      }
      slots[at + SAMPLES] = (slots[at + SAMPLES] ?? 0) + 1;
      slots[at + SUM] = (slots[at + SUM] ?? 0) + value;
      if (value < (slots[at + LEAST] ?? 0)) slots[at + LEAST] = value;
      if (value > (slots[at + GREATEST] ?? 0)) slots[at + GREATEST] = value;
      return true;
    },
    size: () => size,
    sorted: (rankOf) => sortedRows(slots, size, rankOf),
  };
}

/** Slots one after the other, each a key and its running figures: what is used together lies together. */
type Slots = Float64Array;

const [SAMPLES, SUM, LEAST, GREATEST, FIELDS] = [1, 2, 3, 4, 5] as const;
const FREE = -1;

/** The power of two that so many groups take at most half of. */
function slotsFor(groups: number): number {
  let count = SLOTS_FIRST;
  while (count < groups * 2) count *= 2;
  return count;
}

function emptySlots(count: number): Slots {
  const slots = new Float64Array(count * FIELDS);
  for (let at = 0; at < slots.length; at += FIELDS) slots[at] = FREE;
  return slots;
}

/**
 * Where the slot begins that holds a key or would take it; open addressing, never more than half full. Signals of one vehicle
 * and period come together, so they begin to look side by side.
 */
function slotOf(slots: Slots, key: number): number {
  const mask = slots.length / FIELDS - 1;
  const group = Math.floor(key / SIGNALS);
  // Days fill the low bits with gaps; without mixing, most groups would share a few runs of slots.
  let hash = Math.imul(group | 0, 0x9e3779b1) ^ Math.imul((group / 2 ** 32) | 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  let slot = ((hash ^ (hash >>> 13)) + key - group * SIGNALS) & mask;
  while (slots[slot * FIELDS] !== FREE && slots[slot * FIELDS] !== key) slot = (slot + 1) & mask;
  return slot * FIELDS;
}

function sortedRows(slots: Slots, size: number, rankOf: Uint32Array): VehicleStatistics {
  const vehicleOf = new Uint32Array(rankOf.length);
  for (let vehicle = 0; vehicle < rankOf.length; vehicle += 1) vehicleOf[rankOf[vehicle] ?? 0] = vehicle;
  const order = new Float64Array(size);
  let filled = 0;
  for (let at = 0; at < slots.length; at += FIELDS) {
    const key = slots[at] ?? FREE;
    if (key === FREE) continue;
    const vehicle = Math.floor(key / (DAYS * SIGNALS));
    order[filled] = key + ((rankOf[vehicle] ?? 0) - vehicle) * DAYS * SIGNALS;
    filled += 1;
  }
  order.sort();
  return rowsAt(order, slots, vehicleOf);
}

function rowsAt(ranked: Float64Array, slots: Slots, vehicleOf: Uint32Array): VehicleStatistics {
  const count = ranked.length;
  const [vehicles, period, signal] = [new Uint32Array(count), new Uint16Array(count), new Uint8Array(count)];
  const [least, mean, greatest] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const samples = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const key = ranked[row] ?? 0;
    const rank = Math.floor(key / (DAYS * SIGNALS));
    const vehicle = vehicleOf[rank] ?? 0;
    const rest = key - rank * DAYS * SIGNALS;
    const at = slotOf(slots, vehicle * DAYS * SIGNALS + rest);
    vehicles[row] = vehicle;
    period[row] = rest / SIGNALS;
    signal[row] = rest & (SIGNALS - 1);
    samples[row] = slots[at + SAMPLES] ?? 0;
    least[row] = rounded(slots[at + LEAST] ?? 0);
    mean[row] = rounded((slots[at + SUM] ?? 0) / (slots[at + SAMPLES] ?? 0));
    greatest[row] = rounded(slots[at + GREATEST] ?? 0);
  }
  return { vehicle: vehicles, period, signal, samples, least, mean, greatest };
}

/** Three decimals are finer than any battery sensor, and carry no noise that would tell vehicles apart. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000 + 0;
