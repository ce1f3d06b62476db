import type { SealedBatch, SignalReading } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { GbFrame } from '../gb32960/frame.ts';
import type { UnitRead } from '../gb32960/unit.ts';
import type { SignatureStanding } from '../keys/signature-keys.ts';
import { type Fields, isList } from '../value.ts';
import { LOGIN_READINGS, READINGS } from './readings.table.ts';
import { addReading, instantOf, isFields, octetReadings, recordBatch } from './record-batch.ts';
import { placeOf } from './record-place.ts';

/** The time that a message says it is of; undefined where it names no day. */
export const observedAt = ({ fields }: UnitRead): Instant | undefined => instantOf(fields['at']);

export interface GbRecorded {
  readonly frame: GbFrame;
  readonly unit: UnitRead;
  readonly octets: Uint8Array;
  /** What came of its signature: it goes on record, and changes no class and no zone. */
  readonly standing?: SignatureStanding;
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
  { frame, unit, octets, standing = 'absent' }: GbRecorded,
  at: Instant,
  tag: SubjectTag,
): SealedBatch {
  const { edition, command } = frame;
  const steps = [
    { stage: 'terminal-ingress', parameters: `protocol=gb32960-${edition} command=${command}` },
    ...(standing === 'absent' ? [] : [{ stage: 'signature-claim', parameters: standing }]),
  ];
  const path = isUnread(unit.fields) ? 'gb32960.frame-unread' : 'gb32960.frame';
  const readings = [...readingsOf(unit.fields), ...octetReadings(path, octets)];
  return recordBatch({ at, tag, place: placeOf(at, frame.unit), steps }, readings);
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

/** Lists of records, such as motors and packs, are gone into; a field without a path stays in the octets. */
function addFields(readings: SignalReading[], fields: Fields, paths: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const path = paths[name];
    if (path !== undefined) addReading(readings, `gb32960.${path}`, value);
    else if (isList(value)) for (const one of value) if (isFields(one)) addFields(readings, one, paths);
  }
}

/** Whether there is something in it that no table knows. */
function isUnread({ items, raw, octets }: Fields): boolean {
  if (raw !== undefined || octets !== undefined) return true;
  const list = isList(items) ? items : [];
  return list.some((item) => isFields(item) && (item['item'] === 'custom' || item['item'] === 'unread'));
}
