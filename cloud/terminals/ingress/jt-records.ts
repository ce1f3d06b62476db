import type { SealedBatch, SignalReading, Step } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { type Fields, isList } from '../value.ts';
import { EXTRA_READINGS, MESSAGE_READINGS, POSITION_READINGS } from './jt-readings.table.ts';
import { addReading, isFields, octetReadings, recordBatch } from './record-batch.ts';
import { placeOf } from './record-place.ts';

/** Whose records these are, of when, and what was done to make them. */
export interface JtRecordHead {
  readonly at: Instant;
  readonly tag: SubjectTag;
  /** Such as `2019`. */
  readonly edition: number;
  readonly message: string;
  readonly steps: readonly Step[];
}

const READ = 'jt808.frame';
const UNREAD = 'jt808.frame-unread';

/** Bit 5 of the state: a plug-in has processed the position, says the terminal. */
const CLAIMED_BIT = 0x20;

export const isClaimed = ({ status }: Fields): boolean => typeof status === 'number' && (status & CLAIMED_BIT) !== 0;

/**
 * A position as records of one vehicle. Its place follows from its octets, whichever message brought them: a position that
 * was sent alone, and comes again in a batch, is stored once.
 *
 * @param octets - the position with its additional items
 */
export function recordsOfPosition(position: Fields, octets: Uint8Array, head: JtRecordHead): SealedBatch {
  const readings = positionReadings(position);
  readings.push(...octetReadings(isAllKnown(position) ? READ : UNREAD, octets));
  return recordBatch({ ...head, place: placeOf(head.at, octets), steps: stepsOf(head) }, readings);
}

/**
 * Any other message as records: its fields under their kinds, and its body under the one of positions, since that is the
 * strictest and nobody has looked what else is in it.
 *
 * @param name - what two sendings of one message have in common
 * @param octets - undefined for a body that may not be kept
 */
export function recordsOfMessage(
  fields: Fields,
  { name, octets }: { readonly name: Uint8Array; readonly octets: Uint8Array | undefined },
  head: JtRecordHead,
): SealedBatch {
  const readings: SignalReading[] = [];
  const paths = MESSAGE_READINGS[head.message];
  addFields(readings, fields, paths ?? {});
  const { location } = fields;
  if (isFields(location)) readings.push(...positionReadings(location));
  if (octets !== undefined) readings.push(...octetReadings(paths === undefined ? UNREAD : READ, octets));
  return recordBatch({ ...head, place: placeOf(head.at, name), steps: stepsOf(head) }, readings);
}

const stepsOf = ({ edition, message, steps }: JtRecordHead): readonly Step[] => [
  { stage: 'terminal-ingress', parameters: `protocol=jt808-${edition} message=${message}` },
  ...steps,
];

function positionReadings(position: Fields): SignalReading[] {
  const readings: SignalReading[] = [];
  addFields(readings, position, POSITION_READINGS);
  for (const { extra, ...fields } of extrasOf(position)) {
    const path = typeof extra === 'string' ? EXTRA_READINGS[extra] : undefined;
    if (path !== undefined) for (const value of Object.values(fields)) addReading(readings, path, value);
  }
  return readings;
}

const extrasOf = ({ extras }: Fields): readonly Fields[] => (isList(extras) ? extras : []).filter(isFields);

const isAllKnown = (position: Fields): boolean =>
  extrasOf(position).every(({ extra }) => typeof extra === 'string' && EXTRA_READINGS[extra] !== undefined);

/** Kinds of the catalogue that a position is of, its octets among them. */
export function kindsOfPosition(position: Fields): readonly string[] {
  const octets = isAllKnown(position) ? READ : UNREAD;
  return [...positionReadings(position).map(({ path }) => path), octets];
}

function addFields(readings: SignalReading[], fields: Fields, paths: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const path = paths[name];
    if (path !== undefined) addReading(readings, path, value);
    else if (isList(value)) for (const one of value) if (isFields(one)) addFields(readings, one, paths);
  }
}
