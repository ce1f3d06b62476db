import { type ByteReader, broken, readBytes, readNumber, readSigned } from './byte-reader.ts';
import { type ByteWriter, writeBytes, writeNumber, writeSigned } from './byte-writer.ts';

/** Numbers as multiples of a power of ten: what sensors and quanta give. */
export interface Decimals {
  /** Digits behind the point, as few as will do. */
  readonly places: number;
  /** Value times 10^places. */
  readonly integers: readonly number[];
}

const PLACES_MAX = 9;

/**
 * Below it every integer over 10^places is a double of its own, so that a double has one integer at most and taking away
 * zeros at the end is all there is to shortening.
 */
const INTEGER_MAX = 999_999_999_999_999;

/** @returns undefined when a value is no decimal of nine places and fifteen digits, which any one of them decides for all */
export function decimalsOf(values: readonly number[]): Decimals | undefined {
  const integers = new Array<number>(values.length);
  let places = 0;
  let factor = 1;
  // Values before this one were scaled by fewer places.
  let scaledFrom = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    let integer = Math.round(value * factor);
    while (!isIntegerOf(value, integer, factor)) {
      places += 1;
      if (places > PLACES_MAX) return undefined;
      factor = POWERS[places] ?? 1;
      scaledFrom = index;
      integer = Math.round(value * factor);
    }
    integers[index] = integer;
  }
  for (let index = 0; index < scaledFrom; index += 1) {
    const value = values[index] ?? 0;
    const integer = Math.round(value * factor);
    if (!isIntegerOf(value, integer, factor)) return undefined;
    integers[index] = integer;
  }
  return { places, integers };
}

const POWERS = Array.from({ length: PLACES_MAX + 1 }, (_, places) => 10 ** places);

/** A negative zero is the double it is, and no integer. */
function isIntegerOf(value: number, integer: number, factor: number): boolean {
  if (value === 0) return Object.is(value, 0);
  return integer / factor === value && integer <= INTEGER_MAX && integer >= -INTEGER_MAX;
}

/** Places, and the differences of the integers, the first from 0. */
export function writeDecimals(writer: ByteWriter, { places, integers }: Decimals): void {
  writeNumber(writer, places);
  let last = 0;
  for (let index = 0; index < integers.length; index += 1) {
    const integer = integers[index] ?? 0;
    writeSigned(writer, integer - last);
    last = integer;
  }
}

/** @param count - how many there are; the caller has bounded it */
export function readDecimals(reader: ByteReader, count: number): readonly number[] {
  const places = readNumber(reader, PLACES_MAX);
  const factor = POWERS[places] ?? 1;
  const values: number[] = [];
  let isShortest = places === 0;
  let integer = 0;
  for (let index = 0; index < count && !reader.isBroken; index += 1) {
    integer += readSigned(reader, 2 * INTEGER_MAX);
    if (Math.abs(integer) > INTEGER_MAX) broken(reader);
    isShortest ||= integer % 10 !== 0;
    // Adding 0 turns a negative zero into zero.
    values.push((integer + 0) / factor);
  }
  if (!isShortest) broken(reader);
  return values;
}

/**
 * Any doubles: what each has other bits in than the one before, all first bytes, then all second ones, and so on. Signs,
 * exponents and leading digits, which change little, then stand together.
 */
export function writeDoubles(writer: ByteWriter, values: readonly number[]): void {
  const planes = new Uint8Array(values.length * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  const [last, own] = [new Uint8Array(DOUBLE_BYTES), new Uint8Array(view.buffer)];
  for (const [index, value] of values.entries()) {
    view.setFloat64(0, value);
    for (let byte = 0; byte < DOUBLE_BYTES; byte += 1) {
      planes[byte * values.length + index] = (own[byte] ?? 0) ^ (last[byte] ?? 0);
      last[byte] = own[byte] ?? 0;
    }
  }
  writeBytes(writer, planes);
}

const DOUBLE_BYTES = 8;

/** @returns nothing, and a broken reader, for what is not finite, and for values that are decimals and have that form */
export function readDoubles(reader: ByteReader, count: number): readonly number[] {
  const planes = readBytes(reader, count * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  const own = new Uint8Array(view.buffer);
  const values: number[] = [];
  for (let index = 0; index < count && !reader.isBroken; index += 1) {
    for (let byte = 0; byte < DOUBLE_BYTES; byte += 1)
      own[byte] = (own[byte] ?? 0) ^ (planes[byte * count + index] ?? 0);
    const value = view.getFloat64(0);
    if (!Number.isFinite(value)) broken(reader);
    values.push(value);
  }
  if (!reader.isBroken && decimalsOf(values) !== undefined) broken(reader);
  return reader.isBroken ? [] : values;
}
