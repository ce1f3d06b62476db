import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import { DAY_MS, HOUR_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { KeyScope } from '../ports/key-vault.ts';
import type { NewZoneRecord } from '../ports/zone-store.ts';
import { SEGMENT_RECORDS_MAX } from './segment.ts';

/** Class of a record that says none: the one without a term of its own. */
export const RETENTION_UNSAID = 'domestic-operations';

/** Records that one seal may cover. */
export interface RecordGroup extends KeyScope {
  readonly epoch: number;
  readonly kind: FrameContent['kind'];
  readonly records: NewZoneRecord[];
}

/** Groups records by device, epoch, class, kind and day. */
export function groupRecords(records: readonly NewZoneRecord[]): readonly RecordGroup[] {
  const groups: RecordGroup[] = [];
  const open = new Map<string, RecordGroup>();
  let last: RecordGroup | undefined;
  for (const record of records) {
    const { key, content, retention = RETENTION_UNSAID } = record;
    const day = dayOf(content, record.receivedAt);
    // Most records come right after another of their group.
    const isNext =
      last !== undefined &&
      last.deviceNumber === key.deviceNumber &&
      last.epoch === key.epoch &&
      last.kind === content.kind &&
      last.day === day &&
      last.retention === retention &&
      last.records.length < SEGMENT_RECORDS_MAX;
    const name = isNext ? '' : `${key.deviceNumber}/${key.epoch}/${content.kind}/${day}/${retention}`;
    let group: RecordGroup | undefined = isNext ? last : open.get(name);
    if (group === undefined || group.records.length >= SEGMENT_RECORDS_MAX) {
      group = { deviceNumber: key.deviceNumber, epoch: key.epoch, kind: content.kind, day, retention, records: [] };
      groups.push(group);
      open.set(name, group);
    }
    assert(Number.isSafeInteger(key.sequence) && key.sequence >= 0, 'a sequence is a whole number from 0');
    group.records.push(record);
    last = group;
  }
  return groups;
}

/** The records of a group in the order of their sequences, each sequence once: the first that came stays. */
export function inSequence(records: readonly NewZoneRecord[]): readonly NewZoneRecord[] {
  let before = -1;
  for (const { key } of records) {
    if (key.sequence <= before) return sorted(records);
    before = key.sequence;
  }
  return records;
}

function sorted(records: readonly NewZoneRecord[]): readonly NewZoneRecord[] {
  const bySequence = new Map<number, NewZoneRecord>();
  for (const record of records) if (!bySequence.has(record.key.sequence)) bySequence.set(record.key.sequence, record);
  return [...bySequence.values()].sort((a, b) => a.key.sequence - b.key.sequence);
}

/** Days since 1970-01-01 in Asia/Shanghai. */
export function shanghaiDay(instant: Instant): number {
  return Math.floor((instant + SHANGHAI_OFFSET_MS) / DAY_MS);
}

/** Day of a record's content in Asia/Shanghai: its class is counted from it. A statement of withdrawal has only the day it came. */
function dayOf(content: FrameContent, receivedAt: Instant | undefined): number {
  if (content.kind === 'signals') return shanghaiDay(content.observedAt);
  if ('minute' in content) return shanghaiDay((content.minute * MINUTE_MS) as Instant);
  if (content.kind === 'cell') return shanghaiDay((content.hour * HOUR_MS) as Instant);
  if (content.kind === 'withdrawal') {
    assert(receivedAt !== undefined, 'a statement of withdrawal is kept with the time it came');
    return shanghaiDay(receivedAt);
  }
  const { localDate } = content;
  return Date.UTC(Math.floor(localDate / 10_000), (Math.floor(localDate / 100) % 100) - 1, localDate % 100) / DAY_MS;
}
