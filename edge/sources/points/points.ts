import { parseBase64 } from '../base64.ts';

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

/** No sensor of a vehicle sees this far, metres; what lies beyond is a coordinate of the world. */
export const SENSOR_RANGE_M_MAX = 1_000;

/**
 * Whether points may be places on the globe, whatever their file says: farther away than any sensor sees (a projection, or
 * earth-centred), or all of them within the rectangle that the mainland fills in degrees, in either order of the axes.
 */
export function looksGlobal(points: Float64Array): boolean {
  let areAllDegrees = points.length > 0;
  for (let index = 0; index + 2 < points.length; index += 3) {
    const x = points[index] ?? 0;
    const y = points[index + 1] ?? 0;
    if (Math.abs(x) > SENSOR_RANGE_M_MAX || Math.abs(y) > SENSOR_RANGE_M_MAX) return true;
    areAllDegrees &&= isInRectangle(x, y) || isInRectangle(y, x);
  }
  return areAllDegrees;
}

/** Degrees; the mainland and a margin. */
const isInRectangle = (longitude: number, latitude: number): boolean =>
  longitude >= 70 && longitude <= 140 && latitude >= 15 && latitude <= 57;
