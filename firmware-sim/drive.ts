import type { NonEmpty } from '../proto/words/result.ts';
import { distanceM, type PlanePoint } from './city.ts';
import type { Prng } from './prng.ts';
import type { Route } from './route.ts';

/** The true state of a vehicle at the end of one second of a drive. */
export interface Motion extends PlanePoint {
  readonly speedMps: number;
  readonly accelerationMps2: number;
  /** Degrees clockwise from true north, [0, 360). */
  readonly headingDeg: number;
  /** Metres moved in this second. */
  readonly movedM: number;
}

/**
 * Drives a route second by second: accelerates to each street's limit, slows for corners, waits at some lights, ends
 * standing. Speed and distance agree to within one second of driving.
 *
 * Bounded by the route: a moving vehicle makes at least `CREEP_MPS` metres a second.
 */
export function* driveRoute(route: Route, prng: Prng, road: Road = STREETS): Generator<Motion, void> {
  let speedMps = 0;
  for (const segment of segmentsOf(route, prng, road)) {
    let along = 0;
    while (along < segment.lengthM) {
      const allowed = Math.sqrt(segment.exitMps ** 2 + 2 * BRAKE_MPS2 * (segment.lengthM - along));
      const nextMps = Math.max(CREEP_MPS, Math.min(speedMps + ACCELERATE_MPS2, segment.limitMps, allowed));
      const movedM = Math.min(nextMps, segment.lengthM - along);
      along += movedM;
      const accelerationMps2 = nextMps - speedMps;
      speedMps = nextMps;
      const { eastM, northM } = between(segment.from, segment.to, along / segment.lengthM);
      yield { eastM, northM, speedMps, accelerationMps2, headingDeg: segment.headingDeg, movedM };
    }
    if (segment.exitMps > 0) continue;
    for (let second = prng.whole(STANDING_S.least, STANDING_S.most); second > 0; second -= 1) {
      const { eastM, northM } = segment.to;
      yield { eastM, northM, speedMps: 0, accelerationMps2: -speedMps, headingDeg: segment.headingDeg, movedM: 0 };
      speedMps = 0;
    }
  }
}

/** What kind of road a route runs along. */
export interface Road {
  /** Limits of long straight pieces and of short ones, km/h; one is drawn for each piece. */
  readonly fastKmh: NonEmpty<number>;
  readonly slowKmh: NonEmpty<number>;
  /** Between crossings with lights, at most, metres. */
  readonly crossingM: number;
  /** Share of crossings at which a vehicle has to wait. */
  readonly redLight: number;
}

export const STREETS: Road = { fastKmh: [50, 60, 70], slowKmh: [30, 40, 50], crossingM: 800, redLight: 0.35 };

/** Without crossings; the limit changes now and then. */
export const MOTORWAY: Road = { fastKmh: [100, 110, 120], slowKmh: [60, 80], crossingM: 5_000, redLight: 0 };

/** A straight piece of street up to a crossing, and how fast the crossing is left. */
interface Segment {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  readonly lengthM: number;
  readonly headingDeg: number;
  readonly limitMps: number;
  readonly exitMps: number;
}

function segmentsOf(route: Route, prng: Prng, road: Road): readonly Segment[] {
  return route.slice(1).flatMap((to, index) => {
    const from = route[index] ?? to;
    const isLastLeg = index === route.length - 2;
    const lengthM = distanceM(from, to);
    const headingDeg = ((Math.atan2(to.eastM - from.eastM, to.northM - from.northM) * 180) / Math.PI + 360) % 360;
    const limitMps = limitOf(lengthM, prng, road);
    const pieces = Math.ceil(lengthM / road.crossingM);
    return Array.from({ length: pieces }, (_, piece): Segment => {
      const isCorner = piece === pieces - 1;
      const mustStop = (isCorner && isLastLeg) || prng.chance(road.redLight);
      return {
        from: between(from, to, piece / pieces),
        to: between(from, to, (piece + 1) / pieces),
        lengthM: lengthM / pieces,
        headingDeg,
        limitMps,
        exitMps: mustStop ? 0 : isCorner ? CORNER_MPS : limitMps,
      };
    });
  });
}

function between(from: PlanePoint, to: PlanePoint, share: number): PlanePoint {
  return {
    eastM: from.eastM + (to.eastM - from.eastM) * share,
    northM: from.northM + (to.northM - from.northM) * share,
  };
}

/** Long straight streets are faster ones. */
function limitOf(lengthM: number, prng: Prng, { fastKmh, slowKmh }: Road): number {
  return prng.pick(lengthM >= FAST_LEG_M ? fastKmh : slowKmh) / 3.6;
}

const ACCELERATE_MPS2 = 1.4;
const BRAKE_MPS2 = 1.8;
const CORNER_MPS = 5;
const CREEP_MPS = 1;
const FAST_LEG_M = 3_000;
const STANDING_S = { least: 5, most: 45 } as const;
