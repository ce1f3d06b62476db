import { createPrng } from './prng.ts';

/** Metres east and north of the city's centre. */
export interface PlanePoint {
  readonly eastM: number;
  readonly northM: number;
}

/**
 * A city that does not exist: a centre somewhere inland and a square street grid turned by an angle. Only its seed says
 * where it lies; nothing of the real place is used.
 */
export interface City {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Angle of the streets against east, radians, counter-clockwise. */
  readonly turnRad: number;
  readonly altitudeM: number;
}

/** Distance between parallel streets, metres. */
export const BLOCK_M = 400;

/** Places lie within this distance of the centre along each street direction, metres. */
export const CITY_REACH_M = 9_600;

export function foundCity(seed: string): City {
  const prng = createPrng(`${seed}/city`);
  return {
    latitudeDeg: prng.between(INLAND_DEG.south, INLAND_DEG.north),
    longitudeDeg: prng.between(INLAND_DEG.west, INLAND_DEG.east),
    turnRad: prng.between(0, Math.PI / 2),
    altitudeM: prng.between(20, 900),
  };
}

/**
 * A point given along two street directions as metres east and north.
 *
 * @param alongM - metres along the streets that run at `turnRad`
 * @param acrossM - metres along the streets square to them
 */
export function onStreets(city: City, alongM: number, acrossM: number): PlanePoint {
  const [cos, sin] = [Math.cos(city.turnRad), Math.sin(city.turnRad)];
  return { eastM: alongM * cos - acrossM * sin, northM: alongM * sin + acrossM * cos };
}

/** Decimal degrees, WGS-84. Good to a metre over a city, which is less than the noise of a receiver. */
export function toDegrees(city: City, point: PlanePoint): { readonly latitude: number; readonly longitude: number } {
  const metresPerDegree = (Math.PI / 180) * EARTH_RADIUS_M;
  return {
    latitude: city.latitudeDeg + point.northM / metresPerDegree,
    longitude: city.longitudeDeg + point.eastM / (metresPerDegree * Math.cos((city.latitudeDeg * Math.PI) / 180)),
  };
}

export function distanceM(from: PlanePoint, to: PlanePoint): number {
  return Math.hypot(to.eastM - from.eastM, to.northM - from.northM);
}

/** Mean radius of GRS 80, metres. */
export const EARTH_RADIUS_M = 6_371_008.8;

/** A rectangle well inside the mainland: no seed puts a city at sea or across a border. */
const INLAND_DEG = { south: 28, north: 39, west: 105, east: 115 } as const;
