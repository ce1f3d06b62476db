import { createHash } from 'node:crypto';
import type { Instant } from '../../../proto/words/time.ts';

/** Where the records of one frame stand in the ledger and the zones. */
export interface RecordPlace {
  readonly epoch: number;
  readonly sequence: number;
}

/** Frames of one terminal and so much time share an epoch: at one frame a second its extents stay far below their limit. */
export const EPOCH_MS = 300_000;
/** Above every epoch of an agent, which counts its own starts from 1. */
const EPOCH_FIRST = 2 ** 40;
/** Records that one frame may become. */
export const RECORDS_MAX = 1_024;
const DIGEST_VALUES = 2 ** 34;

/**
 * A place that follows from what a frame says and not from when it came, so that a frame sent again, in a reissue or after
 * a lost answer, has the same place and is stored once. Two frames of one second are told apart by 34 bits of a digest.
 *
 * @param content - the data unit; the command does not count, since a reissue has another
 */
export function placeOf(observedAt: Instant, content: Uint8Array): RecordPlace {
  const second = Math.floor((observedAt % EPOCH_MS) / 1_000);
  const digest = createHash('sha256').update(content).digest().readUIntBE(0, 6) % DIGEST_VALUES;
  return {
    epoch: EPOCH_FIRST + Math.floor(observedAt / EPOCH_MS),
    sequence: (second * DIGEST_VALUES + digest) * RECORDS_MAX,
  };
}
