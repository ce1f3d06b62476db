import { nextCopy } from './copies.ts';
import { type Cursor, has, readUint } from './cursor.ts';
import type { Extent, Field, List, Uint } from './field.ts';
import { numberAt, numberRow, numbersAt } from './number-reader.ts';
import {
  fromHex,
  octetsOf,
  readDigits,
  readTime,
  take,
  textBytes,
  textOf,
  type Written,
  writeDigits,
  writeNumber,
  writeTime,
} from './scalars.ts';
import { ABNORMAL, type Fields, INVALID, isList, isMark, isOctets, type Value } from './value.ts';

/** A layout made ready to read and write. */
export interface Layout {
  /** Reads one record; the cursor says whether the bytes sufficed. */
  readonly read: (cursor: Cursor) => Fields;
  /** @returns undefined when a value is missing or does not fit its field */
  readonly write: (fields: Fields) => Written;
}

type Building = Record<string, Value>;
type Reader = (cursor: Cursor, record: Building) => Value;
type Step = (cursor: Cursor, record: Building) => void;

/**
 * Compiles rows once; reading then asks no row what it is.
 *
 * @param head - what each record has besides and before its fields
 */
export function compile(fields: readonly Field[], head: Fields = {}): Layout {
  const steps = stepsOf(fields);
  // Every record begins as a copy of one with all its fields, which is what makes reading them quick.
  const blank: Fields = { ...head, ...Object.fromEntries(always(fields).map(({ name }) => [name, INVALID])) };
  const copy = nextCopy();
  return {
    read(cursor) {
      const record: Building = copy(blank);
      for (const step of steps) step(cursor, record);
      return record;
    },
    write: (values) => writeAll(fields, values),
  };
}

const always = (fields: readonly Field[]): readonly Field[] => fields.filter(({ form }) => form !== 'when');

/** Numbers that follow each other are one step: whether their bytes are there is asked once. */
function stepsOf(fields: readonly Field[]): readonly Step[] {
  const steps: Step[] = [];
  let numbers: Uint[] = [];
  for (const field of fields) {
    if (field.form === 'uint') {
      numbers.push(field);
      continue;
    }
    if (numbers.length > 0) steps.push(numbersStep(numbers));
    numbers = [];
    steps.push(stepOf(field));
  }
  if (numbers.length > 0) steps.push(numbersStep(numbers));
  return steps;
}

function numbersStep(fields: readonly Uint[]): Step {
  const total = fields.reduce((sum, { bytes }) => sum + bytes, 0);
  let offset = 0;
  const numbers = fields.map((field) => {
    offset += field.bytes;
    return { name: field.name, row: numberRow(field), offset: offset - field.bytes };
  });
  return (cursor, record) => {
    if (!has(cursor, total)) return;
    const { bytes, at } = cursor;
    for (const { name, row, offset } of numbers) record[name] = numberAt(row, bytes, at + offset);
    cursor.at = at + total;
  };
}

function stepOf(field: Exclude<Field, Uint>): Step {
  const { name } = field;
  if (field.form === 'when') {
    const inner = stepsOf(field.of);
    const { field: of, mask } = field;
    return (cursor, record) => {
      if (isSet(record[of], mask)) for (const step of inner) step(cursor, record);
    };
  }
  const read = readerOf(field);
  return (cursor, record) => {
    record[name] = read(cursor, record);
  };
}

const isSet = (value: Value | undefined, mask: number): boolean => typeof value === 'number' && (value & mask) !== 0;

function readerOf(field: Exclude<Field, { readonly form: 'when' }>): Reader {
  switch (field.form) {
    case 'uint': {
      const row = numberRow(field);
      const { bytes } = field;
      return (cursor) => {
        if (!has(cursor, bytes)) return 0;
        cursor.at += bytes;
        return numberAt(row, cursor.bytes, cursor.at - bytes);
      };
    }
    case 'text':
      return (cursor, record) => textOf(field, take(cursor, extentOf(field.extent, cursor, record)));
    case 'octets':
      return (cursor, record) => octetsOf(take(cursor, extentOf(field.extent, cursor, record)));
    case 'digits':
      return (cursor) => readDigits(field, cursor);
    case 'time':
      return (cursor) => readTime(field, cursor);
    case 'group': {
      const layout = compile(field.of);
      return (cursor) => layout.read(cursor);
    }
    case 'list':
      return listReader(field);
  }
}

/** How much is to be read; at most what is there, or the cursor is short. */
function extentOf(extent: Extent, cursor: Cursor, record: Building): number {
  if (typeof extent === 'number') return extent;
  if (extent === 'rest') return Math.max(0, cursor.end - cursor.at);
  if ('prefix' in extent) return readUint(cursor, extent.prefix);
  const count = record[extent.field];
  return typeof count === 'number' ? count : 0;
}

function listReader(field: List): Reader {
  const { count, of } = field;
  const [only] = of;
  const plain = of.length === 1 && only !== undefined && only.form !== 'when' ? only : undefined;
  const layout = compile(of);
  const read: Reader = plain === undefined ? layout.read : readerOf(plain);
  if (count === 'rest') return (cursor, record) => restOf(cursor, record, read);
  const many = isShortNumber(plain) ? numbersReader(plain) : manyReader(read);
  const abnormal =
    field.marks !== undefined && typeof count === 'object' && 'prefix' in count ? topOf(count.prefix) : NEVER;
  return (cursor, record) => {
    const wanted = extentOf(count, cursor, record);
    if (wanted === 0) return [];
    if (wanted >= abnormal) return wanted === abnormal ? ABNORMAL : INVALID;
    return many(cursor, record, wanted);
  };
}

/** The higher of the two highest counts is invalid, the lower one abnormal. */
const topOf = (prefix: 1 | 2 | 4): number => 2 ** (8 * prefix) - 2;
const NEVER = Number.POSITIVE_INFINITY;

type ManyReader = (cursor: Cursor, record: Building, wanted: number) => Value;

const manyReader =
  (read: Reader): ManyReader =>
  (cursor, record, wanted) => {
    // An element has a byte at least, so no count asks for more than the frame has.
    if (!has(cursor, wanted)) return [];
    const values: Value[] = [];
    for (let index = 0; index < wanted && !cursor.isShort; index += 1) values.push(read(cursor, record));
    return values;
  };

const isShortNumber = (field: Field | undefined): field is Uint & { readonly bytes: 1 | 2 } =>
  field?.form === 'uint' && field.bytes !== 4;

function restOf(cursor: Cursor, record: Building, read: Reader): Value {
  const values: Value[] = [];
  while (cursor.at < cursor.end && !cursor.isShort) values.push(read(cursor, record));
  return values;
}

function numbersReader(field: Uint & { readonly bytes: 1 | 2 }): ManyReader {
  const read = numbersAt(field);
  const size = field.bytes;
  return (cursor, _, wanted) => {
    if (!has(cursor, wanted * size)) return [];
    cursor.at += wanted * size;
    return read(cursor.bytes, cursor.at - wanted * size, wanted);
  };
}

function writeAll(fields: readonly Field[], values: Fields): Written {
  const parts: Buffer[] = [];
  for (const field of fields) {
    if (field.form === 'when') {
      if (!isSet(values[field.field], field.mask)) continue;
      const inner = writeAll(field.of, values);
      if (inner === undefined) return undefined;
      parts.push(inner);
      continue;
    }
    const value = values[field.name];
    const part = value === undefined ? undefined : writeOne(field, value, values);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function writeOne(field: Exclude<Field, { readonly form: 'when' }>, value: Value, values: Fields): Written {
  switch (field.form) {
    case 'uint':
      return writeNumber(field, value);
    case 'digits':
      return writeDigits(field, value);
    case 'time':
      return writeTime(field, value);
    case 'text':
      return measured(field.extent, textBytes(field, value, lengthOf(field.extent, values)), values);
    case 'octets':
      return measured(field.extent, isOctets(value) ? fromHex(value.hex) : undefined, values);
    case 'group':
      return isFields(value) ? writeAll(field.of, value) : undefined;
    case 'list':
      return writeList(field, value, values);
  }
}

const isFields = (value: Value): value is Fields => typeof value === 'object' && !isList(value);

function lengthOf(extent: Extent, values: Fields): number | undefined {
  if (typeof extent === 'number') return extent;
  if (typeof extent === 'string' || 'prefix' in extent) return undefined;
  const length = values[extent.field];
  return typeof length === 'number' ? length : undefined;
}

/** Bytes with the count before them that their extent asks for. */
function measured(extent: Extent, bytes: Written, values: Fields): Written {
  if (bytes === undefined) return undefined;
  if (typeof extent === 'object' && 'prefix' in extent) return prefixed(extent.prefix, bytes.length, bytes);
  const length = lengthOf(extent, values);
  return extent === 'rest' || bytes.length === length ? bytes : undefined;
}

function prefixed(size: 1 | 2 | 4, count: number, bytes: Buffer): Written {
  const head = writeNumber({ form: 'uint', name: '', bytes: size }, count);
  return head === undefined ? undefined : Buffer.concat([head, bytes]);
}

function writeList({ count, of, marks }: List, value: Value, values: Fields): Written {
  if (marks !== undefined && typeof count === 'object' && 'prefix' in count && isMark(value))
    return writeNumber({ form: 'uint', name: '', bytes: count.prefix, marks: 'ends' }, value);
  if (!isList(value)) return undefined;
  const [only] = of;
  const plain = of.length === 1 && only !== undefined && only.form !== 'when' ? only : undefined;
  const parts: Buffer[] = [];
  for (const one of value) {
    const part = plain !== undefined ? writeOne(plain, one, values) : isFields(one) ? writeAll(of, one) : undefined;
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  if (typeof count === 'object' && 'prefix' in count) return prefixed(count.prefix, value.length, bytes);
  return count === 'rest' || lengthOf(count, values) === value.length ? bytes : undefined;
}
