import { collectPoints, viewOf, withoutProjection } from './collect.ts';
import type { ReadPoints } from './point-file.ts';

const RECORD_BYTES = 16;

/** A sweep as the KITTI data set has them: little-endian float32 x, y, z, intensity, one point after the other, no header. */
export function parseKitti(bytes: Uint8Array): ReadPoints | undefined {
  if (bytes.length % RECORD_BYTES !== 0) return undefined;
  const collector = collectPoints(bytes.length / RECORD_BYTES);
  if (collector === undefined) return undefined;
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
    collector.add(view.getFloat32(at, true), view.getFloat32(at + 4, true), view.getFloat32(at + 8, true));
  }
  return withoutProjection(collector);
}
