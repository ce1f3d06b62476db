import { type Cursor, has } from './cursor.ts';
import type { Digits, Text, Time, Uint } from './field.ts';
import { decodeGbk, encodeGbk } from './gbk.ts';
import { ABNORMAL, INVALID, isMark, isOctets, type Value } from './value.ts';

/** Bytes of a value, or undefined when it does not fit its field. */
export type Written = Buffer | undefined;

export const octetsOf = (bytes: Buffer): { readonly hex: string } => ({ hex: bytes.toString('hex') });

/** @returns undefined when the text is no hexadecimal */
export function fromHex(hex: string): Buffer | undefined {
  return hex.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(hex) ? Buffer.from(hex, 'hex') : undefined;
}

export function take(cursor: Cursor, count: number): Buffer {
  if (!has(cursor, count)) return EMPTY;
  const taken = cursor.bytes.subarray(cursor.at, cursor.at + count);
  cursor.at += count;
  return taken;
}

const EMPTY = Buffer.alloc(0);

const highest = (bytes: Uint['bytes']): number => 2 ** (8 * bytes) - 1;

/** The value of a raw number, marks and codes first. */
export function physical({ bytes, zero = 0, per = 1, marks, codes }: Uint, raw: number): Value {
  const top = highest(bytes);
  if (marks !== undefined && raw >= top - 1) return raw === top ? INVALID : ABNORMAL;
  return codes?.[raw] ?? (raw - zero) / per;
}

export function writeNumber(field: Uint, value: Value): Written {
  const raw = rawOf(field, value);
  const top = highest(field.bytes);
  if (raw === undefined || !Number.isInteger(raw) || raw < 0 || raw > top) return undefined;
  const bytes = Buffer.alloc(field.bytes);
  bytes.writeUIntBE(raw, 0, field.bytes);
  return bytes;
}

function rawOf(field: Uint, value: Value): number | undefined {
  const top = highest(field.bytes);
  if (isMark(value)) {
    if (field.marks === undefined) return undefined;
    if (value.mark === 'invalid') return top;
    return value.mark === 'abnormal' ? top - 1 : undefined;
  }
  if (typeof value === 'string') {
    const code = Object.entries(field.codes ?? {}).find(([, word]) => word === value);
    return code === undefined ? undefined : Number(code[0]);
  }
  if (typeof value !== 'number') return undefined;
  const raw = Math.round(value * (field.per ?? 1)) + (field.zero ?? 0);
  // A number may not turn into a mark on its way.
  return field.marks !== undefined && raw >= top - 1 ? undefined : raw;
}

/** A text, or its bytes where the text alone would not give them back. */
export function textOf(field: Text, bytes: Buffer): Value {
  const text = unfilled(field, field.charset === 'gbk' ? decodeGbk(bytes) : bytes.toString('latin1'));
  const again = textBytes(field, text, bytes.length);
  return again?.equals(bytes) === true ? text : octetsOf(bytes);
}

function unfilled({ fill }: Text, text: string): string {
  if (fill === 'nul-after') return text.replace(/\0+$/, '');
  return fill === 'nul-before' ? text.replace(/^\0+/, '') : text;
}

/** @param length - of the field, where it is fixed */
export function textBytes(field: Text, value: Value, length: number | undefined): Written {
  if (isOctets(value)) return fromHex(value.hex);
  if (typeof value !== 'string') return undefined;
  const bytes = field.charset === 'gbk' ? encodeGbk(value) : latin1(value);
  if (bytes === undefined || length === undefined || bytes.length === length) return bytes;
  if (bytes.length > length || field.fill === undefined) return undefined;
  const fill = Buffer.alloc(length - bytes.length);
  return Buffer.concat(field.fill === 'nul-after' ? [bytes, fill] : [fill, bytes]);
}

const latin1 = (text: string): Written => {
  const bytes = Buffer.from(text, 'latin1');
  return bytes.toString('latin1') === text ? bytes : undefined;
};

export const readDigits = (field: Digits, cursor: Cursor): Value => take(cursor, field.bytes).toString('hex');

export function writeDigits(field: Digits, value: Value): Written {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  return bytes?.length === field.bytes ? bytes : undefined;
}

const TIME_BYTES = 6;

export function readTime({ of }: Time, cursor: Cursor): Value {
  if (!has(cursor, TIME_BYTES)) return INVALID;
  const { bytes, at } = cursor;
  cursor.at += TIME_BYTES;
  const part = (offset: number): number => {
    const raw = bytes[at + offset] ?? 0;
    if (of === 'binary') return raw;
    return (raw & 0xf) > 9 || raw >> 4 > 9 ? -1 : (raw >> 4) * 10 + (raw & 0xf);
  };
  const year = part(0);
  const month = part(1);
  const day = part(2);
  const hour = part(3);
  const minute = part(4);
  const second = part(5);
  const isDay = year >= 0 && year < 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!isDay || !isTime) return octetsOf(bytes.subarray(at, at + TIME_BYTES));
  return `20${two(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}+08:00`;
}

const TWO: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const two = (number: number): string => TWO[number] ?? '';

/** Of a year of this century, where every fourth is a leap year. */
const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;

export function writeTime({ of }: Time, value: Value): Written {
  if (isOctets(value)) return fromHex(value.hex);
  const match = typeof value === 'string' ? TIME_TEXT.exec(value) : null;
  if (match === null) return undefined;
  const parts = match.slice(1).map(Number);
  return Buffer.from(parts.map((part) => (of === 'binary' ? part : Math.floor(part / 10) * 16 + (part % 10))));
}

const TIME_TEXT = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\+08:00$/;
