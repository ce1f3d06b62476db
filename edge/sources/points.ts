import { parseBase64 } from './base64.ts';

/** Most points a cloud may have: a sweep of 128 beams by 2,048 steps. */
export const POINTS_MAX = 262_144;

const POINT_BYTES = 24;

/**
 * x, y, z triples from base64 of little-endian float64.
 *
 * @returns undefined when it is no whole number of points, none or too many, or a coordinate is not finite
 */
export function parsePoints(base64: string): Float64Array | undefined {
  const bytes = parseBase64(base64);
  if (bytes === undefined || bytes.length === 0 || bytes.length % POINT_BYTES !== 0) return undefined;
  if (bytes.length / POINT_BYTES > POINTS_MAX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = new Float64Array(bytes.length / 8);
  for (let index = 0; index < points.length; index += 1) {
    const coordinate = view.getFloat64(index * 8, true);
    if (!Number.isFinite(coordinate)) return undefined;
    points[index] = coordinate;
  }
  return points;
}
