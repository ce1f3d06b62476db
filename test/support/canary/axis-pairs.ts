import {
  type AxisName,
  type CoordinateIndex,
  cellOf,
  findOnAxis,
  findPoint,
  LATITUDE_BIT,
  LONGITUDE_BIT,
  type Tolerance,
} from './coordinate-index.ts';

/** A form too short to count alone, such as `int32le x1e6`: it counts when both axes of one point stand close together. */
export interface PairedForm {
  readonly name: string;
  readonly tolerance: Tolerance;
}

export interface PairFinder {
  /**
   * Notes a number read at `offset`, if it is a true latitude or longitude. Offsets must ascend within one form.
   *
   * @param degrees - magnitude in degrees
   * @returns the point whose other axis stands within `PAIR_DISTANCE_BYTES` in the same form, or -1
   */
  readonly sight: (form: PairedForm, offset: number, degrees: number) => number;
}

/** Latitude and longitude of one point stand at most this far apart, start to start, to count as a pair. */
export const PAIR_DISTANCE_BYTES = 64;

interface Sighting {
  readonly offset: number;
  readonly degrees: number;
}

type Recent = Record<AxisName, Sighting[]>;

export function makePairFinder(index: CoordinateIndex): PairFinder {
  const recentByForm = new Map<PairedForm, Recent>();
  const recentOf = (form: PairedForm): Recent => {
    const known = recentByForm.get(form) ?? { latitude: [], longitude: [] };
    recentByForm.set(form, known);
    return known;
  };
  const sight = (form: PairedForm, offset: number, degrees: number): number => {
    const axes = index.cells[cellOf(degrees)] ?? 0;
    const isLatitude = (axes & LATITUDE_BIT) !== 0 && findOnAxis(index.latitude, degrees, form.tolerance) >= 0;
    const isLongitude = (axes & LONGITUDE_BIT) !== 0 && findOnAxis(index.longitude, degrees, form.tolerance) >= 0;
    if (!isLatitude && !isLongitude) return -1;
    const recent = recentOf(form);
    prune(recent.latitude, offset);
    prune(recent.longitude, offset);
    let point = -1;
    if (isLatitude) {
      point = firstPoint(recent.longitude, (other) => findPoint(index, degrees, other.degrees, form.tolerance));
    }
    if (isLongitude && point < 0) {
      point = firstPoint(recent.latitude, (other) => findPoint(index, other.degrees, degrees, form.tolerance));
    }
    if (isLatitude) recent.latitude.push({ offset, degrees });
    if (isLongitude) recent.longitude.push({ offset, degrees });
    return point;
  };
  return { sight };
}

function prune(sightings: Sighting[], offset: number): void {
  while (sightings[0] !== undefined && sightings[0].offset < offset - PAIR_DISTANCE_BYTES) sightings.shift();
}

function firstPoint(sightings: readonly Sighting[], pointOf: (other: Sighting) => number): number {
  for (const other of sightings) {
    const point = pointOf(other);
    if (point >= 0) return point;
  }
  return -1;
}
