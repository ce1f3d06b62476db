import { assert } from '../../proto/words/result.ts';
import type { KeyScope } from '../ports/key-vault.ts';
import { KEY_BYTES } from './envelope.ts';

/**
 * Keys that seal now, by what they are for. They lie one after the other in a few arrays of numbers: as objects those of
 * 100,000 vehicles are what the engine's collector spends most of its time on (docs/adr/0147).
 */
export interface OpenKeys {
  /** Its place, or -1. */
  readonly find: (scope: KeyScope) => number;
  /** Of a scope that has none. @returns its place */
  readonly add: (scope: KeyScope, id: number, key: Uint8Array) => number;
  /** Puts another key at a place, under which nothing was sealed yet. */
  readonly replace: (place: number, id: number, key: Uint8Array) => void;
  /** Counts a seal under the key of a place. @returns its number, from 0 */
  readonly sealWith: (place: number) => number;
  readonly sealsOf: (place: number) => number;
  readonly idOf: (place: number) => number;
  /** The bytes where they lie: good until something is added, replaced or cleared. */
  readonly keyAt: (place: number) => Uint8Array;
  readonly size: () => number;
  /** Forgets all of them; the bytes are overwritten. */
  readonly clear: () => void;
}

const FIRST_PLACES = 1_024;
/** Ids of retention rows; a scope is told apart by the number of its class, below its day. */
const CLASSES_MAX = 256;

/** @param seed - drawn by chance, so that nobody who sends knows which scopes fall together */
export function createOpenKeys(seed: number): OpenKeys {
  const classes = new Map<string, number>();
  let size = 0;
  let table = createArrays(FIRST_PLACES);

  const classOf = (retention: string): number => {
    const known = classes.get(retention);
    if (known !== undefined) return known;
    assert(classes.size < CLASSES_MAX, 'there are few classes of retention');
    classes.set(retention, classes.size);
    return classes.size - 1;
  };

  /** Of the slot that holds the scope, or the empty one where it would stand. */
  const slotOf = ({ slots, devices, days }: Arrays, device: number, day: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash(seed, device, day) & mask; ; slot = (slot + 1) & mask) {
      const place = (slots[slot] ?? 0) - 1;
      if (place < 0 || (devices[place] === device && days[place] === day)) return slot;
    }
  };

  const grow = (): void => {
    const grown = createArrays(table.ids.length * 2);
    for (const name of ['devices', 'days', 'ids', 'seals', 'keys'] as const) {
      grown[name].set(table[name]);
      table[name].fill(0);
    }
    for (let place = 0; place < size; place += 1)
      grown.slots[slotOf(grown, grown.devices[place] ?? 0, grown.days[place] ?? 0)] = place + 1;
    table = grown;
  };

  const replace: OpenKeys['replace'] = (place, id, key) => {
    assert(key.length === KEY_BYTES, 'a data key has its length');
    table.ids[place] = id;
    table.seals[place] = 0;
    table.keys.set(key, place * KEY_BYTES);
  };

  return {
    find: ({ deviceNumber, day, retention }) =>
      (table.slots[slotOf(table, deviceNumber, day * CLASSES_MAX + classOf(retention))] ?? 0) - 1,
    add: ({ deviceNumber, day, retention }, id, key) => {
      if (size === table.ids.length) grow();
      const place = size;
      table.devices[place] = deviceNumber;
      table.days[place] = day * CLASSES_MAX + classOf(retention);
      table.slots[slotOf(table, deviceNumber, table.days[place] ?? 0)] = place + 1;
      replace(place, id, key);
      size += 1;
      return place;
    },
    replace,
    sealWith: (place) => {
      const number = table.seals[place] ?? 0;
      table.seals[place] = number + 1;
      return number;
    },
    sealsOf: (place) => table.seals[place] ?? 0,
    idOf: (place) => table.ids[place] ?? 0,
    keyAt: (place) => table.keys.subarray(place * KEY_BYTES, (place + 1) * KEY_BYTES),
    size: () => size,
    clear: () => {
      table.keys.fill(0);
      table = createArrays(FIRST_PLACES);
      size = 0;
    },
  };
}

interface Arrays {
  /** Places plus one, by the hash of what is there; half of them empty. */
  readonly slots: Uint32Array;
  readonly devices: Float64Array;
  /** Days, and below them classes of retention. */
  readonly days: Float64Array;
  readonly ids: Float64Array;
  readonly seals: Uint32Array;
  readonly keys: Uint8Array;
}

function createArrays(places: number): Arrays {
  return {
    slots: new Uint32Array(places * 2),
    devices: new Float64Array(places),
    days: new Float64Array(places),
    ids: new Float64Array(places),
    seals: new Uint32Array(places),
    keys: new Uint8Array(places * KEY_BYTES),
  };
}

/** Every bit of both numbers and of the seed moves the low bits, by which a slot is chosen. */
function hash(seed: number, device: number, day: number): number {
  let mixed = Math.imul(seed ^ device, 0x9e37_79b1) ^ Math.imul(day + device / 2 ** 32, 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
