import type { SealedBatch, SignalFrame, SignalReading, Step } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { type Fields, isList, isMark, isOctets, type Value } from '../value.ts';
import type { RecordPlace } from './record-place.ts';

/** Readings of one record, and bytes of a text, as proto/schema/telemetry.proto limits them. */
const READINGS_MAX = 256;
const TEXT_BYTES_MAX = 32;
/** Octets that a text holds in base64. */
const CHUNK_BYTES = 24;

/** Where and when the records of one message stand, whose they are, and what was done to make them. */
export interface RecordHead {
  readonly at: Instant;
  readonly tag: SubjectTag;
  readonly place: RecordPlace;
  readonly steps: readonly Step[];
}

/** Readings as records of one vehicle, as many to a record as one may hold. */
export function recordBatch({ at, tag, place, steps }: RecordHead, readings: readonly SignalReading[]): SealedBatch {
  const frames: SignalFrame[] = [];
  for (let from = 0; from < readings.length; from += READINGS_MAX)
    frames.push({
      kind: 'signals',
      subjectTag: tag,
      observedAt: at,
      signals: readings.slice(from, from + READINGS_MAX),
    });
  const { epoch, sequence: firstSequence } = place;
  return { epoch, firstSequence, policyId: 'terminal', policyVersion: 0, steps, removals: [], frames, drops: [] };
}

/** Octets as texts of a kind. */
export function octetReadings(path: string, octets: Uint8Array): readonly SignalReading[] {
  const readings: SignalReading[] = [];
  for (let from = 0; from < octets.length; from += CHUNK_BYTES)
    readings.push({ path, value: Buffer.from(octets.subarray(from, from + CHUNK_BYTES)).toString('base64') });
  return readings;
}

/**
 * Adds a value; of a list each of its own, but that numbers of a list stand together in texts, since a frame has hundreds of
 * cells. A text that is longer than a reading holds stays in the octets.
 */
export function addReading(readings: SignalReading[], path: string, value: Value): void {
  if (isList(value)) addList(readings, path, value);
  else if (typeof value === 'number') readings.push({ path, value });
  else if (isMark(value)) readings.push({ path, value: value.mark });
  else if (isOctets(value)) addText(readings, path, value.hex);
  else if (typeof value === 'string') addText(readings, path, value);
}

function addList(readings: SignalReading[], path: string, list: readonly Value[]): void {
  let text = '';
  for (const one of list) {
    const word = typeof one === 'number' ? String(one) : isMark(one) ? one.mark : undefined;
    if (word === undefined) {
      addReading(readings, path, one);
      continue;
    }
    const longer = text === '' ? word : `${text} ${word}`;
    if (longer.length > TEXT_BYTES_MAX) readings.push({ path, value: text });
    text = longer.length > TEXT_BYTES_MAX ? word : longer;
  }
  if (text !== '') readings.push({ path, value: text });
}

function addText(readings: SignalReading[], path: string, text: string): void {
  if (Buffer.byteLength(text) <= TEXT_BYTES_MAX) readings.push({ path, value: text });
}

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && !isList(value) && !isMark(value) && !isOctets(value);

/** The instant of a time that a message says. @returns nothing where it names no day */
export function instantOf(value: Value | undefined): Instant | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isSafeInteger(ms) && ms >= 0 ? (ms as Instant) : undefined;
}
