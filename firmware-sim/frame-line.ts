import type { RawFrame } from '../proto/words/raw-frame.ts';
import { assert } from '../proto/words/result.ts';
import { toIso } from '../proto/words/time.ts';

/** Longest line the simulator writes; far below what the agent reads (docs/raw-frames.md). */
export const FRAME_LINE_CHARACTERS_MAX = 16_384;

/**
 * A raw frame as one line of NDJSON, line feed included, `at` in RFC 3339 UTC.
 *
 * @param vehicle - put first under the key `vehicle` where several vehicles share a stream
 */
export function frameLine(frame: RawFrame, vehicle?: string): string {
  // JSON leaves an undefined key out, and one object literal is written three times faster than a conditional spread.
  const line = `${JSON.stringify({ vehicle, ...frame, at: toIso(frame.at) })}\n`;
  assert(line.length <= FRAME_LINE_CHARACTERS_MAX, 'a simulated line keeps to its limit');
  return line;
}
