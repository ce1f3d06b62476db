import type { SealedBatch, SignalFrame, SignalReading } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { GbFrame } from '../gb32960/frame.ts';
import type { UnitRead } from '../gb32960/unit.ts';
import { type Fields, isList, isMark, isOctets, type Value } from '../value.ts';
import { LOGIN_READINGS, READINGS } from './readings.table.ts';
import { placeOf } from './record-place.ts';

/** Readings of one record, and bytes of a text, as proto/schema/telemetry.proto limits them. */
const READINGS_MAX = 256;
const TEXT_BYTES_MAX = 32;
/** Octets that a text holds in base64. */
const CHUNK_BYTES = 24;

/** The time that a message says it is of; undefined where it names no day. */
export function observedAt({ fields }: UnitRead): Instant | undefined {
  const { at } = fields;
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isSafeInteger(ms) && ms >= 0 ? (ms as Instant) : undefined;
}

/**
 * A frame as records of one vehicle: a reading for each value that the catalogue has a kind for, in the order of the frame,
 * and the octets of the whole frame under a kind that lies with positions. The partition then puts each reading where
 * its kind belongs, so that a position, and octets that may hold one, reach the geographic zone and no other.
 *
 * @param octets - the frame as it came
 * @param tag - stands for the vehicle
 */
export function recordsOfGb(
  { frame, unit, octets }: { readonly frame: GbFrame; readonly unit: UnitRead; readonly octets: Uint8Array },
  at: Instant,
  tag: SubjectTag,
): SealedBatch {
  const { edition, command } = frame;
  const { epoch, sequence } = placeOf(at, frame.unit);
  const readings = [...readingsOf(unit.fields), ...octetReadings(octets, isUnread(unit.fields))];
  const frames: SignalFrame[] = [];
  for (let from = 0; from < readings.length; from += READINGS_MAX)
    frames.push({
      kind: 'signals',
      subjectTag: tag,
      observedAt: at,
      signals: readings.slice(from, from + READINGS_MAX),
    });
  return {
    epoch,
    firstSequence: sequence,
    policyId: 'terminal',
    policyVersion: 0,
    steps: [{ stage: 'terminal-ingress', parameters: `protocol=gb32960-${edition} command=${command}` }],
    removals: [],
    frames,
    drops: [],
  };
}

function readingsOf({ items, ...head }: Fields): readonly SignalReading[] {
  const readings: SignalReading[] = [];
  addFields(readings, head, LOGIN_READINGS);
  for (const item of isList(items) ? items : []) {
    if (!isFields(item)) continue;
    const { item: name, ...fields } = item;
    const paths = typeof name === 'string' ? READINGS[name] : undefined;
    if (paths !== undefined) addFields(readings, fields, paths);
  }
  return readings;
}

const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && !isList(value) && !isMark(value) && !isOctets(value);

/** Lists of records, such as motors and packs, are gone into; a field without a path stays in the octets. */
function addFields(readings: SignalReading[], fields: Fields, paths: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const path = paths[name];
    if (path !== undefined) addValue(readings, `gb32960.${path}`, value);
    else if (isList(value)) for (const one of value) if (isFields(one)) addFields(readings, one, paths);
  }
}

function addValue(readings: SignalReading[], path: string, value: Value): void {
  if (isList(value)) for (const one of value) addValue(readings, path, one);
  else if (typeof value === 'number') readings.push({ path, value });
  else if (isMark(value)) readings.push({ path, value: value.mark });
  else if (isOctets(value)) addText(readings, path, value.hex);
  else if (typeof value === 'string') addText(readings, path, value);
}

/** What is longer than a reading holds stays in the octets. */
function addText(readings: SignalReading[], path: string, text: string): void {
  if (Buffer.byteLength(text) <= TEXT_BYTES_MAX) readings.push({ path, value: text });
}

/** Whether there is something in it that no table knows. */
function isUnread({ items, raw, octets }: Fields): boolean {
  if (raw !== undefined || octets !== undefined) return true;
  const list = isList(items) ? items : [];
  return list.some((item) => isFields(item) && (item['item'] === 'custom' || item['item'] === 'unread'));
}

function octetReadings(octets: Uint8Array, unread: boolean): readonly SignalReading[] {
  const path = unread ? 'gb32960.frame-unread' : 'gb32960.frame';
  const readings: SignalReading[] = [];
  for (let from = 0; from < octets.length; from += CHUNK_BYTES)
    readings.push({ path, value: Buffer.from(octets.subarray(from, from + CHUNK_BYTES)).toString('base64') });
  return readings;
}
