import type { Instant } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { ObservedContent } from '../classification/observed.ts';
import { checkSignature } from '../ingest/admit.ts';
import { type JudgeParts, judge } from '../ingest/judge.ts';
import type { RejectionCode } from '../ingest/rejections.ts';
import { type Arrival, type SortedGroup, sortOut } from '../ingest/sort-out.ts';
import { createPartitioner } from '../partition/partition.ts';
import type { DeviceRegister, RegisteredDevice } from '../ports/device-register.ts';
import type { LogRecord, NewLogRecord, PartitionWork } from '../ports/record-log.ts';
import { encodeBooksInParts } from './books-record.ts';
import type { SegmentSealer } from './carried-keys.ts';
import { joinGroups } from './join-groups.ts';
import { createPartitionState, type PartitionState } from './partition-state.ts';
import { encodeQuarantined, type RefusedPayload } from './quarantine-record.ts';
import { decodeRaw, type RawRecord } from './raw-record.ts';
import type { RecordZone, Topics } from './topics.ts';
import type { TransitMark, TransitOpener, TransitSealer } from './transit.ts';
import { encodeSegment } from './zone-record.ts';

export interface ClassifyParts extends JudgeParts {
  readonly topics: Topics;
  readonly register: Pick<DeviceRegister, 'find'>;
  readonly raw: TransitOpener;
  readonly books: TransitSealer;
  readonly quarantine: TransitSealer;
  readonly segments: (zone: RecordZone) => SegmentSealer;
  readonly mark: (zone: RecordZone) => TransitMark;
  /**
   * Payloads are sorted out by themselves, so that one that is worked on again gives the same segments: what a zone rests on
   * that no transaction reaches. Elsewhere those of one transaction go together, and a vehicle's frames into one segment.
   */
  readonly oneByOne: boolean;
}

/** What a worker makes of raw records: segments for the zones, what is refused, and what the books are told. */
export function createClassifyWork(parts: ClassifyParts): PartitionWork {
  const states = new Map<number, PartitionState>();
  const stateOf = (partition: number): PartitionState => {
    const known = states.get(partition) ?? createPartitionState(parts.topics.state, partition);
    states.set(partition, known);
    return known;
  };
  const output = createOutput(parts);
  return {
    begin: (partition) => {
      states.delete(partition);
      return stateOf(partition).restore;
    },
    forget: () => states.clear(),
    work: async (records, isUnfit) => {
      const find = foundOnce(parts.register);
      const read = await Promise.all(records.map((record) => readRecord(record, find, parts, isUnfit(record))));
      const byPartition = new Map<number, Read[]>();
      for (const [at, { partition }] of records.entries()) {
        const one = read[at];
        if (one === undefined) continue;
        const known = byPartition.get(partition);
        if (known === undefined) byPartition.set(partition, [one]);
        else known.push(one);
      }
      return [...byPartition].flatMap(([partition, some]) => output(partition, stateOf(partition), some));
    },
  };
}

type Read = Arrival | { readonly unread: RefusedPayload };

type Find = ClassifyParts['register']['find'];

/** For one transaction: to make a key of what the register has takes as long as half a frame. */
function foundOnce(register: ClassifyParts['register']): Find {
  const found = new Map<DeviceId, ReturnType<Find>>();
  return (id) => {
    if (!found.has(id)) found.set(id, register.find(id));
    return found.get(id);
  };
}

/** Signatures are verified by other threads, many at a time. */
async function readRecord(record: LogRecord, find: Find, parts: ClassifyParts, isUnfit: boolean): Promise<Read> {
  const opened = parts.raw.open(record.value);
  const raw = opened && decodeRaw(opened);
  if (raw === undefined) return { unread: notRead(record.value, 'RECORD_UNREADABLE') };
  if (isUnfit) return { unread: notRead(raw.payload, 'RECORD_TOO_LARGE', raw) };
  const device = find(raw.device);
  // It was known when the payload was acknowledged: it was revoked since, and is believed no more.
  if (device === undefined || device.number !== raw.deviceNumber)
    return { unread: notRead(raw.payload, 'DEVICE_BARRED', raw) };
  const isSigned = await signedBy(device, raw);
  return judge({ device, payload: raw.payload, receivedAt: raw.receivedAt }, parts, isSigned);
}

function signedBy(device: RegisteredDevice, { payload }: RawRecord): Promise<boolean | undefined> {
  return new Promise((resolve) => checkSignature(payload, device, resolve));
}

/** Number of nobody's device: what cannot be read says of no device that it came from it. */
const NOBODY = 0;

function notRead(payload: Uint8Array, reason: RejectionCode, raw?: RawRecord): RefusedPayload {
  return {
    ...(raw && { device: raw.device }),
    deviceNumber: raw?.deviceNumber ?? NOBODY,
    receivedAt: raw?.receivedAt ?? (0 as Instant),
    reason,
    frames: 1,
    payload,
  };
}

/** Records of one partition, in their order, as one transaction has them. */
function createOutput(
  parts: ClassifyParts,
): (partition: number, state: PartitionState, read: readonly Read[]) => NewLogRecord[] {
  const { topics } = parts;
  const sealers = new Map<RecordZone, { readonly seal: SegmentSealer; readonly mark: TransitMark }>();
  const sealerOf = (zone: RecordZone) => {
    const known = sealers.get(zone) ?? { seal: parts.segments(zone), mark: parts.mark(zone) };
    sealers.set(zone, known);
    return known;
  };
  const segmentsOf = ({ records }: SortedGroup): readonly NewLogRecord[] =>
    [...records].flatMap(([zone, some]) => {
      const { seal, mark } = sealerOf(zone);
      return seal(some).map((segment) => {
        const key = String(segment.head.deviceNumber);
        return { topic: topics.zone(zone), key, value: mark.mark(encodeSegment(segment)) };
      });
    });
  const refusedOf = (payload: RefusedPayload): NewLogRecord => ({
    topic: topics.quarantine,
    key: String(payload.deviceNumber),
    value: parts.quarantine.seal(encodeQuarantined(payload)),
  });
  return (partition, state, read) => {
    const out: NewLogRecord[] = [];
    const observed: [number, ObservedContent][] = [];
    const partitioner = createPartitioner();
    const groups: SortedGroup[] = [];
    const arrivals: Arrival[] = [];
    for (const one of read) {
      if ('unread' in one) out.push(refusedOf(one.unread));
      else arrivals.push(one);
    }
    for (const some of parts.oneByOne ? arrivals.map((one) => [one]) : wholeOf(arrivals)) {
      const group = sortOut(some, {
        extents: state.extents,
        dropped: state.dropped,
        observe: (device, content) => observed.push([device, content]),
        partitioner,
      });
      state.change(group.changes);
      const devices = new Map(some.map(({ device }) => [device.number, device.device]));
      const refused = group.quarantined.map((payload) => {
        const device = devices.get(payload.deviceNumber);
        return refusedOf({ ...payload, ...(device !== undefined && { device }) });
      });
      out.push(...segmentsOf(group), ...refused);
      groups.push(group);
    }
    if (groups.length > 0) {
      const books = joinGroups(groups.map((group) => ({ ...group, observed: [] })));
      const told = encodeBooksInParts({ ...books, observed }).map((part) => parts.books.seal(part));
      const of = { topic: topics.books, partition, key: String(partition) };
      out.push(...state.recordsOf(books.changes), ...told.map((value) => ({ ...of, value })));
    }
    return out;
  };
}

const wholeOf = (arrivals: readonly Arrival[]): readonly (readonly Arrival[])[] =>
  arrivals.length === 0 ? [] : [arrivals];
