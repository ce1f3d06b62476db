import { createHmac } from 'node:crypto';
import type { RecordKey, ZoneReader, ZoneRecord, ZoneWriter } from '../ports/zone-store.ts';
import { groupTrips } from './group-trips.ts';

export interface ReleaseParts {
  readonly personal: ZoneReader;
  readonly general: ZoneWriter;
  /**
   * Whether the ledger knows a row. One that a crash left out of it is sent again under its old name, and would then
   * stand in both zones.
   */
  readonly isInLedger: (key: RecordKey) => boolean;
  /** The processor's pseudonym key; makes the new names of rows unguessable. */
  readonly key: Uint8Array;
}

/**
 * Moves trip rows of large enough groups from the personal zone to the general one, and drops who sent them on the way.
 *
 * The copy is durable before the original is deleted; a crash in between repeats the move, and the row's new name, which
 * follows from the old one under the key, keeps it from being there twice.
 *
 * @returns how many rows were moved
 */
export function releaseTrips({ personal, general, key, isInLedger }: ReleaseParts): number {
  const released = groupTrips(knownTrips(personal, isInLedger));
  if (released.length === 0) return 0;
  // In the order of their new names, so that the order of arrival is gone as well.
  const renamed = released
    .map(({ key: old, content }) => ({ key: newName(old, key), content }))
    .sort((a, b) => a.key.epoch - b.key.epoch);
  general.insert(renamed);
  personal.remove(released.map((record) => record.key));
  return released.length;
}

/** One after the other: a zone may hold more rows than memory. */
function* knownTrips(personal: ZoneReader, isInLedger: ReleaseParts['isInLedger']): Iterable<ZoneRecord> {
  for (const record of personal.trips()) if (isInLedger(record.key)) yield record;
}

/** Nobody's device number. */
const NOBODY = 0;

function newName({ deviceNumber, epoch, sequence }: RecordKey, key: Uint8Array): RecordKey {
  const mac = createHmac('sha256', key).update(`tongguan.v1.trip-row\0${deviceNumber}\0${epoch}\0${sequence}`).digest();
  return { deviceNumber: NOBODY, epoch: mac.readUIntBE(0, 6), sequence: mac.readUIntBE(6, 6) };
}
