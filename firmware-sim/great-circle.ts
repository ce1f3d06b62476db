import { EARTH_RADIUS_M } from './city.ts';

/** Great-circle distance between two points of a track in columns, metres. */
export function metresBetween(
  track: { readonly latitude: readonly number[]; readonly longitude: readonly number[] },
  from: number,
  to: number,
): number {
  const radians = (degrees: number | undefined) => ((degrees ?? 0) * Math.PI) / 180;
  const [latitude, longitude] = [radians(track.latitude[from]), radians(track.longitude[from])];
  const [toLatitude, toLongitude] = [radians(track.latitude[to]), radians(track.longitude[to])];
  const square =
    Math.sin((toLatitude - latitude) / 2) ** 2 +
    Math.cos(latitude) * Math.cos(toLatitude) * Math.sin((toLongitude - longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(square)));
}
