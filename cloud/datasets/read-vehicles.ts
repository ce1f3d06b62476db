import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { DAY_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { ZoneReader } from '../ports/zone-store.ts';
import { OTHER_MODEL } from './aggregate-cells.ts';
import type { VehicleModel } from './definition.ts';
import { type DayNumber, dayNumberOf } from './periods.ts';
import { createStatisticsTable, GROUPS_MAX, type VehicleStatistics } from './statistics-table.ts';
import { createTagSet, TAG_KEY_BYTES, type TagSet } from './tag-set.ts';
import type { Turns } from './turns.ts';

/** A vehicle that was met. */
export interface MetVehicle {
  readonly vin: Vin;
  /** What it is ordered by: nothing that two recipients could share, such as the order of registration. */
  readonly tag: string;
  readonly model: string;
}

export interface ReadOrder {
  /** Sorted. */
  readonly signals: readonly string[];
  readonly fromDay: DayNumber;
  readonly untilDay: DayNumber;
  readonly models: readonly string[] | undefined;
  readonly modelsKnown: readonly VehicleModel[];
  readonly periodOf: (day: DayNumber) => DayNumber;
}

export interface ReadParts {
  /** Records of signals of the zone, in no particular order; those of devices that are not wanted need not be opened. */
  readonly signals: ZoneReader['signals'];
  readonly vinOf: (deviceNumber: number) => Vin | undefined;
  readonly tagOf: (vin: Vin) => string;
  readonly groupsMax?: number;
}

/** Which vehicles one pass takes: those whose tag lies in one of so many equal parts of all tags. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** What one pass over the zone gives; another thread can hand it over. */
export interface Pass {
  readonly vehicles: readonly MetVehicle[];
  /** In the order of tags. */
  readonly rows: VehicleStatistics;
  /** Beginnings of the domestic tags that were met, `TAG_KEY_BYTES` of each. */
  readonly tags: Uint8Array;
  readonly records: number;
  readonly readings: number;
  readonly firstDay: DayNumber;
  readonly lastDay: DayNumber;
}

export type ReadFault = Fault<'DATASET_TOO_LARGE' | 'DEVICE_UNKNOWN'>;

/** What comes of one share; undefined when it does not fit into memory. */
export type ShareRead = Result<Pass | undefined, ReadFault>;

/** Shares that a build begins with: enough for two threads to be done at about the same time. */
export const SHARES_FIRST = 8;

/** Passes over the zone that one build may take; each holds `GROUPS_MAX` groups at most. */
export const PASSES_MAX = 128;

/**
 * Reads the zone in as few passes as memory allows: when the first does not fit, all begins anew with twice as many. What
 * is given is in the order of tags, however many passes there are.
 */
export async function readVehicles(
  read: (share: Share) => ShareRead,
  { shares }: Pick<Turns, 'shares'>,
): Promise<Result<AsyncIterable<Pass>, ReadFault>> {
  for (let of = SHARES_FIRST; of <= PASSES_MAX; of *= 2) {
    const passes = shares(of, (index) => read({ index, of }))[Symbol.asyncIterator]();
    const next = await passes.next();
    const first: ShareRead = next.done === true ? ok(undefined) : next.value;
    if (first.ok && first.value !== undefined) return ok(passesFrom(first.value, passes));
    await passes.return?.();
    if (!first.ok) return first;
  }
  return fail(readFault('DATASET_TOO_LARGE'));
}

/** @throws Error when a later pass does not fit: vehicles are spread evenly, so that only means that the zone grew. */
async function* passesFrom(first: Pass, later: AsyncIterator<ShareRead>): AsyncGenerator<Pass> {
  try {
    yield first;
    for (let next = await later.next(); next.done !== true; next = await later.next()) {
      if (!next.value.ok || next.value.value === undefined) throw new Error('the zone grew while it was read');
      yield next.value.value;
    }
  } finally {
    await later.return?.();
  }
}

/** What reads shares of the zone; who a device is, it looks up once. */
export function shareReader(order: ReadOrder, parts: ReadParts): (share: Share) => ShareRead {
  const signalOf = new Map(order.signals.map((path, index) => [path, index]));
  const known = createKnown(order, parts);
  const [from, to] = [startOf(order.fromDay), startOf(order.untilDay + 1)];
  let groupsBefore = 0;
  return (share) => {
    // Shares differ by chance, so later ones may hold half as much again.
    const groupsMax = (parts.groupsMax ?? GROUPS_MAX) * (share.index === 0 ? 1 : 2);
    const table = createStatisticsTable(groupsMax, groupsBefore);
    const tags = createTagSet();
    const fleet = createFleet(known, share);
    const wanted = { signal: new Uint8Array(READINGS_MAX), value: new Float64Array(READINGS_MAX) };
    let [records, readings, firstDay, lastDay] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { key, content } of parts.signals(from, to, fleet.isWanted)) {
      if (content.kind !== 'signals' || !fleet.isWanted(key.deviceNumber)) continue;
      const signals = wantedOf(content.signals, signalOf, wanted);
      if (signals === 0) continue;
      const vehicle = fleet.ordinalOf(key.deviceNumber);
      if (vehicle === undefined) return fail(readFault('DEVICE_UNKNOWN'));
      const day = dayNumberOf(content.observedAt);
      const period = order.periodOf(day);
      for (let at = 0; at < signals; at += 1)
        if (!table.take(vehicle, period, wanted.signal[at] ?? 0, wanted.value[at] ?? 0)) return ok(undefined);
      if (!tags.add(content.subjectTag)) return fail(readFault('DATASET_TOO_LARGE'));
      records += 1;
      readings += signals;
      firstDay = Math.min(firstDay, day);
      lastDay = Math.max(lastDay, day);
    }
    const { vehicles } = fleet;
    groupsBefore = table.size();
    const rows = table.sorted(rankByTag(vehicles));
    return ok({ vehicles, rows, tags: tags.beginnings(), records, readings, firstDay, lastDay });
  };
}

/** One set for all passes: a file is searched for the tags of every vehicle, and not of those that were read last. */
export function addTags(all: TagSet, { tags }: Pass): void {
  for (let at = 0; at < tags.length; at += TAG_KEY_BYTES)
    // It begins no build that anybody waits for twice: with fewer days or signals it has fewer tags.
    if (!all.add(tags.subarray(at, at + TAG_KEY_BYTES)))
      throw new Error('the dataset has more tags than one build may');
}

/** Readings of one frame, as the schema limits them. */
const READINGS_MAX = 256;

/** Room for the wanted readings of one frame: an object for each would cost more than taking it in. */
interface Wanted {
  readonly signal: Uint8Array;
  readonly value: Float64Array;
}

/** How many readings of a frame are wanted. */
function wantedOf(
  readings: readonly { readonly path: string; readonly value: number | boolean | string }[],
  signalOf: ReadonlyMap<string, number>,
  wanted: Wanted,
): number {
  assert(readings.length <= READINGS_MAX, 'a frame keeps the limit of its readings');
  let count = 0;
  for (const { path, value } of readings) {
    const signal = typeof value === 'string' ? undefined : signalOf.get(path);
    if (signal === undefined) continue;
    wanted.signal[count] = signal;
    wanted.value[count] = Number(value);
    count += 1;
  }
  return count;
}

interface Fleet {
  /** In the order in which they were met. */
  readonly vehicles: readonly MetVehicle[];
  /** False for a device of another share, or of a model that is not asked for; true for one that the register does not know. */
  readonly isWanted: (deviceNumber: number) => boolean;
  /** Meets the vehicle of a wanted device; undefined when the register does not know it. */
  readonly ordinalOf: (deviceNumber: number) => number | undefined;
}

/** A vehicle, with the place of its tag among all tags, from 0 to below 1. */
interface Known {
  readonly vehicle: MetVehicle;
  readonly place: number;
}

/** Who devices are, each looked up once. */
function createKnown(order: ReadOrder, { vinOf, tagOf }: ReadParts): (deviceNumber: number) => Known | Unmet {
  const known = new Map<number, Known | Unmet>();
  const lookUp = (deviceNumber: number): Known | Unmet => {
    const vin = vinOf(deviceNumber);
    if (vin === undefined) return 'unknown';
    const model = modelOf(vin, order.modelsKnown);
    if (order.models !== undefined && !order.models.includes(model)) return 'left-out';
    const tag = tagOf(vin);
    return { vehicle: { vin, tag, model }, place: Number.parseInt(tag.slice(0, 6), 16) / 0x1000000 };
  };
  return (deviceNumber) => {
    const before = known.get(deviceNumber);
    if (before !== undefined) return before;
    const found = lookUp(deviceNumber);
    known.set(deviceNumber, found);
    return found;
  };
}

type Unmet = 'left-out' | 'unknown';

function createFleet(known: (deviceNumber: number) => Known | Unmet, { index, of }: Share): Fleet {
  const vehicles: MetVehicle[] = [];
  const byDevice = new Map<number, number>();
  const byTag = new Map<string, number>();
  const meet = (vehicle: MetVehicle): number => {
    const met = byTag.get(vehicle.tag);
    if (met !== undefined) return met;
    byTag.set(vehicle.tag, vehicles.length);
    return vehicles.push(vehicle) - 1;
  };
  return {
    vehicles,
    isWanted: (deviceNumber) => {
      const found = known(deviceNumber);
      return typeof found === 'string' ? found === 'unknown' : Math.floor(found.place * of) === index;
    },
    ordinalOf: (deviceNumber) => {
      const before = byDevice.get(deviceNumber);
      if (before !== undefined) return before;
      const found = known(deviceNumber);
      assert(found !== 'left-out', 'only wanted devices are met');
      if (found === 'unknown') return undefined;
      const ordinal = meet(found.vehicle);
      byDevice.set(deviceNumber, ordinal);
      return ordinal;
    },
  };
}

/** The model with the longest beginning that fits; `OTHER_MODEL` if none does. */
export function modelOf(vin: Vin, known: readonly VehicleModel[]): string {
  let best = '';
  let found = OTHER_MODEL;
  for (const { id, vinStarts } of known) {
    for (const start of vinStarts) {
      if (start.length <= best.length || !vin.startsWith(start)) continue;
      best = start;
      found = id;
    }
  }
  return found;
}

function rankByTag(vehicles: readonly MetVehicle[]): Uint32Array {
  const rankOf = new Uint32Array(vehicles.length);
  const order = vehicles.map(({ tag }, ordinal) => ({ tag, ordinal })).sort((a, b) => (a.tag < b.tag ? -1 : 1));
  for (const [rank, { ordinal }] of order.entries()) rankOf[ordinal] = rank;
  return rankOf;
}

const startOf = (day: DayNumber): Instant => (day * DAY_MS - SHANGHAI_OFFSET_MS) as Instant;

function readFault(code: ReadFault['code']): ReadFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: 'after-remedy' };
}

const TEXT: Readonly<Record<ReadFault['code'], readonly [Fault['problem'], Fault['remedy']]>> = {
  DATASET_TOO_LARGE: [
    bilingual('the dataset has more groups than one build may hold', '数据集分组数超过一次构建的上限'),
    bilingual('name fewer signals or days', '请减少信号或天数'),
  ],
  DEVICE_UNKNOWN: [
    bilingual('rows belong to a device that the register does not know', '存在注册表中没有的设备的数据'),
    bilingual('restore the device register', '请恢复设备注册表'),
  ],
};
