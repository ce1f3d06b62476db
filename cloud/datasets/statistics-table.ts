import type { DayNumber } from './periods.ts';
import { ROWS_A_GROUP } from './tables.ts';

/** Groups that one pass holds in memory; 48 bytes each, twice over while the table grows. */
export const GROUPS_MAX = 4_194_304;

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
   * Groups by the rank of their vehicle, then period, then signal, at most `ROWS_A_GROUP` at once.
   *
   * @param rankOf - rank of each vehicle by its ordinal; all different
   */
  readonly sorted: (rankOf: Uint32Array) => Generator<VehicleStatistics>;
}

export function createStatisticsTable(groupsMax = GROUPS_MAX): StatisticsTable {
  let slots = emptySlots(SLOTS_FIRST);
  let size = 0;

  function grow(): void {
    const wider = emptySlots(slots.keys.length * 2);
    for (let from = 0; from < slots.keys.length; from += 1) {
      const key = slots.keys[from] ?? FREE;
      if (key === FREE) continue;
      const to = slotOf(wider.keys, key);
      for (const name of COLUMNS) wider[name][to] = slots[name][from] ?? 0;
    }
    slots = wider;
  }

  return {
    take: (vehicle, period, signal, value) => {
      const key = (vehicle * DAYS + period) * SIGNALS + signal;
      let slot = slotOf(slots.keys, key);
      if (slots.keys[slot] === FREE) {
        if (size >= groupsMax) return false;
        size += 1;
        if (size * 2 > slots.keys.length) {
          grow();
          slot = slotOf(slots.keys, key);
        }
        slots.keys[slot] = key;
        slots.least[slot] = value;
        slots.greatest[slot] = value;
      }
      slots.samples[slot] = (slots.samples[slot] ?? 0) + 1;
      slots.sum[slot] = (slots.sum[slot] ?? 0) + value;
      if (value < (slots.least[slot] ?? 0)) slots.least[slot] = value;
      if (value > (slots.greatest[slot] ?? 0)) slots.greatest[slot] = value;
      return true;
    },
    size: () => size,
    sorted: (rankOf) => sortedRows(slots, size, rankOf),
  };
}

interface Slots {
  readonly keys: Float64Array;
  readonly samples: Float64Array;
  readonly sum: Float64Array;
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

const COLUMNS = ['keys', 'samples', 'sum', 'least', 'greatest'] as const;
const FREE = -1;

function emptySlots(count: number): Slots {
  return {
    keys: new Float64Array(count).fill(FREE),
    samples: new Float64Array(count),
    sum: new Float64Array(count),
    least: new Float64Array(count),
    greatest: new Float64Array(count),
  };
}

/** The slot that holds a key or would take it; open addressing, never more than half full. */
function slotOf(keys: Float64Array, key: number): number {
  const mask = keys.length - 1;
  // Signals and days fill the low bits with gaps; without mixing, most groups would share a few runs of slots.
  let hash = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 2 ** 32) | 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  let slot = (hash ^ (hash >>> 13)) & mask;
  while (keys[slot] !== FREE && keys[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

function* sortedRows(slots: Slots, size: number, rankOf: Uint32Array): Generator<VehicleStatistics> {
  const vehicleOf = new Uint32Array(rankOf.length);
  for (let vehicle = 0; vehicle < rankOf.length; vehicle += 1) vehicleOf[rankOf[vehicle] ?? 0] = vehicle;
  const order = new Float64Array(size);
  let filled = 0;
  for (const key of slots.keys) {
    if (key === FREE) continue;
    const vehicle = Math.floor(key / (DAYS * SIGNALS));
    order[filled] = key + ((rankOf[vehicle] ?? 0) - vehicle) * DAYS * SIGNALS;
    filled += 1;
  }
  order.sort();
  for (let from = 0; from < size; from += ROWS_A_GROUP)
    yield rowsAt(order.subarray(from, Math.min(size, from + ROWS_A_GROUP)), slots, vehicleOf);
}

function rowsAt(ranked: Float64Array, slots: Slots, vehicleOf: Uint32Array): VehicleStatistics {
  const count = ranked.length;
  const rows = {
    ...{ vehicle: new Uint32Array(count), period: new Uint16Array(count), signal: new Uint8Array(count) },
    ...{ samples: new Int32Array(count), least: new Float64Array(count) },
    ...{ mean: new Float64Array(count), greatest: new Float64Array(count) },
  };
  for (let row = 0; row < count; row += 1) {
    const key = ranked[row] ?? 0;
    const rank = Math.floor(key / (DAYS * SIGNALS));
    const vehicle = vehicleOf[rank] ?? 0;
    const rest = key - rank * DAYS * SIGNALS;
    const slot = slotOf(slots.keys, vehicle * DAYS * SIGNALS + rest);
    const samples = slots.samples[slot] ?? 0;
    rows.vehicle[row] = vehicle;
    rows.period[row] = Math.floor(rest / SIGNALS);
    rows.signal[row] = rest & (SIGNALS - 1);
    rows.samples[row] = samples;
    rows.least[row] = rounded(slots.least[slot] ?? 0);
    rows.mean[row] = rounded((slots.sum[slot] ?? 0) / samples);
    rows.greatest[row] = rounded(slots.greatest[slot] ?? 0);
  }
  return rows;
}

/** Three decimals are finer than any battery sensor, and carry no noise that would tell vehicles apart. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000 + 0;
