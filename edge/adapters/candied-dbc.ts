import candied from 'candied';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import {
  type BitLayout,
  type CanDatabase,
  type CanMessage,
  type CanSignal,
  messageKey,
} from '../sources/can/can-database.ts';
import { plainSignal } from './dbc-signal-text.ts';
import { type DbcStatement, dbcStatements } from './dbc-statements.ts';

export type DbcFault = Fault<'DBC_MALFORMED'>;

/** Largest DBC file, bytes; those of whole vehicles have one or two million. */
export const DBC_BYTES_MAX = 4_194_304;

/**
 * Parses a DBC file; the only importer of candied. The library reads the grammar and nothing else: its decoder knows no
 * multiplexing, no floating point and no CAN FD, and moves values into the range that the file states.
 *
 * What it cannot read ends the call: half a description would decode frames to wrong values without a word.
 *
 * @param content - the file
 */
export function parseDbc(content: string): Result<CanDatabase, DbcFault> {
  const statements = dbcStatements(content);
  if (statements === undefined) return fail(malformed('a statement has no end', '有语句没有结尾'));
  const isExtendedMultiplex = ({ text: statement }: DbcStatement): boolean => statement.startsWith('SG_MUL_VAL_ ');
  const plain = statements.filter((statement) => !isExtendedMultiplex(statement));
  const file = new candied.Dbc();
  try {
    file.load(plain.map(({ text }) => (text.startsWith('SG_ ') ? plainSignal(text) : text)).join('\n'));
  } catch {
    return fail(malformed('the parser gave up', '解析器无法继续'));
  }
  // Of a table of names that it cannot read, the names are missing; whoever maps by one of them is told.
  const wrong = [...file.errors.keys()].map((line) => plain[line - 1]).find((one) => !one?.text.startsWith('VAL_ '));
  if (wrong !== undefined) return fail(atLine(wrong.line));
  const ranges = multiplexRanges(statements.filter(isExtendedMultiplex));
  if (!ranges.ok) return ranges;
  const floats = floatTypes(plain);
  const database = new Map<number, CanMessage>();
  let signals = 0;
  for (const message of file.data.messages.values()) {
    signals += message.signals.size;
    if (message.id === INDEPENDENT_SIGNALS_ID) continue;
    const parsed = messageOf(message, ranges.value, floats);
    if (!parsed.ok) return parsed;
    database.set(messageKey(parsed.value.id, parsed.value.isExtended), parsed.value);
  }
  // A message or a signal that stands twice under one name would hide the other.
  const stated = plain.filter(({ text: statement }) => statement.startsWith('SG_ ')).length;
  if (signals !== stated) return fail(malformed('a name stands twice', '存在重名'));
  return ok(database);
}

type CandiedMessage = NonNullable<ReturnType<InstanceType<typeof candied.Dbc>['getMessageByName']>>;
type CandiedSignal = CandiedMessage['signals'] extends Map<string, infer S> ? S : never;
type Condition = NonNullable<CanSignal['when']>;

/** The pseudo message `VECTOR__INDEPENDENT_SIG_MSG`, which holds signals that are on no bus. */
const INDEPENDENT_SIGNALS_ID = 0xc000_0000;
const EXTENDED_BIT = 0x8000_0000;

function messageOf(
  message: CandiedMessage,
  ranges: ReadonlyMap<string, Condition>,
  floats: ReadonlyMap<string, FloatType>,
): Result<CanMessage, DbcFault> {
  const isExtended = message.id >= EXTENDED_BIT;
  const id = isExtended ? message.id - EXTENDED_BIT : message.id;
  if (id > (isExtended ? 0x1fff_ffff : 0x7ff)) return fail(inMessage(message.name));
  const multiplexors = [...message.signals.values()].filter(({ multiplex }) => multiplex === 'M');
  const signals = new Map<string, CanSignal>();
  for (const signal of message.signals.values()) {
    const layout = layoutOf(signal, floats.get(`${message.id} ${signal.name}`));
    if (layout === undefined) return fail(inMessage(message.name));
    const when = ranges.get(`${message.id} ${signal.name}`) ?? simpleCondition(signal, multiplexors);
    if (when === 'unclear') return fail(inMessage(message.name));
    signals.set(signal.name, {
      name: signal.name,
      layout,
      factor: Number(signal.factor),
      offset: Number(signal.offset),
      names: signal.valueTable ?? new Map(),
      ...(when === undefined ? {} : { when }),
    });
  }
  return ok({ name: message.name, id, isExtended, signals });
}

function layoutOf(signal: CandiedSignal, float: FloatType | undefined): BitLayout | undefined {
  const { startBit, length, endian, signed, factor, offset } = signal;
  const isPlaced = Number.isInteger(startBit) && startBit >= 0 && startBit < 512 && length >= 1 && length <= 64;
  if (!isPlaced || !Number.isFinite(Number(factor)) || !Number.isFinite(Number(offset))) return undefined;
  const order = endian === 'Intel' ? 'intel' : 'motorola';
  if (float === undefined) return { startBit, length, order, type: signed ? 'signed' : 'unsigned' };
  return length === FLOAT_BITS[float] ? { startBit, length, order, type: float } : undefined;
}

type FloatType = 'float32' | 'float64';

const FLOAT_BITS: Readonly<Record<FloatType, number>> = { float32: 32, float64: 64 };

/** `SIG_VALTYPE_ 2024 Pressure : 1;` by `2024 Pressure`. The library takes a float of 16 bits for a whole number. */
function floatTypes(statements: readonly DbcStatement[]): ReadonlyMap<string, FloatType> {
  const found = new Map<string, FloatType>();
  for (const { text } of statements) {
    const [, id, signal, type] = /^SIG_VALTYPE_ +(\d{1,10}) +(\w+) *:? *([12]) *;$/.exec(text) ?? [];
    if (type !== undefined) found.set(`${Number(id)} ${signal}`, type === '1' ? 'float32' : 'float64');
  }
  return found;
}

/** `m3` and `m3M` ask the one multiplexor of the message for a 3. */
function simpleCondition(
  { multiplex }: CandiedSignal,
  multiplexors: readonly CandiedSignal[],
): Condition | 'unclear' | undefined {
  const [, number] = /^m(\d+)M?$/.exec(multiplex ?? '') ?? [];
  if (number === undefined) return undefined;
  const [multiplexor, second] = multiplexors;
  if (multiplexor === undefined || second !== undefined) return 'unclear';
  return { multiplexor: multiplexor.name, ranges: [[Number(number), Number(number)]] };
}

/** `SG_MUL_VAL_ 2024 Inner Outer 1-1, 4-9;` by `2024 Inner`. The library does not read them. */
function multiplexRanges(statements: readonly DbcStatement[]): Result<ReadonlyMap<string, Condition>, DbcFault> {
  const found = new Map<string, Condition>();
  for (const { line, text } of statements) {
    const [, id, signal, multiplexor = '', list] = MULTIPLEX.exec(text) ?? [];
    if (list === undefined) return fail(atLine(line));
    const ranges = [...list.matchAll(/(\d+)-(\d+)/g)].map(([, from, to]) => [Number(from), Number(to)] as const);
    found.set(`${Number(id)} ${signal}`, { multiplexor, ranges });
  }
  return ok(found);
}

/** Ranges stand apart by commas or blanks; written so that there is one way to read a list, however long. */
const MULTIPLEX = /^SG_MUL_VAL_ +(\d{1,10}) +(\w+) +(\w+) +(\d{1,10}-\d{1,10}(?:(?: *, *| +)\d{1,10}-\d{1,10})*) *;$/;

const atLine = (line: number): DbcFault => malformed(`line ${line} cannot be read`, `第 ${line} 行无法解析`);

const inMessage = (name: string): DbcFault =>
  malformed(`message \`${name}\` has a signal that cannot be decoded`, `报文 \`${name}\` 含有无法解码的信号`);

function malformed(en: string, zh: string): DbcFault {
  return {
    code: 'DBC_MALFORMED',
    problem: bilingual(`the DBC file is not understood: ${en}`, `无法理解 DBC 文件：${zh}`),
    remedy: bilingual(
      'correct that place of the file with a DBC editor, or take the message out of the file',
      '请用 DBC 编辑工具修正该处，或从文件中删除该报文',
    ),
    retry: 'after-remedy',
  };
}
