import { degreesOf, type Wgs84Position } from '../words/position.ts';

/** Mean radius of the Earth, metres. */
const EARTH_RADIUS_M = 6_371_008.8;

const RADIANS = Math.PI / 180;

/** Metres between two fixes on the sphere (haversine); within 0.5 % of the ellipsoid, which is below GNSS noise here. */
export function distanceM(from: Wgs84Position, to: Wgs84Position): number {
  const latitude1 = degreesOf(from.latitudeMicrodeg) * RADIANS;
  const latitude2 = degreesOf(to.latitudeMicrodeg) * RADIANS;
  const halfLatitude = Math.sin((latitude2 - latitude1) / 2);
  const halfLongitude = Math.sin((degreesOf(to.longitudeMicrodeg) - degreesOf(from.longitudeMicrodeg)) * (RADIANS / 2));
  const chord = halfLatitude ** 2 + Math.cos(latitude1) * Math.cos(latitude2) * halfLongitude ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}
