import { distanceM, type PlanePoint } from './city.ts';
import type { Prng } from './prng.ts';
import type { Road } from './roads/road-classes.table.ts';
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
export function* driveRoute(route: Route, prng: Prng, setting: DriveSetting = {}): Generator<Motion, void> {
  let speedMps = 0;
  const segments = segmentsOf(route, prng, setting);
  if (segments[0] !== undefined)
    yield* stand(segments[0].from, segments[0].headingDeg, prng.whole(SETTING_OFF_S.least, SETTING_OFF_S.most));
  for (const segment of segments) {
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
    const { eastM, northM } = segment.to;
    yield { eastM, northM, speedMps: 0, accelerationMps2: -speedMps, headingDeg: segment.headingDeg, movedM: 0 };
    speedMps = 0;
    // Where nobody gets on, queues at lights are longer by as much again.
    yield* stand(
      segment.to,
      segment.headingDeg,
      prng.whole(STANDING_S.least, STANDING_S.most) / (setting.flow ?? 1) ** 2,
    );
  }
}

/** Ignition on and no motion: people sit down, wait at a light, look for their things. */
function* stand({ eastM, northM }: PlanePoint, headingDeg: number, seconds: number): Generator<Motion, void> {
  for (let second = 0; second < seconds; second += 1)
    yield { eastM, northM, speedMps: 0, accelerationMps2: 0, headingDeg, movedM: 0 };
}

export interface DriveSetting {
  /** Where the route does not say which road it is. */
  readonly road?: Road;
  /** Share of the limits that traffic lets a vehicle reach, (0, 1]. */
  readonly flow?: number;
}

/** Streets of which nothing more is known. */
export const STREETS: Road = { fastKmh: [50, 60, 70], slowKmh: [30, 40, 50], crossingM: 800, redLight: 0.35 };

/** A straight piece of street up to a crossing, and how fast the crossing is left. */
interface Segment {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  readonly lengthM: number;
  readonly headingDeg: number;
  readonly limitMps: number;
  readonly exitMps: number;
}

function segmentsOf(route: Route, prng: Prng, { road: unsaid = STREETS, flow = 1 }: DriveSetting): readonly Segment[] {
  return route.slice(1).flatMap((to, index) => {
    const from = route[index] ?? to;
    const next = route[index + 2];
    const lengthM = distanceM(from, to);
    const headingDeg = headingOf(from, to);
    const isTurn = next === undefined || apartDeg(headingDeg, headingOf(to, next)) > BEND_DEG_MAX;
    const road = to.by ?? unsaid;
    const limitMps = limitOf(lengthM, prng, road) * flow;
    const pieces = Math.ceil(lengthM / road.crossingM);
    return Array.from({ length: pieces }, (_, piece): Segment => {
      const isLast = piece === pieces - 1;
      const mustStop = (isLast && next === undefined) || prng.chance(road.redLight);
      return {
        from: between(from, to, piece / pieces),
        to: between(from, to, (piece + 1) / pieces),
        lengthM: lengthM / pieces,
        headingDeg,
        limitMps,
        exitMps: mustStop ? 0 : isLast && isTurn ? Math.min(CORNER_MPS, limitMps) : limitMps,
      };
    });
  });
}

function headingOf(from: PlanePoint, to: PlanePoint): number {
  return ((Math.atan2(to.eastM - from.eastM, to.northM - from.northM) * 180) / Math.PI + 360) % 360;
}

function apartDeg(one: number, other: number): number {
  const apart = Math.abs(one - other) % 360;
  return Math.min(apart, 360 - apart);
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
/** A bend that nobody slows for. */
const BEND_DEG_MAX = 35;
const CREEP_MPS = 1;
const FAST_LEG_M = 3_000;
const SETTING_OFF_S = { least: 20, most: 240 } as const;
const STANDING_S = { least: 5, most: 72 } as const;
