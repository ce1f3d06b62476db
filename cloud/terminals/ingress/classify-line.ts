import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { IS_COMMAND, readGbFrame } from '../gb32960/frame.ts';
import { readUnit } from '../gb32960/unit.ts';
import { decodeJt, type JtView } from '../jt808/view.ts';
import { fromHex } from '../scalars.ts';
import { type Fields, isList } from '../value.ts';
import { UNENCRYPTED } from './gb-doubts.ts';
import { observedAt, recordsOfGb } from './gb-records.ts';
import { kindsOfPosition } from './jt-records.ts';
import { instantOf, isFields } from './record-batch.ts';

/** What one frame on file is: whose, of when, and of which kinds of the catalogue. */
export interface ClassifiedFrame {
  readonly vehicle: string;
  readonly at: Instant;
  readonly kinds: readonly string[];
}

const TAG = new Uint8Array(16) as SubjectTag;
const HEX_CHARACTERS_MAX = 262_224;

const bytesOf = (line: string): Buffer | undefined =>
  line.length > HEX_CHARACTERS_MAX ? undefined : fromHex(line.replace(/\s/g, ''));

/** A frame of GB/T 32960 in hexadecimal; `silent` for one without data, undefined for none, and for one that names no day. */
export function classifyGbLine(line: string): ClassifiedFrame | 'silent' | undefined {
  const octets = bytesOf(line);
  const frame = octets === undefined ? undefined : readGbFrame(octets);
  if (octets === undefined || !frame?.ok || !frame.value.isChecksumGood) return undefined;
  const { value } = frame;
  if (value.answer !== IS_COMMAND || value.unit.length === 0) return 'silent';
  const unit = readUnit(value);
  const at = observedAt(unit);
  // What cannot be read names no day either.
  if (value.encryption !== UNENCRYPTED || at === undefined) return undefined;
  const paths = recordsOfGb({ frame: value, unit, octets }, at, TAG).frames.flatMap((one) =>
    one.kind === 'signals' ? one.signals.map(({ path }) => path) : [],
  );
  const unread = unit.fault === undefined ? [] : ['gb32960.frame-unread'];
  return { vehicle: value.vin, at, kinds: [...new Set([...paths, ...unread])] };
}

/**
 * A message of JT/T 808 in hexadecimal. Positions alone say of when they are; a message without one is `silent` where it
 * holds nothing of a vehicle, and undefined otherwise.
 */
export function classifyJtLine(line: string): ClassifiedFrame | 'silent' | undefined {
  const octets = bytesOf(line);
  const view = octets === undefined ? undefined : decodeJt(octets);
  if (!view?.ok || view.value.checksum !== 'good') return undefined;
  const { message, phone, body } = view.value;
  if (SILENT.has(message)) return 'silent';
  const positions = positionsIn(view.value);
  const at = positions.map((one) => instantOf(one['at'])).find((one) => one !== undefined);
  if (at === undefined) return undefined;
  const whole = view.value.fault === undefined && body['raw'] === undefined ? [] : ['jt808.frame-unread'];
  return { vehicle: phone, at, kinds: [...new Set([...positions.flatMap(kindsOfPosition), ...whole])] };
}

const SILENT: ReadonlySet<string | number> = new Set([
  'heartbeat',
  'terminal-answer',
  'platform-answer',
  'authentication',
]);

function positionsIn({ message, body }: JtView): readonly Fields[] {
  if (message === 'location' || message === 'location-answer') return [body];
  const { positions } = body;
  return isList(positions) ? positions.filter(isFields) : [];
}
