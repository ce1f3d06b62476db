import type { Ring } from '../../proto/codec/fence-codec.ts';
import { distanceM } from '../../proto/geo/distance.ts';
import { degreesOf, type Microdeg, type Wgs84Position } from '../../proto/words/position.ts';

/** A disc on the ground. */
export interface Disc {
  readonly centre: Wgs84Position;
  readonly radiusM: number;
}

/** Radii come in classes in ratio the root of 2, so that a fence is hidden among decoys of exactly its size. */
const RADIUS_MIN_M = 250;
export const RADIUS_MAX_M = 20_000;

/** So much larger than the fence at least, so that its centre can be shifted within. */
const SLACK = 1.25;

/** The class that covers a fence of a radius, metres; undefined for one too large. */
export function radiusClass(radiusM: number): number | undefined {
  let found = RADIUS_MIN_M;
  while (found < radiusM * SLACK) found *= Math.SQRT2;
  return found <= RADIUS_MAX_M ? found : undefined;
}

/** A disc that holds a polygon: round the middle of its rectangle, to the farthest corner. */
export function discOf(ring: Ring): Disc {
  const latitudes = ring.map(({ latitudeMicrodeg }) => latitudeMicrodeg);
  const longitudes = ring.map(({ longitudeMicrodeg }) => longitudeMicrodeg);
  const centre = position(
    (Math.min(...latitudes) + Math.max(...latitudes)) / 2,
    (Math.min(...longitudes) + Math.max(...longitudes)) / 2,
  );
  return { centre, radiusM: Math.max(...ring.map((corner) => distanceM(centre, corner))) };
}

/** A disc that holds two. */
export function around(a: Disc, b: Disc): Disc {
  const apartM = distanceM(a.centre, b.centre);
  if (apartM + b.radiusM <= a.radiusM) return a;
  if (apartM + a.radiusM <= b.radiusM) return b;
  const radiusM = (apartM + a.radiusM + b.radiusM) / 2;
  const share = (radiusM - a.radiusM) / apartM;
  const between = (from: number, to: number): number => from + (to - from) * share;
  const centre = position(
    between(a.centre.latitudeMicrodeg, b.centre.latitudeMicrodeg),
    between(a.centre.longitudeMicrodeg, b.centre.longitudeMicrodeg),
  );
  // On a sphere the halves are not quite halves.
  return { centre, radiusM: Math.max(radiusM, ...[a, b].map((one) => distanceM(centre, one.centre) + one.radiusM)) };
}

/** Whether two discs lie more than two radii of the larger apart, from rim to rim: nearer ones are seen as one hole. */
export function liesApart(a: Disc, b: Disc): boolean {
  const gapM = distanceM(a.centre, b.centre) - a.radiusM - b.radiusM;
  return gapM > 2 * Math.max(a.radiusM, b.radiusM);
}

/** A place so far from another, in a direction in radians from the east. */
export function shifted(
  { latitudeMicrodeg, longitudeMicrodeg }: Wgs84Position,
  metres: number,
  angle: number,
): Wgs84Position {
  const perDegree = 111_195.08;
  const scale = Math.cos((degreesOf(latitudeMicrodeg) * Math.PI) / 180);
  return position(
    latitudeMicrodeg + ((metres * Math.sin(angle)) / perDegree) * 1e6,
    longitudeMicrodeg + ((metres * Math.cos(angle)) / (perDegree * scale)) * 1e6,
  );
}

/** A regular polygon round a disc; every fence and decoy is one, so that no outline tells which place it was drawn from. */
export function polygonRound({ centre, radiusM }: Disc, turn: number): Ring {
  const cornerM = radiusM / Math.cos(Math.PI / CORNERS);
  return Array.from({ length: CORNERS }, (_, corner) =>
    shifted(centre, cornerM, turn + (2 * Math.PI * corner) / CORNERS),
  );
}

const CORNERS = 24;

function position(latitudeMicrodeg: number, longitudeMicrodeg: number): Wgs84Position {
  return {
    datum: 'WGS-84',
    latitudeMicrodeg: Math.round(latitudeMicrodeg) as Microdeg,
    longitudeMicrodeg: Math.round(longitudeMicrodeg) as Microdeg,
  };
}
