import { expect } from 'vitest';
import type { SpooledBatch, StrategyOnFull } from '../../../edge/ports/spool.ts';
import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { TRIP } from './candidates.ts';
import type { OneSpool } from './one-spool.ts';

export interface SpoolLimits {
  readonly maxSize: number;
  readonly strategyOnFull: StrategyOnFull;
}

export const ROOMY: SpoolLimits = { maxSize: 100_000_000, strategyOnFull: 'RejectNewData' };

/** A batch whose bytes name it. */
export function batchAt(firstSequence: number, count: number, size: number): SpooledBatch {
  const bytes = new Uint8Array(size).fill(firstSequence % 251);
  new DataView(bytes.buffer).setFloat64(0, firstSequence);
  return { firstSequence, count, bytes };
}

/** What frames of a purpose rest on that needs no consent. */
export const BASIS = { purpose: 'operations', consent: '' };

export function heldRow(notBefore: number, distanceClass = 0): SealedFrame {
  // A row as the inspection lets it through; only the inspection itself can make the type.
  return {
    content: { ...TRIP, distanceClass },
    basis: BASIS,
    notBefore: notBefore as Instant,
  } as unknown as SealedFrame;
}

/** Appends a batch of so many frames at the next sequence, with everything that waits to be told. */
export function append(spool: OneSpool, count = 3, size = 1_000, released: readonly number[] = []) {
  return spool.append({ batch: batchAt(spool.nextSequence(), count, size), released, told: spool.dropNotices() });
}

export const appendAll = (spool: OneSpool, times: number): void => {
  for (let index = 0; index < times; index += 1) expect(append(spool).ok).toBe(true);
};
