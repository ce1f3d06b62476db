import type { AggregateChanges, ItemCountRow } from '../ports/aggregate-store.ts';
import { classBits, classesIn, kindsIn, ROLE } from './bound-rules.ts';
import { ITEM_WORDS, slotsIn } from './item-set.ts';
import { dayOf, type Inspection, type ObservedContent, yearOfDay } from './observed.ts';
import {
  dayRows,
  hasFlag,
  isJoined,
  isMarked,
  markDay,
  openPending,
  type PendingVehicle,
  setFlag,
  vehicleRow,
} from './pending-vehicle.ts';
import { type Flows, putFlow, type RunningState, YEAR_FIRST } from './running-state.ts';
import { FIELD, FLAG, rowOffset } from './vehicle-table.ts';
import type { Weigher, Weight } from './weigh-record.ts';

/** The label of an area that the operator set, or the empty text. */
export type AreaOf = (deviceNumber: number, content: ObservedContent) => string;

/** What a group of records adds to the aggregates. It changes nothing until it is settled. */
export interface GroupTally {
  /** Counts a record that was not counted before; whoever calls it sees to that. */
  readonly take: (deviceNumber: number, content: ObservedContent, area?: string) => void;
  readonly changes: () => AggregateChanges;
}

const PERSONAL = classBits(['personal', 'sensitive']);
const UINT32_MAX = 0xffff_ffff;

interface Group {
  readonly state: RunningState;
  readonly areaOf: AreaOf;
  readonly vehicles: Map<number, PendingVehicle>;
  readonly flows: Flows;
  readonly counts: Map<number, ItemCountRow>;
  classes: number;
  kinds: number;
  /** What was last added to the flows: the next record mostly adds the same. */
  last: { readonly area: string; readonly day: number; readonly weight: Weight | undefined };
}

export function beginGroup(state: RunningState, weigh: Weigher, areaOf: AreaOf): GroupTally {
  const { classes, kinds } = state.totals;
  const last = { area: '', day: 0, weight: undefined };
  const group: Group = {
    ...{ state, areaOf, vehicles: new Map(), flows: new Map(), counts: new Map() },
    ...{ classes, kinds, last },
  };
  return {
    take: (deviceNumber, content, area) => {
      take(group, deviceNumber, content, weigh(content), area);
    },
    changes: () => changesOf(group),
  };
}

function take(group: Group, deviceNumber: number, content: ObservedContent, weight: Weight, area?: string): void {
  group.classes |= weight.classes;
  group.kinds |= weight.kinds;
  const day = dayOf(content);
  if (isNews(group, deviceNumber, day, weight) || content.kind === 'trip')
    takeVehicle(pendingOf(group, deviceNumber), group, day, weight, content);
  if (weight.yearly !== 0) takeYear(group, deviceNumber, yearOf(day), weight.yearly);
  if ((weight.roles & ROLE.flow) !== 0) takeFlow(group, area ?? group.areaOf(deviceNumber, content), day, weight);
  if ((weight.roles & (ROLE.picture | ROLE.clip)) !== 0) takePicture(group, weight, inspectionOf(content));
}

/** Whether the vehicle's row, or its days, would change. Most records of a vehicle say nothing new. */
function isNews(group: Group, deviceNumber: number, day: number, { classes, items, roles, isTagged }: Weight): boolean {
  const pending = group.vehicles.get(deviceNumber);
  const words = pending?.words ?? group.state.table.page(deviceNumber);
  if (words === undefined) return true;
  const at = pending === undefined ? rowOffset(deviceNumber) : 0;
  for (let word = 0; word < ITEM_WORDS; word += 1) {
    if (((items[word] ?? 0) & ~(words[at + word] ?? 0)) !== 0) return true;
  }
  const flags = words[at + FIELD.flags] ?? 0;
  if ((flags & FLAG.known) === 0) return true;
  if (isTagged && (classes & PERSONAL) !== 0 && (flags & FLAG.series) === 0) return true;
  if ((roles & (ROLE.running | ROLE.exterior)) === 0) return false;
  if (words[at + FIELD.chunk] !== day >>> 5) return true;
  const bit = 1 << (day & 31);
  if ((roles & ROLE.running) !== 0 && ((words[at + FIELD.running] ?? 0) & bit) === 0) return true;
  return (roles & ROLE.exterior) !== 0 && ((words[at + FIELD.exterior] ?? 0) & bit) === 0;
}

function pendingOf({ vehicles, state }: Group, deviceNumber: number): PendingVehicle {
  const known = vehicles.get(deviceNumber);
  if (known !== undefined) return known;
  const opened = openPending(deviceNumber, state.table);
  vehicles.set(deviceNumber, opened);
  return opened;
}

function takeVehicle(
  vehicle: PendingVehicle,
  { state: { store } }: Group,
  day: number,
  { classes, items, roles, isTagged }: Weight,
  content: ObservedContent,
): void {
  const { words } = vehicle;
  for (let word = 0; word < ITEM_WORDS; word += 1) words[word] = (words[word] ?? 0) | (items[word] ?? 0);
  if (isTagged && (classes & PERSONAL) !== 0 && !hasFlag(vehicle, FLAG.series)) {
    if (isMarked(vehicle, day, 'seen', store)) setFlag(vehicle, FLAG.series);
    else markDay(vehicle, day, 'seen');
  }
  const isExterior = (roles & ROLE.exterior) !== 0;
  if (isExterior && !isMarked(vehicle, day, 'exterior', store)) {
    setFlag(vehicle, FLAG.exterior);
    vehicle.exteriorDays += 1;
    markDay(vehicle, day, 'exterior');
  }
  if ((roles & ROLE.running) !== 0) markDay(vehicle, day, 'running');
  if (hasFlag(vehicle, FLAG.exterior) && !hasFlag(vehicle, FLAG.fused) && isJoined(vehicle, day, store))
    setFlag(vehicle, FLAG.fused);
  if (content.kind === 'trip') {
    words[FIELD.distance] = Math.min(UINT32_MAX, (words[FIELD.distance] ?? 0) + leastOf(content.distanceClass));
    words[FIELD.duration] = Math.min(UINT32_MAX, (words[FIELD.duration] ?? 0) + leastOf(content.durationClass));
  }
}

/** The lower bound of a class of a trip row, in units of the upper bound of class 0: 0, 1, 2, 4 ... */
const leastOf = (tripClass: number): number => (tripClass === 0 ? 0 : 2 ** (tripClass - 1));

function takeYear(group: Group, deviceNumber: number, year: number, bits: number): void {
  const { state } = group;
  if (year < YEAR_FIRST) return;
  const before = state.years.bits(year, deviceNumber);
  if ((bits & ~before) === 0) return;
  const { years } = pendingOf(group, deviceNumber);
  years.set(year, bits | before | (years.get(year) ?? 0));
}

/** Days come in runs, and a calendar is slow. */
const yearOf = (() => {
  let last = { day: 0, year: 1970 };
  return (day: number): number => {
    if (last.day !== day) last = { day, year: yearOfDay(day) };
    return last.year;
  };
})();

function takeFlow(group: Group, area: string, day: number, weight: Weight): void {
  const { last, flows, state } = group;
  if (last.weight === weight && last.day === day && last.area === area) return;
  group.last = { area, day, weight };
  const { items } = weight;
  const known = flows.get(area)?.get(day) ?? state.flows.get(area)?.get(day);
  if (known !== undefined && items.every((word, index) => (word & ~(known[index] ?? 0)) === 0)) return;
  putFlow(
    flows,
    area,
    day,
    items.map((word, index) => word | (known?.[index] ?? 0)),
  );
}

function inspectionOf(content: ObservedContent): Inspection | undefined {
  return 'inspection' in content ? content.inspection : undefined;
}

function takePicture({ state, counts }: Group, { items, roles }: Weight, inspection: Inspection | undefined): void {
  for (const slot of slotsIn(items)) {
    const before = counts.get(slot) ?? state.counts.get(slot) ?? noCount(slot);
    counts.set(slot, {
      slot,
      pictures: before.pictures + ((roles & ROLE.picture) === 0 ? 0 : 1),
      clips: before.clips + ((roles & ROLE.clip) === 0 ? 0 : 1),
      uninspected: before.uninspected + (inspection === undefined ? 1 : 0),
      facePx: Math.max(before.facePx, ...(inspection?.faces ?? [])),
      platePx: Math.max(before.platePx, ...(inspection?.plates ?? [])),
    });
  }
}

export const noCount = (slot: number): ItemCountRow => ({
  ...{ slot, pictures: 0, clips: 0, uninspected: 0, facePx: 0, platePx: 0 },
});

function changesOf({ state, vehicles, flows, counts, classes, kinds }: Group): AggregateChanges {
  const pending = [...vehicles.values()];
  const exteriorDays = pending.reduce((days, vehicle) => days + vehicle.exteriorDays, state.totals.exteriorDays);
  const { totals } = state;
  const isSame = exteriorDays === totals.exteriorDays && classes === totals.classes && kinds === totals.kinds;
  return {
    vehicles: pending.map(vehicleRow),
    years: pending.flatMap(({ deviceNumber, years }) =>
      [...years].map(([year, bits]) => ({
        deviceNumber,
        year,
        slots: state.yearly.filter((_, place) => (bits & (1 << place)) !== 0),
      })),
    ),
    days: pending.flatMap(dayRows),
    flows: [...flows].flatMap(([area, days]) => [...days].map(([day, items]) => ({ area, day, items: [...items] }))),
    counts: [...counts.values()],
    totals: isSame ? undefined : { exteriorDays, classes: classesIn(classes), kinds: kindsIn(kinds) },
  };
}
