/** A point of the attack's plane, metres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Degrees, WGS-84. */
export interface Degrees {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Sinusoidal projection about a meridian: equal areas everywhere, and distances right to 1 % within 100 km of the meridian.
 * Attacks share no geometry with the product, so that an error in one does not hide in the other.
 */
export interface Plane {
  readonly toPlane: (degrees: Degrees) => Point;
  readonly toDegrees: (point: Point) => Degrees;
}

export function planeAbout(meridianDeg: number): Plane {
  return {
    toPlane: ({ latitude, longitude }) => ({
      x: EARTH_RADIUS_M * RADIANS * (longitude - meridianDeg) * Math.cos(latitude * RADIANS),
      y: EARTH_RADIUS_M * RADIANS * latitude,
    }),
    toDegrees: ({ x, y }) => {
      const latitude = y / (EARTH_RADIUS_M * RADIANS);
      return {
        latitude,
        longitude: meridianDeg + x / (EARTH_RADIUS_M * RADIANS * Math.cos(latitude * RADIANS)),
      };
    },
  };
}

export function metres(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
