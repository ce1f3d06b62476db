import { byteAt, fourAt, pairAt } from './cursor.ts';
import type { Uint } from './field.ts';
import { physical } from './scalars.ts';
import { INVALID, type Value } from './value.ts';

/** A row of numbers made ready. One function reads all of them: a call into a function of each row's own costs more than reading. */
export interface NumberRow {
  readonly size: 1 | 2 | 4;
  /** Of every raw value, where there are few of them. */
  readonly values: readonly Value[] | undefined;
  readonly zero: number;
  readonly per: number;
  /** The lowest raw value that is something else than a number. */
  readonly plainTo: number;
  readonly field: Uint;
}

const BYTE_VALUES = 256;

export function numberRow(field: Uint): NumberRow {
  const { bytes: size, zero = 0, per = 1 } = field;
  const values = size === 1 ? Array.from({ length: BYTE_VALUES }, (_, raw) => physical(field, raw)) : undefined;
  return { size, values, zero, per, plainTo: firstReserved(field), field };
}

/** The bytes are there; whoever asks has looked. */
export function numberAt(row: NumberRow, bytes: Buffer, at: number): Value {
  const { size, values, zero, per, plainTo, field } = row;
  if (values !== undefined) return values[byteAt(bytes, at)] ?? INVALID;
  const raw = size === 2 ? pairAt(bytes, at) : fourAt(bytes, at);
  return raw < plainTo ? (raw - zero) / per : physical(field, raw);
}

/** The lowest raw value that is something else than a number; words may stand for any. */
function firstReserved({ bytes, marks, codes }: Uint): number {
  if (codes !== undefined) return 0;
  const values = 2 ** (8 * bytes);
  return marks === undefined ? values : values - 2;
}

/** Reads so many numbers in a row, whose bytes are there. */
export type NumbersAt = (bytes: Buffer, at: number, count: number) => Value[];

/**
 * Cell voltages and temperatures are most of a frame. A list without a mark is read as the engine's list of integers or of
 * fractions, in which a number is no object of its own; the first mark begins it again as a list of anything.
 */
export function numbersAt(field: Uint & { readonly bytes: 1 | 2 }): NumbersAt {
  const { zero = 0, per = 1, bytes: size } = field;
  const plainTo = firstReserved(field);
  const row = numberRow(field);
  const any: NumbersAt = (bytes, at, count) =>
    Array.from({ length: count }, (_, index) => numberAt(row, bytes, at + size * index));
  if (size === 2)
    return (bytes, at, count) => fractionsAt(bytes, at, count, { plainTo, zero, per }) ?? any(bytes, at, count);
  if (per !== 1) return any;
  return (bytes, at, count) => integersAt(bytes, at, count, { plainTo, zero }) ?? any(bytes, at, count);
}

interface Plain {
  readonly plainTo: number;
  readonly zero: number;
}

function integersAt(bytes: Buffer, from: number, count: number, { plainTo, zero }: Plain): number[] | undefined {
  const read = count <= INTEGERS.length ? INTEGERS.slice(0, count) : new Array<number>(count).fill(0);
  for (let index = 0; index < count; index += 1) {
    const raw = byteAt(bytes, from + index);
    if (raw >= plainTo) return undefined;
    read[index] = raw - zero;
  }
  return read;
}

function fractionsAt(
  bytes: Buffer,
  from: number,
  count: number,
  { plainTo, zero, per }: Plain & { readonly per: number },
): number[] | undefined {
  const read = count <= FRACTIONS.length ? FRACTIONS.slice(0, count) : new Array<number>(count).fill(0.5);
  for (let index = 0, at = from; index < count; index += 1, at += 2) {
    const raw = pairAt(bytes, at);
    if (raw >= plainTo) return undefined;
    read[index] = (raw - zero) / per;
  }
  return read;
}

/** Copies of these are lists of the engine's two kinds from the start. */
const BLANK_VALUES = 256;
const INTEGERS: readonly number[] = Array.from({ length: BLANK_VALUES }, () => 0);
const FRACTIONS: readonly number[] = Array.from({ length: BLANK_VALUES }, () => 0.5);
