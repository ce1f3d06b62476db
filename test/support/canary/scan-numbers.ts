import type { PairedForm, PairFinder } from './axis-pairs.ts';
import {
  CELLS_PER_DEGREE,
  type CoordinateIndex,
  cellOf,
  DEGREES_MAX,
  FINE_CELLS_PER_DEGREE,
  hasBit,
} from './coordinate-index.ts';
import { findTrueDouble } from './double-values.ts';
import type { Report } from './hit.ts';
import { DOUBLE_TOLERANCE, SINGLE_TOLERANCE, scaledTolerance } from './tolerances.ts';

/**
 * Finds coordinates written as binary numbers, at any byte offset: float32, float64, int32 and int64 of degrees times
 * 1e4 to 1e7, both byte orders; protobuf varint and zigzag varint of degrees times 1e5 to 1e7.
 *
 * A float64 counts alone when it is the true double, or that coordinate cut or rounded to 5, 6 or 7 decimals. All
 * else needs its partner (see `PairFinder`); paired doubles may differ from the truth by 6e-5 degrees.
 */
export function scanNumbers(bytes: Uint8Array, index: CoordinateIndex, pairs: PairFinder, report: Report): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader: Reader = { view, index, pairs, report };
  const end = bytes.length - 3;
  for (let offset = 0; offset < end; offset++) {
    const little = view.getInt32(offset, true);
    const big = view.getInt32(offset, false);
    if (mayBeInteger(index, little)) readIntegers(reader, LITTLE, offset, little);
    if (mayBeInteger(index, big)) readIntegers(reader, BIG, offset, big);
    if (isFloatBits(little)) {
      readSingle(reader, LITTLE, offset);
      readDouble(reader, LITTLE, offset - 4);
    }
    if (isFloatBits(big)) {
      readSingle(reader, BIG, offset);
      readDouble(reader, BIG, offset);
    }
    // Two continuation bits: a varint of three bytes or more; degrees times 1e5 take no fewer.
    if ((little & 0x8080) === 0x8080 && mayBeVarint(reader, offset, little)) readVarint(reader, offset);
  }
  if (end >= 0) readVarint(reader, end);
}

interface Reader {
  readonly view: DataView;
  readonly index: CoordinateIndex;
  readonly pairs: PairFinder;
  readonly report: Report;
}

interface ScaledForm extends PairedForm {
  readonly scale: number;
  /** Range of magnitudes that stand for 1 to 180 degrees. */
  readonly least: number;
  readonly most: number;
  /** Units in one cell of the prefilters. */
  readonly perCell: number;
  readonly perFineCell: number;
}

interface ByteOrder {
  readonly isLittle: boolean;
  readonly suffix: 'le' | 'be';
  /** Smallest scale first: a number too small for one is too small for those after it. */
  readonly integers: readonly ScaledForm[];
  readonly single: PairedForm;
  readonly double: PairedForm;
}

/** Is there a scale at which this 32-bit number lies in a cell of the index? Whole-number arithmetic only: 40 million calls. */
function mayBeInteger({ coarseBits, fineBits }: CoordinateIndex, raw: number): boolean {
  const magnitude = raw < 0 ? -raw | 0 : raw;
  if (magnitude > 180e7 || magnitude < 1e4) return false;
  if (magnitude >= 1e7 && hasBit(coarseBits, (magnitude / 1000) | 0) && hasBit(fineBits, (magnitude / 100) | 0))
    return true;
  if (magnitude > 180e6) return false;
  if (magnitude >= 1e6 && hasBit(fineBits, (magnitude / 10) | 0)) return true;
  if (magnitude > 180e5) return false;
  return (magnitude >= 1e5 && hasBit(fineBits, magnitude)) || (magnitude <= 180e4 && hasBit(coarseBits, magnitude));
}

function readIntegers(reader: Reader, order: ByteOrder, offset: number, raw: number): void {
  const magnitude = Math.abs(raw);
  const forms = order.integers;
  for (let at = 0; at < forms.length; at++) {
    const form = forms[at];
    if (form === undefined || magnitude < form.least) return;
    if (magnitude > form.most || !mayBeScaled(reader.index, form, magnitude)) continue;
    const point = reader.pairs.sight(form, offset, magnitude / form.scale);
    if (point < 0) continue;
    const width = isExtended(reader.view, order, offset, raw) ? 'int64' : 'int32';
    reader.report('position', width + form.name, offset, point);
  }
}

function mayBeScaled(index: CoordinateIndex, { perCell, perFineCell }: ScaledForm, magnitude: number): boolean {
  if (!hasBit(index.coarseBits, Math.floor(magnitude / perCell))) return false;
  return perFineCell < 1 || hasBit(index.fineBits, Math.floor(magnitude / perFineCell));
}

/** Are the four bytes above those of a 32-bit number its sign extension, so that it reads as 64 bits as well? */
function isExtended(view: DataView, { isLittle }: ByteOrder, offset: number, raw: number): boolean {
  const above = isLittle ? offset + 4 : offset - 4;
  if (above < 0 || above + 4 > view.byteLength) return false;
  return view.getInt32(above, isLittle) === (raw < 0 ? -1 : 0);
}

/** Could these be the bits of a float32, or the upper half of those of a float64, between 1 and 180 (either sign)? */
function isFloatBits(bits: number): boolean {
  const magnitude = bits & 0x7fff_ffff;
  return magnitude >= 0x3f80_0000 && magnitude <= 0x4334_0000;
}

function readSingle(reader: Reader, order: ByteOrder, offset: number): void {
  const degrees = Math.abs(reader.view.getFloat32(offset, order.isLittle));
  const fine = Math.floor(degrees * FINE_CELLS_PER_DEGREE);
  const bits = reader.index.fineBits;
  if (!hasBit(bits, fine) && !hasBit(bits, fine - 1) && !hasBit(bits, fine + 1)) return;
  const point = reader.pairs.sight(order.single, offset, degrees);
  if (point >= 0) reader.report('position', order.single.name, offset, point);
}

function readDouble({ view, index, pairs, report }: Reader, order: ByteOrder, offset: number): void {
  if (offset < 0 || offset + 8 > view.byteLength) return;
  const degrees = Math.abs(view.getFloat64(offset, order.isLittle));
  if (!(degrees >= 1 && degrees <= DEGREES_MAX)) return;
  if (!hasBit(index.coarseBits, cellOf(degrees))) return;
  for (const axis of ['latitude', 'longitude'] as const) {
    const of = findTrueDouble(index[axis], degrees);
    if (of >= 0) report(axis, order.double.name, offset, of);
  }
  const point = pairs.sight(order.double, offset, degrees);
  if (point >= 0) report('position', order.double.name, offset, point);
}

/** Does the varint whose first four bytes are `little` lie in a cell of the index, as a plain, zigzag or negative number? */
function mayBeVarint({ view, index }: Reader, offset: number, little: number): boolean {
  let value = (little & 0x7f) | ((little >>> 1) & 0x3f80);
  if (little & 0x80_0000) {
    value |= (little >>> 3) & 0xfe0_0000;
    if (little < 0) {
      const fifth = offset + 4 < view.byteLength ? view.getUint8(offset + 4) : 0xff;
      // Four bits of the fifth byte complete 32; six to nine bytes hold nothing that is looked for, ten a negative number.
      if (fifth >= 0x80) return varintLength(view, offset) === NEGATIVE_VARINT_BYTES;
      value += fifth * 2 ** 28;
    }
  }
  value += (little >>> 2) & 0x1f_c000;
  if (value > 360e7) return false;
  return (value <= 180e7 && mayBeInteger(index, value)) || mayBeInteger(index, Math.ceil(value / 2));
}

/** Reads one base-128 varint (protobuf encoding) as a plain number, as a zigzag one and, at ten bytes, as a negative one. */
function readVarint(reader: Reader, offset: number): void {
  const length = varintLength(reader.view, offset);
  if (length === NEGATIVE_VARINT_BYTES) {
    // Two's complement of 64 bits: the low 32 are all that a coordinate needs.
    readScaled(reader, VARINTS, offset, Math.abs(varintValue(reader.view, offset, 5) | 0));
  }
  if (length === 0 || length > VARINT_BYTES_MAX) return;
  const value = varintValue(reader.view, offset, length);
  readScaled(reader, VARINTS, offset, value);
  readScaled(reader, ZIGZAGS, offset, Math.ceil(value / 2));
}

/** Bytes of the varint at `offset`, or 0 when it ends nowhere within ten. */
function varintLength(view: DataView, offset: number): number {
  const end = Math.min(view.byteLength, offset + NEGATIVE_VARINT_BYTES);
  for (let at = offset; at < end; at++) {
    if (view.getUint8(at) < 0x80) return at + 1 - offset;
  }
  return 0;
}

function varintValue(view: DataView, offset: number, length: number): number {
  let value = 0;
  for (let at = length - 1; at >= 0; at--) value = value * 128 + (view.getUint8(offset + at) & 0x7f);
  return value;
}

function readScaled(reader: Reader, forms: readonly ScaledForm[], offset: number, magnitude: number): void {
  for (const form of forms) {
    if (magnitude < form.least || magnitude > form.most || !mayBeScaled(reader.index, form, magnitude)) continue;
    const point = reader.pairs.sight(form, offset, magnitude / form.scale);
    if (point >= 0) reader.report('position', form.name, offset, point);
  }
}

/** 180 degrees times 1e7, zigzag, take 32 bits: five groups of seven. */
const VARINT_BYTES_MAX = 5;
const NEGATIVE_VARINT_BYTES = 10;

function byteOrder(suffix: 'le' | 'be'): ByteOrder {
  return {
    isLittle: suffix === 'le',
    suffix,
    integers: [1e4, 1e5, 1e6, 1e7].map((scale) => scaledForm(suffix, scale)),
    single: { name: `float32${suffix}`, tolerance: SINGLE_TOLERANCE },
    double: { name: `float64${suffix}`, tolerance: DOUBLE_TOLERANCE },
  };
}

function scaledForm(prefix: string, scale: number): ScaledForm {
  return {
    name: `${prefix} x1e${Math.log10(scale)}`,
    tolerance: scaledTolerance(scale),
    scale,
    least: scale,
    most: scale * DEGREES_MAX,
    perCell: scale / CELLS_PER_DEGREE,
    perFineCell: scale / FINE_CELLS_PER_DEGREE,
  };
}

const LITTLE = byteOrder('le');
const BIG = byteOrder('be');
const VARINTS = [1e5, 1e6, 1e7].map((scale) => scaledForm('varint', scale));
const ZIGZAGS = [1e5, 1e6, 1e7].map((scale) => scaledForm('zigzag', scale));
