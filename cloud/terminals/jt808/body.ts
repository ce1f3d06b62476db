import { byteAt, type Cursor, cursorOver, fourAt, readUint } from '../cursor.ts';
import { u8, u16 } from '../field.ts';
import { compile, type Layout } from '../layout.ts';
import { fromHex, octetsOf, take, type Written } from '../scalars.ts';
import type { TerminalFaultCode } from '../terminal-fault.ts';
import { type Fields, isList, isOctets, type Value } from '../value.ts';
import { ENCRYPTION_BITS, type JtFrame } from './frame.ts';
import { EXTRAS, LOCATION, MESSAGES, type MessageRow } from './messages.table.ts';

/** The header tells 2019 from the older ones; 2011 from 2013 it does not, so whoever knows says so. */
export type JtEdition = 2011 | 2013 | 2019;

export interface BodyRead {
  readonly name: string;
  readonly fields: Fields;
  readonly fault: TerminalFaultCode | undefined;
}

const BASE = compile(LOCATION);
const ANSWERED = compile([u16('answeredSerial')]);
const BATCH = compile([u16('total'), u8('type')]);
const BASE_BYTES = 28;
const EXTRA = new Map(EXTRAS.map(({ id, name, fields }) => [id, { name, layout: compile(fields, { extra: name }) }]));
const ROWS = new Map(MESSAGES.map((row) => [row.id, row]));
const SHORT = new Map(
  MESSAGES.flatMap(({ id, short }) => (short === undefined ? [] : [[id, compile(short)] as const])),
);
const LAYOUTS = new Map(MESSAGES.map((row) => [row.id, layoutsOf(row)]));

function layoutsOf({ fields, in2011, in2019 }: MessageRow): Readonly<Record<JtEdition, Layout>> | undefined {
  if (typeof fields === 'string') return undefined;
  return { 2011: compile(in2011 ?? fields), 2013: compile(fields), 2019: compile(in2019 ?? fields) };
}

export const messageName = (id: number): string => ROWS.get(id)?.name ?? 'unknown';

export const messageId = (name: string): number | undefined => MESSAGES.find((row) => row.name === name)?.id;

/** Reads a body. A part of a message, and an encrypted one, stays octets until it is put together or opened. */
export function readBody({ id, properties, part, body }: JtFrame, edition: JtEdition): BodyRead {
  const row = ROWS.get(id);
  const name = row?.name ?? 'unknown';
  const asOctets = (fault: TerminalFaultCode | undefined): BodyRead => ({
    name,
    fields: { raw: octetsOf(body) },
    fault,
  });
  if ((properties & ENCRYPTION_BITS) !== 0) return asOctets('TERMINAL_ENCRYPTED');
  if (row === undefined || part !== undefined) return asOctets(undefined);
  const cursor = cursorOver(body);
  const fields = read(row, edition, cursor);
  if (isWhole(cursor)) return { name, fields, fault: isUnread(fields) ? 'TERMINAL_LAYOUT' : undefined };
  const again = cursorOver(body);
  const short = SHORT.get(id)?.read(again);
  return short !== undefined && isWhole(again)
    ? { name, fields: short, fault: undefined }
    : asOctets('TERMINAL_LAYOUT');
}

const isWhole = ({ isShort, at, end }: Cursor): boolean => !isShort && at === end;

const isUnread = ({ extras }: Fields): boolean => {
  const last = isList(extras) ? extras.at(-1) : undefined;
  return isFields(last) && last['extra'] === UNREAD;
};

/** What follows the last additional item that has its length. */
const UNREAD = 'unread';

function read({ id, fields }: MessageRow, edition: JtEdition, cursor: Cursor): Fields {
  if (fields === 'location') return readLocation(cursor);
  if (fields === 'answered-location') return { ...ANSWERED.read(cursor), ...readLocation(cursor) };
  if (fields === 'positions') return readBatch(cursor);
  return LAYOUTS.get(id)?.[edition].read(cursor) ?? {};
}

function readLocation(cursor: Cursor): Fields {
  const base = BASE.read(cursor);
  const extras: Fields[] = [];
  const { bytes, end } = cursor;
  while (cursor.at < end && !cursor.isShort) {
    const id = byteAt(bytes, cursor.at);
    const from = cursor.at + 2;
    const to = from + byteAt(bytes, cursor.at + 1);
    if (to > end) {
      extras.push({ extra: UNREAD, octets: octetsOf(take(cursor, end - cursor.at)) });
      break;
    }
    cursor.at = from;
    cursor.end = to;
    extras.push(extraIn(id, cursor));
    cursor.at = to;
    cursor.end = end;
    cursor.isShort = false;
  }
  return { ...base, extras };
}

const AREA_OF_NO_KIND = 5;

/** The item that the cursor is over, from its place to its end. */
function extraIn(id: number, cursor: Cursor): Fields {
  const { bytes, at, end } = cursor;
  if (id === OVERSPEED) {
    // The area is there only when the kind of place is not 0.
    if (end - at === 1) return { extra: 'overspeed', areaType: byteAt(bytes, at) };
    if (end - at === AREA_OF_NO_KIND)
      return { extra: 'overspeed', areaType: byteAt(bytes, at), areaId: fourAt(bytes, at + 1) };
  }
  const fields = EXTRA.get(id)?.layout.read(cursor);
  const fits = fields !== undefined && !cursor.isShort && cursor.at === end;
  return fits ? fields : { extra: id, octets: { hex: bytes.toString('hex', at, end) } };
}

const OVERSPEED = 0x11;

/** The octets of each position of a batch; undefined for a body that is none. */
export function positionsIn(body: Buffer): readonly Buffer[] | undefined {
  const cursor = cursorOver(body);
  BATCH.read(cursor);
  const positions: Buffer[] = [];
  while (cursor.at < cursor.end && !cursor.isShort) positions.push(take(cursor, readUint(cursor, 2)));
  return cursor.isShort ? undefined : positions;
}

/** One position with its additional items; undefined for octets that are none. */
export function readPosition(octets: Buffer): Fields | undefined {
  const cursor = cursorOver(octets);
  const position = readLocation(cursor);
  return isWhole(cursor) ? position : undefined;
}

function readBatch(cursor: Cursor): Fields {
  const head = BATCH.read(cursor);
  const positions: Value[] = [];
  while (cursor.at < cursor.end && !cursor.isShort) {
    const length = readUint(cursor, 2);
    const bytes = take(cursor, length);
    const inner = cursorOver(bytes);
    const location = readLocation(inner);
    const fits = bytes.length >= BASE_BYTES && !inner.isShort && inner.at === inner.end;
    positions.push(fits ? location : octetsOf(bytes));
  }
  return { ...head, positions };
}

/** @returns undefined when a value does not fit its field */
export function writeBody(id: number, edition: JtEdition, fields: Fields): Written {
  const { raw, positions } = fields;
  if (isOctets(raw)) return fromHex(raw.hex);
  const row = ROWS.get(id);
  if (row === undefined) return undefined;
  if (row.fields === 'location') return writeLocation(fields);
  if (row.fields === 'answered-location') return joined([ANSWERED.write(fields), writeLocation(fields)]);
  if (row.fields !== 'positions') return LAYOUTS.get(id)?.[edition].write(fields) ?? SHORT.get(id)?.write(fields);
  if (!isList(positions)) return undefined;
  return joined([BATCH.write(fields), ...positions.map((one) => lengthed(positionBytes(one), 2))]);
}

const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && !isList(value);

const positionBytes = (one: Value): Written =>
  isOctets(one) ? fromHex(one.hex) : isFields(one) ? writeLocation(one) : undefined;

function writeLocation(fields: Fields): Written {
  const { extras } = fields;
  return isList(extras) ? joined([BASE.write(fields), ...extras.map(extraBytes)]) : undefined;
}

function extraBytes(extra: Value): Written {
  if (!isFields(extra)) return undefined;
  const { extra: name, octets, areaType, areaId } = extra;
  if (typeof name === 'number') return headed(name, isOctets(octets) ? fromHex(octets.hex) : undefined);
  if (name === UNREAD) return isOctets(octets) ? fromHex(octets.hex) : undefined;
  if (name === 'overspeed') {
    if (typeof areaType !== 'number') return undefined;
    const area = Buffer.alloc(4);
    if (typeof areaId === 'number') area.writeUInt32BE(areaId);
    return headed(
      OVERSPEED,
      Buffer.concat([Buffer.from([areaType]), typeof areaId === 'number' ? area : Buffer.alloc(0)]),
    );
  }
  const known = [...EXTRA].find(([, row]) => row.name === name);
  return known === undefined ? undefined : headed(known[0], known[1].layout.write(extra));
}

function headed(id: number, bytes: Written): Written {
  const body = lengthed(bytes, 1);
  return body === undefined || id > 0xff || id < 0 ? undefined : Buffer.concat([Buffer.from([id]), body]);
}

function lengthed(bytes: Written, size: 1 | 2): Written {
  if (bytes === undefined || bytes.length >= 2 ** (8 * size)) return undefined;
  const length = Buffer.alloc(size);
  length.writeUIntBE(bytes.length, 0, size);
  return Buffer.concat([length, bytes]);
}

const joined = (parts: readonly Written[]): Written =>
  parts.includes(undefined) ? undefined : Buffer.concat(parts.filter((part) => part !== undefined));
