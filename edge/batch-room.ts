import { INFLATED_BYTES_MAX } from '../proto/codec/deflated.ts';
import { FRAMES_MAX, PATHS_MAX, READINGS_MAX, SIGNALS_MAX } from '../proto/codec/signal-columns.ts';
import type { FrameContent, SignalReading } from '../proto/codec/telemetry-codec.ts';

/** Frames one batch may hold; and of these, how many of other kinds than signals, which stand in rows. */
export const BATCH_FRAMES_MAX = FRAMES_MAX;
export const BATCH_ROWS_MAX = 512;
/** Bytes of a batch as it is sent, below the largest that the schema has. */
export const BATCH_BYTES_MAX = 60_000;

/** Steps, removals, drops and the rest of a batch that is no frame, before they are compressed. */
const HEAD_BYTES_MOST = 10_000;
const BODY_BYTES_MAX = INFLATED_BYTES_MAX - HEAD_BYTES_MOST;

/** What is this full is not kept waiting; below the limits, so that the frame which reaches it still fits. */
const FULL_READINGS = READINGS_MAX - SIGNALS_MAX;
const FULL_BODY_BYTES = 200_000;
const FULL_ROW_BYTES = 40_000;

/** Counts frames into a batch, by upper bounds of their bytes before they are compressed. */
export interface BatchRoom {
  /** Counts a frame; false when one batch cannot hold what was counted so far. */
  readonly add: (content: FrameContent) => boolean;
  /** Whether a batch should not wait for more. */
  readonly isFull: () => boolean;
}

export function createBatchRoom(): BatchRoom {
  const paths = new Set<string>();
  const total = { frames: 0, rows: 0, rowBytes: 0, readings: 0, bodyBytes: 0 };
  return {
    add: (content) => {
      total.frames += 1;
      if (content.kind === 'signals') {
        total.readings += content.signals.length;
        total.bodyBytes += SIGNAL_FRAME_BYTES_MOST;
        for (const reading of content.signals) total.bodyBytes += readingBytesMost(reading, paths);
      } else {
        total.rows += 1;
        total.rowBytes += rowBytesMost(content);
      }
      return (
        total.frames <= BATCH_FRAMES_MAX &&
        total.rows <= BATCH_ROWS_MAX &&
        total.rowBytes <= BATCH_BYTES_MAX &&
        total.readings <= READINGS_MAX &&
        paths.size <= PATHS_MAX &&
        total.bodyBytes + total.rowBytes <= BODY_BYTES_MAX
      );
    },
    isFull: () =>
      total.frames >= BATCH_FRAMES_MAX ||
      total.rows >= BATCH_ROWS_MAX ||
      total.rowBytes >= FULL_ROW_BYTES ||
      total.readings >= FULL_READINGS ||
      total.bodyBytes >= FULL_BODY_BYTES,
  };
}

/** A tag, a time and a run. */
const SIGNAL_FRAME_BYTES_MOST = 32;
/** Heads of a path's columns and its quantum. */
const PATH_BYTES_MOST = 48;
/** Two runs of presence and a double. */
const READING_BYTES_MOST = 12;

function readingBytesMost({ path, value }: SignalReading, paths: Set<string>): number {
  const text = typeof value === 'string' ? Buffer.byteLength(value) : 0;
  if (paths.has(path)) return READING_BYTES_MOST + text;
  paths.add(path);
  return READING_BYTES_MOST + text + PATH_BYTES_MOST + Buffer.byteLength(path);
}

function rowBytesMost(content: FrameContent): number {
  if (content.kind === 'image') return 448 + content.data.length;
  if (content.kind === 'points') return 96 + content.voxels.length;
  return content.kind === 'objects' || content.kind === 'withdrawal' ? 96 : 48;
}

/** Upper bound of the memory that a frame's content takes, bytes; what waits is bounded by it. */
export function waitingBytesMost(content: FrameContent): number {
  if (content.kind !== 'signals') return rowBytesMost(content);
  let bytes = 48;
  for (const { path, value } of content.signals)
    bytes += 20 + path.length + (typeof value === 'string' ? value.length : 0);
  return bytes;
}
