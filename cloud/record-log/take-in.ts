import { type BookStores, commitBooked } from '../ingest/group-commit.ts';
import type { LogPosition } from '../ports/ledger.ts';
import type { LogRecord } from '../ports/record-log.ts';
import type { CarriedZone } from '../ports/zone-store.ts';
import { decodeBooks } from './books-record.ts';
import { joinGroups } from './join-groups.ts';
import { decodeQuarantined, type RefusedPayload } from './quarantine-record.ts';
import type { TransitMark, TransitOpener } from './transit.ts';
import { decodeSegment } from './zone-record.ts';

/** Takes records of one topic in, in their order; durable once it returns, together with how far the topic was read. */
export type TakeIn = (records: readonly LogRecord[]) => void;

/** Told of a record that nobody of ours put there. It is passed over. */
export type OnForged = (topic: string) => void;

/** Segments go into the zone as they are. */
export function takeInZone(zone: CarriedZone, mark: TransitMark, onForged: OnForged): TakeIn {
  return byPartition((records, upTo) => {
    const segments = records.flatMap(({ topic, value }) => {
      const bytes = mark.check(value);
      if (bytes !== undefined) return [decodeSegment(bytes)];
      onForged(topic);
      return [];
    });
    zone.insertCarried(segments, upTo);
  });
}

/** The ledger, and whatever else counts what was admitted. */
export function takeInBooks(stores: BookStores, opener: TransitOpener, onForged: OnForged): TakeIn {
  return byPartition((records, upTo) => {
    const groups = openAll(records, opener, onForged).map(decodeBooks);
    commitBooked({ ...joinGroups(groups), quarantined: [] }, stores, upTo);
  });
}

/** @param onRefused - told of each payload once it is durable, and perhaps again after a crash */
export function takeInQuarantine(
  { quarantine, ledger }: Pick<BookStores, 'quarantine' | 'ledger'>,
  opener: TransitOpener,
  { onForged, onRefused }: { readonly onForged: OnForged; readonly onRefused: (payload: RefusedPayload) => void },
): TakeIn {
  return byPartition((records, upTo) => {
    const payloads = openAll(records, opener, onForged).map(decodeQuarantined);
    // What the quarantine holds it passes over, so that it may come again.
    quarantine.insert(payloads);
    const totals = { ...ledger.totals(), framesQuarantined: quarantine.count() };
    ledger.commit({ changes: [], notes: [], totals, upTo });
    for (const payload of payloads) onRefused(payload);
  });
}

function openAll(records: readonly LogRecord[], opener: TransitOpener, onForged: OnForged): readonly Buffer[] {
  return records.flatMap(({ topic, value }) => {
    const bytes = opener.open(value);
    if (bytes !== undefined) return [bytes];
    onForged(topic);
    return [];
  });
}

function byPartition(take: (records: readonly LogRecord[], upTo: LogPosition) => void): TakeIn {
  return (records) => {
    const partitions = new Map<number, LogRecord[]>();
    for (const record of records) {
      const known = partitions.get(record.partition);
      if (known === undefined) partitions.set(record.partition, [record]);
      else known.push(record);
    }
    for (const some of partitions.values()) {
      const last = some.at(-1);
      if (last !== undefined) take(some, { topic: last.topic, partition: last.partition, offset: last.offset + 1 });
    }
  };
}
