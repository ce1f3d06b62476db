import { type Cursor, cursorOver, readUint } from '../cursor.ts';
import { time } from '../field.ts';
import { compile, type Layout } from '../layout.ts';
import { fromHex, octetsOf, take, type Written } from '../scalars.ts';
import type { TerminalFaultCode } from '../terminal-fault.ts';
import { type Fields, isList, isOctets, type Value } from '../value.ts';
import { COMMANDS, type CommandRow, type Edition, SIGNATURE_FIELDS } from './commands.table.ts';
import { type GbFrame, IS_COMMAND } from './frame.ts';
import { compileItems } from './item.ts';
import { ITEMS_2016 } from './items-2016.table.ts';
import { ITEMS_2025 } from './items-2025.table.ts';

/** What a data unit says. Where it does not read, `octets` has it whole and `fault` says why. */
export interface UnitRead {
  readonly name: string;
  readonly fields: Fields;
  readonly fault: TerminalFaultCode | undefined;
}

const UNENCRYPTED = 1;
const CUSTOM_FROM = 0x80;
const CUSTOM_TO = 0xfe;
const SIGNATURE = 0xff;

const ITEMS = { 2016: compileItems(ITEMS_2016), 2025: compileItems(ITEMS_2025) } as const;
const AT = compile([time('at', 'binary')]);
const NOTHING = compile([]);
const SIGNED = compile(SIGNATURE_FIELDS, { item: 'signature' });

interface Command {
  readonly row: CommandRow;
  readonly layout: Layout | 'realtime';
}

const COMMAND_OF: Readonly<Record<Edition, ReadonlyMap<number, Command>>> = {
  2016: commandsOf(2016),
  2025: commandsOf(2025),
};

function commandsOf(edition: Edition): ReadonlyMap<number, Command> {
  const rows = COMMANDS.filter(({ editions }) => editions.includes(edition));
  return new Map(
    rows.map((row) => [row.id, { row, layout: row.fields === 'realtime' ? 'realtime' : compile(row.fields) }]),
  );
}

export const commandName = (edition: Edition, id: number): string => COMMAND_OF[edition].get(id)?.row.name ?? 'unknown';

export const commandId = (edition: Edition, name: string): number | undefined =>
  [...COMMAND_OF[edition].values()].find(({ row }) => row.name === name)?.row.id;

/** Reads the data unit of a frame. An encrypted one stays octets; whoever has the key hands in what it opened to. */
export function readUnit({ edition, command, answer, encryption, unit }: GbFrame): UnitRead {
  const known = COMMAND_OF[edition].get(command);
  const name = known?.row.name ?? 'unknown';
  const asOctets = (fault: TerminalFaultCode | undefined): UnitRead => ({
    name,
    fields: { raw: octetsOf(unit) },
    fault,
  });
  if (encryption !== UNENCRYPTED) return asOctets(unit.length === 0 ? undefined : 'TERMINAL_ENCRYPTED');
  if (known === undefined) return asOctets(undefined);
  const layout = answer === IS_COMMAND ? known.layout : answerLayout(unit.length);
  if (layout === undefined) return asOctets(undefined);
  const cursor = cursorOver(unit);
  if (layout === 'realtime') return readRealtime(name, edition, cursor);
  const fields = layout.read(cursor);
  return cursor.isShort || cursor.at < cursor.end ? asOctets('TERMINAL_LAYOUT') : { name, fields, fault: undefined };
}

const TIME_BYTES = 6;

/** An answer holds a time or nothing; whatever else a vendor puts there stays octets. */
const answerLayout = (length: number): Layout | undefined =>
  length === 0 ? NOTHING : length === TIME_BYTES ? AT : undefined;

function readRealtime(name: string, edition: Edition, cursor: Cursor): UnitRead {
  const { at } = AT.read(cursor);
  if (cursor.isShort || at === undefined)
    return { name, fields: { raw: octetsOf(cursor.bytes) }, fault: 'TERMINAL_LAYOUT' };
  const items: Fields[] = [];
  let fault: TerminalFaultCode | undefined;
  while (cursor.at < cursor.end) {
    const from = cursor.at;
    const item = readItem(edition, cursor);
    if (cursor.isShort || item === undefined) {
      // Nothing says where the next item begins, so the rest stays as it came.
      items.push({ item: 'unread', octets: octetsOf(cursor.bytes.subarray(from, cursor.end)) });
      if (cursor.isShort) fault = 'TERMINAL_LAYOUT';
      break;
    }
    items.push(item);
  }
  return { name, fields: { at, items }, fault };
}

/** @returns undefined for an item whose layout is not known */
function readItem(edition: Edition, cursor: Cursor): Fields | undefined {
  const id = readUint(cursor, 1);
  if (id === SIGNATURE) return edition === 2025 ? SIGNED.read(cursor) : undefined;
  if (id >= CUSTOM_FROM && id <= CUSTOM_TO) {
    return { item: 'custom', id, octets: octetsOf(take(cursor, readUint(cursor, 2))) };
  }
  const known = ITEMS[edition][id];
  if (known?.layout === undefined) return undefined;
  return known.layout.read(cursor);
}

/** @returns undefined when a value does not fit its field */
export function writeUnit(edition: Edition, command: number, answer: number, fields: Fields): Written {
  const { raw, items } = fields;
  if (isOctets(raw)) return fromHex(raw.hex);
  if (answer !== IS_COMMAND) return fields['at'] === undefined ? Buffer.alloc(0) : AT.write(fields);
  const known = COMMAND_OF[edition].get(command);
  if (known === undefined) return undefined;
  if (known.layout !== 'realtime') return known.layout.write(fields);
  const at = AT.write(fields);
  if (at === undefined || !isList(items)) return undefined;
  const parts = items.map((item) => writeItem(edition, item));
  return parts.includes(undefined) ? undefined : Buffer.concat([at, ...parts.filter((part) => part !== undefined)]);
}

function writeItem(edition: Edition, item: Value): Written {
  if (typeof item !== 'object' || isList(item) || !('item' in item)) return undefined;
  const fields: Fields = item;
  const { item: name, octets, id } = fields;
  if (name === 'unread') return isOctets(octets) ? fromHex(octets.hex) : undefined;
  if (name === 'signature') return headed(SIGNATURE, SIGNED.write(fields));
  if (name === 'custom') {
    const bytes = isOctets(octets) ? fromHex(octets.hex) : undefined;
    if (bytes === undefined || typeof id !== 'number' || id < CUSTOM_FROM || id > CUSTOM_TO) return undefined;
    return headed(id, Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]));
  }
  const known = ITEMS[edition].find((one) => one?.name === name);
  return known?.layout === undefined ? undefined : headed(known.id, known.layout.write(fields));
}

const headed = (id: number, bytes: Written): Written =>
  bytes === undefined ? undefined : Buffer.concat([Buffer.from([id]), bytes]);
