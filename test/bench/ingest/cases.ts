import type { FrameSize } from './bench-frames.ts';

/** One way to put frames into messages; the messages are enough for the warm-up and the window at any speed seen. */
export interface IngestCase {
  readonly name: string;
  readonly size: FrameSize;
  readonly framesPerMessage: number;
  /** Messages of each of the connections. */
  readonly messages: number;
}

export const CONNECTIONS = 200;

// biome-ignore format: one case a line
export const INGEST_CASES: readonly IngestCase[] = [
  { name: '1 frame, message of 300 bytes', size: 'message', framesPerMessage: 1, messages: 600 },
  { name: '1 frame of 300 bytes', size: 'frame', framesPerMessage: 1, messages: 500 },
  { name: '4 frames of 300 bytes', size: 'frame', framesPerMessage: 4, messages: 300 },
  { name: '16 frames of 300 bytes', size: 'frame', framesPerMessage: 16, messages: 160 },
  { name: '64 frames of 300 bytes', size: 'frame', framesPerMessage: 64, messages: 60 },
];
