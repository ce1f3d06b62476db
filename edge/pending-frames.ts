import { createBatchRoom, waitingBytesMost } from './batch-room.ts';
import { firstBatch } from './sealer.ts';
import { isSameBasis } from './stages/basis.ts';
import type { SealedFrame } from './stages/inspect.ts';

/** Sealed frames that wait in memory for the next batch, or for a spool that cannot be written. */
export interface PendingFrames {
  /** False when there is no room: the frame is then gone. */
  readonly add: (frame: SealedFrame) => boolean;
  /** Whether what waits fills a batch, so that it should not wait for the timer. */
  readonly fillsBatch: () => boolean;
  /** The oldest frame and those that share its basis, as many as fit one batch; none when nothing waits. */
  readonly firstBatch: () => readonly SealedFrame[];
  /** Lets go of frames; gives how many there were. */
  readonly remove: (isUnwanted: (frame: SealedFrame) => boolean) => number;
  readonly count: () => number;
}

export const PENDING_FRAMES_MAX = 4_096;
export const PENDING_BYTES_MAX = 4_000_000;

export function createPendingFrames(): PendingFrames {
  let frames: SealedFrame[] = [];
  let bytes = 0;
  let room = createBatchRoom();
  const bytesOf = (frame: SealedFrame): number => waitingBytesMost(frame.content);
  return {
    add: (frame) => {
      const own = bytesOf(frame);
      if (frames.length >= PENDING_FRAMES_MAX || bytes + own > PENDING_BYTES_MAX) return false;
      frames.push(frame);
      bytes += own;
      room.add(frame.content);
      return true;
    },
    fillsBatch: () => room.isFull(),
    firstBatch: () => firstBatch(alikeFirst(frames)),
    remove: (isUnwanted) => {
      const kept = frames.filter((frame) => !isUnwanted(frame));
      const removed = frames.length - kept.length;
      frames = kept;
      room = createBatchRoom();
      for (const { content } of frames) room.add(content);
      bytes = frames.reduce((sum, frame) => sum + bytesOf(frame), 0);
      return removed;
    },
    count: () => frames.length,
  };
}

function alikeFirst(frames: readonly SealedFrame[]): readonly SealedFrame[] {
  const [first] = frames;
  return first === undefined ? frames : frames.filter(({ basis }) => isSameBasis(basis, first.basis));
}
