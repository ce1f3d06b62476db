import type { Uint } from './field.ts';
import { physical } from './scalars.ts';
import { INVALID, type Value } from './value.ts';

/** Reads a number whose bytes are there; whoever asks has looked. */
export type NumberAt = (view: DataView, at: number) => Value;

const BYTE_VALUES = 256;

export function numberAt(field: Uint): NumberAt {
  const { bytes: size, zero = 0, per = 1 } = field;
  if (size === 1) {
    const values = Array.from({ length: BYTE_VALUES }, (_, raw) => physical(field, raw));
    return (view, at) => values[view.getUint8(at)] ?? INVALID;
  }
  const plainTo = firstReserved(field);
  const numberOf = (raw: number): Value => (raw < plainTo ? (raw - zero) / per : physical(field, raw));
  return size === 2 ? (view, at) => numberOf(view.getUint16(at)) : (view, at) => numberOf(view.getUint32(at));
}

/** The lowest raw value that is something else than a number; words may stand for any. */
function firstReserved({ bytes, marks, codes }: Uint): number {
  if (codes !== undefined) return 0;
  const values = 2 ** (8 * bytes);
  return marks === undefined ? values : values - 2;
}

/** Reads so many numbers in a row, whose bytes are there. */
export type NumbersAt = (view: DataView, at: number, count: number) => Value[];

/** Cell voltages and temperatures are most of a frame, so each has a loop of its own. */
export function numbersAt(field: Uint & { readonly bytes: 1 | 2 }): NumbersAt {
  return field.bytes === 1 ? bytesAt(field) : pairsAt(field);
}

function bytesAt(field: Uint): NumbersAt {
  const values = Array.from({ length: BYTE_VALUES }, (_, raw) => physical(field, raw));
  return (view, at, count) => {
    const read = blankOf(INTEGERS, count);
    for (let index = 0; index < count; index += 1) read[index] = values[view.getUint8(at + index)] ?? INVALID;
    return read;
  };
}

function pairsAt(field: Uint): NumbersAt {
  const { zero = 0, per = 1 } = field;
  const plainTo = firstReserved(field);
  return (view, at, count) => {
    const read = blankOf(FRACTIONS, count);
    for (let index = 0; index < count; index += 1) {
      const raw = view.getUint16(at + 2 * index);
      // Two stores: one of either would make each number an object on its way.
      if (raw < plainTo) read[index] = (raw - zero) / per;
      else read[index] = physical(field, raw);
    }
    return read;
  };
}

/** Copies begin as the engine's lists of integers, or of fractions, in which a number is no object of its own. */
const BLANK_VALUES = 256;
const INTEGERS: readonly number[] = Array.from({ length: BLANK_VALUES }, () => 0);
const FRACTIONS: readonly number[] = Array.from({ length: BLANK_VALUES }, () => 0.5);

const blankOf = (blank: readonly number[], count: number): Value[] =>
  count <= blank.length ? blank.slice(0, count) : new Array(count).fill(0);
