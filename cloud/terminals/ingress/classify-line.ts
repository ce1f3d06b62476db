import type { SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { canStart, IS_COMMAND, readGbFrame } from '../gb32960/frame.ts';
import { readUnit } from '../gb32960/unit.ts';
import { ENCRYPTION_BITS, FLAG } from '../jt808/frame.ts';
import { decodeJt, type JtView } from '../jt808/view.ts';
import { fromHex } from '../scalars.ts';
import { type Fields, isList } from '../value.ts';
import { UNENCRYPTED } from './gb-doubts.ts';
import { observedAt, recordsOfGb } from './gb-records.ts';
import { kindsOfPosition, recordsOfMessage } from './jt-records.ts';
import { instantOf, isFields } from './record-batch.ts';

/** What one frame on file is: whose, of when, and of which kinds of the catalogue. */
export interface ClassifiedFrame {
  readonly vehicle: string;
  /** Undefined where the frame names no day, or where nobody here can read it. */
  readonly at: Instant | undefined;
  readonly kinds: readonly string[];
}

const TAG = new Uint8Array(16) as SubjectTag;
const HEX_CHARACTERS_MAX = 262_224;
/** Records are made for their kinds alone; nobody sees of when they are. */
const NO_DAY = 0 as Instant;
const GB_UNREAD = 'gb32960.frame-unread';
const JT_UNREAD = 'jt808.frame-unread';

const pathsOf = ({ frames }: SealedBatch): readonly string[] =>
  frames.flatMap((one) => (one.kind === 'signals' ? one.signals.map(({ path }) => path) : []));

const bytesOf = (line: string): Buffer | undefined =>
  line.length > HEX_CHARACTERS_MAX ? undefined : fromHex(line.replace(/\s/g, ''));

/** `silent`: it holds nothing of a vehicle. `damaged`: nothing in it can be believed, so no terminal's frame is taken in like that. */
export type LineOfFrame = ClassifiedFrame | 'silent' | 'damaged' | undefined;

/** A frame of GB/T 32960 in hexadecimal; undefined for what is none. One that nobody here can read counts for every item. */
export function classifyGbLine(line: string): LineOfFrame {
  const octets = bytesOf(line);
  if (octets === undefined || octets.length === 0 || !canStart(octets, 0)) return undefined;
  const frame = readGbFrame(octets);
  if (!frame.ok || !frame.value.isChecksumGood) return 'damaged';
  const { value } = frame;
  if (value.answer !== IS_COMMAND || value.unit.length === 0) return 'silent';
  if (value.encryption !== UNENCRYPTED) return { vehicle: value.vin, at: undefined, kinds: [GB_UNREAD] };
  const unit = readUnit(value);
  const at = observedAt(unit);
  const paths = pathsOf(recordsOfGb({ frame: value, unit, octets }, at ?? NO_DAY, TAG));
  const unread = unit.fault === undefined && at !== undefined ? [] : [GB_UNREAD];
  return { vehicle: value.vin, at, kinds: [...new Set([...paths, ...unread])] };
}

/**
 * A message of JT/T 808 in hexadecimal; undefined for what is none. A message without a table of kinds, a part of one, and one
 * that nobody here can read count for every item, whoever sent them.
 */
export function classifyJtLine(line: string): LineOfFrame {
  const octets = bytesOf(line);
  if (octets === undefined || octets[0] !== FLAG) return undefined;
  const view = decodeJt(octets);
  if (!view.ok || view.value.checksum !== 'good' || view.value.length !== 'good') return 'damaged';
  const { message, phone, body, properties, part, fault } = view.value;
  const isRead = fault === undefined && part === undefined && (properties & ENCRYPTION_BITS) === 0;
  if (isRead && SILENT.has(message)) return 'silent';
  const positions = positionsIn(view.value);
  const at = [...positions, body].map((one) => instantOf(one['at'])).find((one) => one !== undefined);
  const paths = positions.length > 0 ? positions.flatMap(kindsOfPosition) : kindsOfMessage(view.value, octets);
  const unread = isRead && body['raw'] === undefined ? [] : [JT_UNREAD];
  return { vehicle: phone, at, kinds: [...new Set([...paths, ...unread])] };
}

const SILENT: ReadonlySet<string | number> = new Set(['heartbeat', 'terminal-answer', 'platform-answer']);

function kindsOfMessage({ message, body }: JtView, octets: Uint8Array): readonly string[] {
  const head = { at: NO_DAY, tag: TAG, edition: 0, message: String(message), steps: [] };
  return pathsOf(recordsOfMessage(body, { name: octets, octets }, head));
}

function positionsIn({ message, body }: JtView): readonly Fields[] {
  if (message === 'location' || message === 'location-answer') return [body];
  const { positions } = body;
  return isList(positions) ? positions.filter(isFields) : [];
}
