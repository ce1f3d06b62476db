import { type ByteReader, broken, readBytes, readNumber } from './byte-reader.ts';
import { type ByteWriter, writeBytes, writeNumber } from './byte-writer.ts';
import { decimalsOf, readDecimals, readDoubles, writeDecimals, writeDoubles } from './number-column.ts';
import { eachOfRuns, readRuns, writeRuns } from './run-lengths.ts';
import type { SignalReading } from './telemetry-codec.ts';

export type SignalValue = SignalReading['value'];

/** Forms of a column, in the order in which columns of one path stand. Numbers have one form or the other, never both. */
export const FORM = { decimals: 0, doubles: 1, flags: 2, texts: 3 } as const;
export type Form = (typeof FORM)[keyof typeof FORM];
export const FORMS = 4;

/** As the schema has it for a frame of its own. */
export const TEXT_BYTES_MAX = 32;

export function formIsOfNumbers(form: Form): boolean {
  return form <= FORM.doubles;
}

/** @param values - at least one, of one type; numbers are finite */
export function encodeValues(values: readonly SignalValue[]): {
  readonly form: Form;
  readonly write: (writer: ByteWriter) => void;
} {
  if (areNumbers(values)) {
    const decimals = decimalsOf(values);
    return decimals === undefined
      ? { form: FORM.doubles, write: (writer) => writeDoubles(writer, values) }
      : { form: FORM.decimals, write: (writer) => writeDecimals(writer, decimals) };
  }
  if (areFlags(values)) return { form: FORM.flags, write: (writer) => writeRuns(writer, values, false) };
  return { form: FORM.texts, write: (writer) => writeTexts(writer, values.map(String)) };
}

const areNumbers = (values: readonly SignalValue[]): values is readonly number[] => typeof values[0] === 'number';
const areFlags = (values: readonly SignalValue[]): values is readonly boolean[] => typeof values[0] === 'boolean';

/** @param count - how many there are, at least one; the caller has bounded it */
export function readValues(reader: ByteReader, form: Form, count: number): readonly SignalValue[] {
  switch (form) {
    case FORM.decimals:
      return readDecimals(reader, count);
    case FORM.doubles:
      return readDoubles(reader, count);
    case FORM.flags:
      return readFlags(reader, count);
    default:
      return readTexts(reader, count);
  }
}

function readFlags(reader: ByteReader, count: number): readonly boolean[] {
  const flags: boolean[] = [];
  eachOfRuns(readRuns(reader, count, true), false, (flag) => flags.push(flag));
  return flags;
}

/** The different texts in order of their first appearance, then for each value the number of its text. */
function writeTexts(writer: ByteWriter, values: readonly string[]): void {
  const texts = new Map<string, number>();
  for (const value of values) if (!texts.has(value)) texts.set(value, texts.size);
  writeNumber(writer, texts.size);
  for (const text of texts.keys()) {
    const bytes = encoder.encode(text);
    writeNumber(writer, bytes.length);
    writeBytes(writer, bytes);
  }
  for (const value of values) writeNumber(writer, texts.get(value) ?? 0);
}

const encoder = new TextEncoder();

function readTexts(reader: ByteReader, count: number): readonly string[] {
  const size = readNumber(reader, count);
  const texts = new Set<string>();
  for (let index = 0; index < size && !reader.isBroken; index += 1) texts.add(readText(reader));
  if (texts.size !== size) broken(reader);
  const list = [...texts];
  const values: string[] = [];
  let seen = 0;
  for (let index = 0; index < count && !reader.isBroken; index += 1) {
    // The next one that was not named yet, or one before it.
    const number = readNumber(reader, Math.min(seen, size - 1));
    if (number === seen) seen += 1;
    values.push(list[number] ?? '');
  }
  if (seen !== size) broken(reader);
  return values;
}

function readText(reader: ByteReader): string {
  const bytes = readBytes(reader, readNumber(reader, TEXT_BYTES_MAX));
  try {
    return strictDecoder.decode(bytes);
  } catch {
    broken(reader);
    return '';
  }
}

/** Keeps a mark of byte order that begins a text: it is part of it. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
