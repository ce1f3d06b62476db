import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { IS_COMMAND, readGbFrame } from '../gb32960/frame.ts';
import { readUnit } from '../gb32960/unit.ts';
import { decodeJt, type JtView } from '../jt808/view.ts';
import { fromHex } from '../scalars.ts';
import { type Fields, isList, type Value } from '../value.ts';
import { UNENCRYPTED } from './gb-doubts.ts';
import { observedAt, recordsOfGb } from './gb-records.ts';

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

const POSITION_KINDS = ['alarm', 'status', 'latitude', 'longitude', 'elevation', 'speed', 'direction', 'time'] as const;
const EXTRA_KINDS: Readonly<Record<string, string>> = {
  ...{ mileage: 'mileage', fuel: 'fuel', recorderSpeed: 'recorder-speed' },
};

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
  const [at] = positions.flatMap((one) => instantOf(one['at']));
  if (at === undefined) return undefined;
  const unread = view.value.fault === undefined && body['raw'] === undefined ? 'jt808.frame' : 'jt808.frame-unread';
  return { vehicle: phone, at, kinds: [...new Set([...positions.flatMap(kindsOfPosition), unread])] };
}

const SILENT: ReadonlySet<string | number> = new Set([
  'heartbeat',
  'terminal-answer',
  'platform-answer',
  'authentication',
]);

const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && !isList(value);

function positionsIn({ message, body }: JtView): readonly Fields[] {
  if (message === 'location' || message === 'location-answer') return [body];
  const { positions } = body;
  return isList(positions) ? positions.filter(isFields) : [];
}

function kindsOfPosition({ extras }: Fields): readonly string[] {
  const own = (isList(extras) ? extras : []).filter(isFields).map(({ extra }) => {
    const kind = typeof extra === 'string' ? EXTRA_KINDS[extra] : undefined;
    return kind === undefined ? 'frame-unread' : kind;
  });
  return [...POSITION_KINDS, ...own].map((kind) => `jt808.${kind}`);
}

function instantOf(value: Value | undefined): readonly Instant[] {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isSafeInteger(ms) && ms >= 0 ? [ms as Instant] : [];
}
