import type { Chance } from './chance.ts';

/** Bytes that differ from the given ones by one to three small accidents or lies. @param donors - bytes to splice in */
export function mutated(bytes: Uint8Array, chance: Chance, donors: readonly Uint8Array[]): Uint8Array {
  for (;;) {
    let changed: Uint8Array = bytes;
    for (let times = 1 + chance.below(3); times > 0; times -= 1)
      changed = chance.of(MUTATIONS)(changed, chance, donors);
    if (Buffer.compare(changed, bytes) !== 0) return changed;
  }
}

type Mutation = (bytes: Uint8Array, chance: Chance, donors: readonly Uint8Array[]) => Uint8Array;

const place = (bytes: Uint8Array, chance: Chance): number => chance.below(bytes.length + 1);

/** Values that ends of ranges, varints and tags are made of. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x08, 0x0a, 0x12, 0x1a, 0x42] as const;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, chance) {
    const copy = Uint8Array.from(bytes);
    const at = chance.below(Math.max(1, copy.length));
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8));
    return copy;
  },
  function setByte(bytes, chance) {
    const copy = Uint8Array.from(bytes);
    copy[chance.below(Math.max(1, copy.length))] = chance.of(EDGES);
    return copy;
  },
  function truncate(bytes, chance) {
    return bytes.subarray(0, place(bytes, chance));
  },
  function insert(bytes, chance) {
    const at = place(bytes, chance);
    const added = Uint8Array.from({ length: 1 + chance.below(6) }, () => chance.below(256));
    return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
  },
  function remove(bytes, chance) {
    const at = place(bytes, chance);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(6))]);
  },
  function repeat(bytes, chance) {
    const at = place(bytes, chance);
    const end = at + chance.below(40);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
  function splice(bytes, chance, donors) {
    const donor = chance.of(donors);
    return Buffer.concat([bytes.subarray(0, place(bytes, chance)), donor.subarray(place(donor, chance))]);
  },
];
