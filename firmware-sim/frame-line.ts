import type { RawFrame } from '../proto/words/raw-frame.ts';
import { assert } from '../proto/words/result.ts';
import { toIso } from '../proto/words/time.ts';

/** Longest line the simulator writes; far below what the agent reads (docs/raw-frames.md). */
export const FRAME_LINE_CHARACTERS_MAX = 131_072;

/**
 * A raw frame as one line of NDJSON, line feed included, `at` in RFC 3339 UTC.
 *
 * @param vehicle - put first under the key `vehicle` where several vehicles share a stream
 */
export function frameLine(frame: RawFrame, vehicle?: string): string {
  // JSON leaves an undefined key out, and one object literal is written three times faster than a conditional spread.
  const line = `${JSON.stringify({ vehicle, ...inText(frame), at: toIso(frame.at) })}\n`;
  assert(line.length <= FRAME_LINE_CHARACTERS_MAX, 'a simulated line keeps to its limit');
  return line;
}

/** JSON has no bytes: pictures and points are written in base64 (RFC 4648), points as little-endian float64. */
function inText(frame: RawFrame): object {
  if (frame.kind === 'image') {
    const { bytes, ...rest } = frame;
    return { ...rest, dataBase64: Buffer.from(bytes).toString('base64') };
  }
  if (frame.kind !== 'point-cloud') return frame;
  const { points, ...rest } = frame;
  const bytes = Buffer.alloc(points.length * 8);
  for (const [index, coordinate] of points.entries()) bytes.writeDoubleLE(coordinate, index * 8);
  return { ...rest, pointsBase64: bytes.toString('base64') };
}
