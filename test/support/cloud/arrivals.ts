import type { RejectionCode } from '../../../cloud/ingest/rejections.ts';
import type { Arrival } from '../../../cloud/ingest/sort-out.ts';
import type { SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import { batchOf, NOW, seal, signalFrame } from './batches.ts';
import type { TestDevice } from './devices.ts';
import { RECORDS, type RecordRow, rowsIn } from './rows.ts';

/** A batch on its way to the disk, as the gateway would hand it over. */
export function arrivalOf(by: TestDevice, batch: SealedBatch, rejection?: RejectionCode): Arrival {
  return { device: by.registered, payload: seal(batch, by.key), receivedAt: NOW, batch, rejection };
}

/** Frames of the sequences [from, to), whose speed is their sequence, so that content shows where it came from. */
export function speedsOf(from: number, to: number, epoch = 11): SealedBatch {
  const frames = Array.from({ length: to - from }, (_, at) => signalFrame({ 'Vehicle.Speed': (from + at) % 400 }));
  return batchOf(frames, { firstSequence: from, epoch });
}

export const ZONE_NAMES = ['general', 'personal', 'geographic', 'important'] as const;
export type ZoneName = (typeof ZONE_NAMES)[number];

export function sequencesIn(directory: string, zone: ZoneName = 'personal'): readonly number[] {
  return rowsIn<RecordRow>(directory, zone, RECORDS).map(({ sequence }) => sequence);
}
