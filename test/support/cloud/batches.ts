import { type KeyObject, sign } from 'node:crypto';
import { deflate } from '../../../proto/codec/deflated.ts';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import {
  type CellFrame,
  encodeSealedBatch,
  encodeSignedBatch,
  type FrameContent,
  type SealedBatch,
  type SignalFrame,
  type SignalReading,
  type TripRow,
} from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import { HOUR_MS, type Instant } from '../../../proto/words/time.ts';

/** 2026-03-01T04:00:00Z: noon of that day in Shanghai. */
export const NOW = Date.UTC(2026, 2, 1, 4) as Instant;

export const TAG = new Uint8Array(16).fill(7) as SubjectTag;

export type Values = Readonly<Record<string, SignalReading['value']>>;

export function signalFrame(values: Values = { 'Vehicle.Speed': 42.5 }, observedAt: Instant = NOW): SignalFrame {
  const signals = Object.entries(values).map(([path, value]) => ({ path, value }));
  return { kind: 'signals', subjectTag: TAG, observedAt, signals };
}

/** A 5 km cell of the eastern plain, in the hour of `NOW`. */
export function cellFrame(change: Partial<CellFrame> = {}): CellFrame {
  const hour = Math.floor(NOW / HOUR_MS);
  return { kind: 'cell', subjectTag: TAG, hour, sizeM: 5_000, zone: 40, row: 692, column: 96, ...change };
}

export function tripRow(change: Partial<TripRow> = {}): TripRow {
  return { kind: 'trip', localDate: 2026_03_01, distanceClass: 4, durationClass: 3, ...change };
}

export function batchOf(frames: readonly FrameContent[], change: Partial<SealedBatch> = {}): SealedBatch {
  return {
    epoch: 11,
    firstSequence: 0,
    policyId: 'test',
    policyVersion: 1,
    steps: [{ stage: 'allow-signals', parameters: 'paths=7' }],
    removals: [],
    drops: [],
    frames,
    ...change,
  };
}

/** What the vehicle would send: a batch under the signature of a key. */
export function seal(batch: SealedBatch, key: KeyObject): Uint8Array {
  return sealBytes(encodeSealedBatch(batch), key);
}

/** The same for a body that need not be that of a batch. */
export function sealBody(body: Uint8Array, key: KeyObject): Uint8Array {
  return sealBytes(deflate(body), key);
}

/** The same for bytes that need not be compressed. */
export function sealBytes(batch: Uint8Array, key: KeyObject): Uint8Array {
  return encodeSignedBatch({ batch, signature: signatureOver(batch, key) });
}

export function signatureOver(batch: Uint8Array, key: KeyObject): Uint8Array {
  return sign('sha256', signedBytes('batch', batch), { key, dsaEncoding: 'ieee-p1363' });
}
