import type { DataClass } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import type {
  AggregateChanges,
  AggregateStore,
  AggregateTotals,
  ItemCountRow,
  ItemSlot,
  VehicleRow,
} from '../ports/aggregate-store.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import { type BoundRules, classBits, kindBits } from './bound-rules.ts';
import { ITEM_SLOTS, ITEM_WORDS, type ItemSet, slotsIn } from './item-set.ts';
import {
  createVehicleTable,
  createYearTable,
  FIELD,
  FLAG,
  rowOffset,
  type VehicleTable,
  type YearTable,
} from './vehicle-table.ts';

/** Items that are counted by year: one byte a vehicle and year. */
export const YEARLY_MAX = 8;

/** Records of years before this one are not counted by year: no item with a yearly figure is older. */
export const YEAR_FIRST = 2021;

/** Aggregates in memory, as they are on disk. Only `settle` changes them, after the commit. */
export interface RunningState {
  readonly rules: BoundRules;
  readonly store: AggregateStore;
  readonly slots: readonly ItemSlot[];
  readonly table: VehicleTable;
  readonly years: YearTable;
  /** Slots counted by year, in the order of the bits of `years`. */
  readonly yearly: readonly number[];
  /** Items that had a record, by area and Shanghai day. */
  readonly flows: Flows;
  readonly counts: Map<number, ItemCountRow>;
  /** By slot: vehicles, and the distance and duration of the trips of these. */
  readonly vehicles: Float64Array;
  readonly distance: Float64Array;
  readonly duration: Float64Array;
  /** Vehicles by year and place among the yearly slots. */
  readonly ofYear: Map<number, Float64Array>;
  readonly of: { vehicles: number; series: number; fused: number };
  totals: BoundTotals;
}

/** `AggregateTotals` with names as bits. */
export interface BoundTotals {
  readonly exteriorDays: number;
  readonly classes: number;
  readonly kinds: number;
}

export type Flows = Map<string, Map<number, ItemSet>>;

export function putFlow(flows: Flows, area: string, day: number, items: ItemSet): void {
  const days = flows.get(area) ?? new Map<number, ItemSet>();
  flows.set(area, days);
  days.set(day, items);
}

/** Reads what is on disk. A million vehicles take seconds. */
export function loadState(rules: BoundRules, store: AggregateStore, slots: readonly ItemSlot[]): RunningState {
  const yearly = rules.measuring('persons-of-year');
  assert(yearly.length <= YEARLY_MAX, 'there are no more yearly items than bits for them');
  const rows = store.load();
  const state: RunningState = {
    ...{ rules, store, slots, yearly },
    table: createVehicleTable(),
    years: createYearTable(),
    flows: new Map(),
    counts: new Map(),
    vehicles: new Float64Array(ITEM_SLOTS),
    distance: new Float64Array(ITEM_SLOTS),
    duration: new Float64Array(ITEM_SLOTS),
    ofYear: new Map(),
    of: { vehicles: 0, series: 0, fused: 0 },
    totals: rows.totals === undefined ? { exteriorDays: 0, classes: 0, kinds: 0 } : boundTotals(rows.totals),
  };
  for (const row of rows.vehicles) takeVehicle(state, row);
  for (const { deviceNumber, year, slots: own } of rows.years) takeYear(state, deviceNumber, year, bitsOf(state, own));
  for (const { area, day, items } of rows.flows) putFlow(state.flows, area, day, Uint32Array.from(items));
  for (const row of rows.counts) state.counts.set(row.slot, row);
  return state;
}

/** Takes in what has become durable. */
export function settle(state: RunningState, changes: AggregateChanges): void {
  for (const row of changes.vehicles) takeVehicle(state, row);
  for (const { deviceNumber, year, slots } of changes.years) takeYear(state, deviceNumber, year, bitsOf(state, slots));
  for (const { area, day, items } of changes.flows) putFlow(state.flows, area, day, Uint32Array.from(items));
  for (const row of changes.counts) state.counts.set(row.slot, row);
  for (const row of changes.days) takeDays(state, row);
  if (changes.totals !== undefined) state.totals = boundTotals(changes.totals);
}

function boundTotals({ exteriorDays, classes, kinds }: AggregateTotals): BoundTotals {
  return { exteriorDays, classes: classBits(classes as DataClass[]), kinds: kindBits(kinds as FieldKind[]) };
}

function takeVehicle(state: RunningState, { deviceNumber, items, distance, duration, flags }: VehicleRow): void {
  const page = state.table.openPage(deviceNumber);
  const at = rowOffset(deviceNumber);
  const before = page.slice(at, at + ITEM_WORDS);
  const gone = { distance: page[at + FIELD.distance] ?? 0, duration: page[at + FIELD.duration] ?? 0 };
  const flagsBefore = page[at + FIELD.flags] ?? 0;
  if (distance !== gone.distance || duration !== gone.duration) {
    for (const slot of slotsIn(before)) {
      state.distance[slot] = (state.distance[slot] ?? 0) + distance - gone.distance;
      state.duration[slot] = (state.duration[slot] ?? 0) + duration - gone.duration;
    }
  }
  for (let word = 0; word < ITEM_WORDS; word += 1) {
    let fresh = ((items[word] ?? 0) & ~(before[word] ?? 0)) >>> 0;
    for (; fresh !== 0; fresh = (fresh & (fresh - 1)) >>> 0) {
      const slot = word * 32 + 31 - Math.clz32(fresh & -fresh);
      state.vehicles[slot] = (state.vehicles[slot] ?? 0) + 1;
      state.distance[slot] = (state.distance[slot] ?? 0) + distance;
      state.duration[slot] = (state.duration[slot] ?? 0) + duration;
    }
    page[at + word] = items[word] ?? 0;
  }
  const gained = flags & ~flagsBefore;
  if ((gained & FLAG.known) !== 0) state.of.vehicles += 1;
  if ((gained & FLAG.series) !== 0) state.of.series += 1;
  if ((gained & FLAG.fused) !== 0) state.of.fused += 1;
  page[at + FIELD.distance] = distance;
  page[at + FIELD.duration] = duration;
  page[at + FIELD.flags] = flags;
}

function takeYear(state: RunningState, deviceNumber: number, year: number, bits: number): void {
  const fresh = bits & ~state.years.bits(year, deviceNumber);
  const counts = state.ofYear.get(year) ?? new Float64Array(YEARLY_MAX);
  state.ofYear.set(year, counts);
  for (let place = 0; place < YEARLY_MAX; place += 1) {
    if ((fresh & (1 << place)) !== 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  state.years.add(year, deviceNumber, bits);
}

/** Bits of yearly items, which on disk are named by their slots: their order among themselves is not kept for ever. */
function bitsOf({ yearly }: RunningState, slots: readonly number[]): number {
  return slots.reduce((bits, slot) => {
    const place = yearly.indexOf(slot);
    return place === -1 ? bits : bits | (1 << place);
  }, 0);
}

/** Remembers the days of the newest 32 that a vehicle has sent. */
function takeDays(state: RunningState, row: AggregateChanges['days'][number]): void {
  const page = state.table.openPage(row.deviceNumber);
  const at = rowOffset(row.deviceNumber);
  const newest = page[at + FIELD.chunk] ?? 0;
  if (row.chunk < newest) return;
  for (const mark of ['seen', 'running', 'exterior'] as const) {
    const kept = row.chunk === newest ? (page[at + FIELD[mark]] ?? 0) : 0;
    page[at + FIELD[mark]] = kept | row[mark];
  }
  page[at + FIELD.chunk] = row.chunk;
}
