import { distanceM } from '../../proto/geo/distance.ts';
import type { Wgs84Position } from '../../proto/words/position.ts';
import type { Instant } from '../../proto/words/time.ts';

/** A fix that passed `parsePosition`, with its vehicle time. */
export interface TripPoint {
  readonly at: Instant;
  readonly position: Wgs84Position;
}

/** One drive from stop to stop. It stays on the vehicle; what is published of it is made by `publish-*`. */
export interface Trip {
  readonly points: readonly TripPoint[];
  readonly distanceM: number;
  /** False when points were left out because the trip was longer than the buffer. */
  readonly isWhole: boolean;
  /** Where the vehicle last stood before it: a receiver that wakes up late gives its first fix down the road. */
  readonly parked?: Wgs84Position | undefined;
}

/** What is remembered between fixes; undefined before the first one. */
export type TripState = OpenTrip | undefined;

export interface OpenTrip {
  readonly points: readonly TripPoint[];
  readonly distanceM: number;
  readonly isWhole: boolean;
  /** The newest fix but for the strays, also when the buffer had no room for it. */
  readonly last: TripPoint;
  /** Every fix since this one lies within `STAND_RADIUS_M` of it: the vehicle may have been standing since. */
  readonly anchor: TripPoint;
  /** Points and length of the trip up to the anchor: what a standing receiver jitters is no distance driven. */
  readonly anchorCount: number;
  readonly anchorDistanceM: number;
  /** The newest fixes, off the stand and too few yet to be a departure. */
  readonly strays: readonly TripPoint[];
}

export const NO_TRIP: TripState = undefined;

export interface TripStep {
  readonly state: TripState;
  readonly ended?: Trip;
  /** The vehicle stands here; given when a stop or a silence was long enough, also when no trip led to it. */
  readonly parked?: Wgs84Position;
}

/** What ends a trip and what is cut out of it; a policy may set both. */
export interface TripLimits {
  readonly stopMs: number;
  readonly dwellMs: number;
}

/** A stop or a silence of this length ends a trip; it is two trip ends, not a pause (docs/adr/0007, pitfall 3). */
export const STOP_MS = 600_000;

/** Shorter stands are cut out of the trip, so that a wait does not weigh. */
export const DWELL_MS = 300_000;

const LIMITS: TripLimits = { stopMs: STOP_MS, dwellMs: DWELL_MS };

/** A fix so much older than the last one says that the clock was wrong before: the trip so far has no times. */
export const CLOCK_BACK_MS = 86_400_000;

/**
 * Within this distance of one fix the vehicle is standing. Two fixes of one parked receiver lie up to twice its jitter
 * apart, and that reaches 200 m; it is also how far `findPlace` looks, so a drive has left its place.
 */
export const STAND_RADIUS_M = 400;

/**
 * So many fixes in a row off the stand are a departure. Fewer are a receiver that strayed, as one in a hundred fixes of a
 * parked vehicle does: they are left out, or each of them would be a trip.
 */
export const DEPARTURE_FIXES = 3;

/** Points one trip can hold; a day of driving at a fix every 3 s. A longer trip publishes no cells. */
export const TRIP_POINTS_MAX = 28_800;

/**
 * Takes in one fix and says whether it ended a trip.
 *
 * Nothing is known of a trip until both of its ends are: the caller publishes nothing before `ended`. A fix that is
 * older than the one before is left out; one that is older by days begins anew.
 */
export function addFix(state: TripState, point: TripPoint, limits = LIMITS): TripStep {
  if (state === undefined) return { state: startAt(point) };
  const silentMs = point.at - newestOf(state).at;
  if (silentMs <= 0) return { state: silentMs < -CLOCK_BACK_MS ? startAt(point) : state };
  if (silentMs >= limits.stopMs) return finish(settle(state, limits), startAt(point), limits);
  if (!standsAt(state.anchor, point)) {
    const strayed = { ...state, strays: [...state.strays, point] };
    return { state: strayed.strays.length < DEPARTURE_FIXES ? strayed : depart(strayed, limits) };
  }
  const standing = append({ ...state, strays: [] }, point);
  return point.at - state.anchor.at >= limits.stopMs ? finish(standing, startAt(point), limits) : { state: standing };
}

/** Takes in that time went on without a fix: a parked vehicle, a tunnel, a receiver that is off. */
export function addSilence(state: TripState, at: Instant, limits = LIMITS): TripStep {
  if (state === undefined || at - newestOf(state).at < limits.stopMs) return { state };
  return finish(settle(state, limits), NO_TRIP, limits);
}

/** The last fix that was taken in, a stray or not. */
export const newestOf = ({ strays, last }: OpenTrip): TripPoint => strays.at(-1) ?? last;

const standsAt = (anchor: TripPoint, point: TripPoint): boolean =>
  distanceM(anchor.position, point.position) <= STAND_RADIUS_M;

/** Nothing follows the last strays: those of a vehicle that was driving were on its way. */
function settle(state: OpenTrip, limits: TripLimits): OpenTrip {
  return hasDwelt(state, limits) ? { ...state, strays: [] } : depart(state, limits);
}

/** The strays were a departure after all, and the fixes of a drive. */
function depart(state: OpenTrip, limits: TripLimits): OpenTrip {
  return state.strays.reduce<OpenTrip>(
    (trip, point) => (standsAt(trip.anchor, point) ? append(trip, point) : driveOn(trip, point, limits)),
    { ...state, strays: [] },
  );
}

/** The vehicle is off its stand, and the fix is the anchor of whatever stand comes next. */
function driveOn(state: OpenTrip, point: TripPoint, limits: TripLimits): OpenTrip {
  const moved = append(hasDwelt(state, limits) ? cutBack(state) : state, point);
  return { ...moved, anchor: point, anchorCount: moved.points.length, anchorDistanceM: moved.distanceM };
}

const hasDwelt = ({ anchor, last }: OpenTrip, { dwellMs }: TripLimits): boolean => last.at - anchor.at >= dwellMs;

/** Leaves out the points of a stand and the distance its jitter added. A trip that began with one began when it was left. */
function cutBack(state: OpenTrip): OpenTrip {
  const last = { at: state.last.at, position: state.anchor.position };
  const points = state.anchorCount === 1 ? [last] : state.points.slice(0, state.anchorCount);
  return { ...state, points, last, distanceM: state.anchorDistanceM };
}

function append(state: OpenTrip, point: TripPoint): OpenTrip {
  const metres = state.distanceM + distanceM(state.last.position, point.position);
  const points = state.points as TripPoint[];
  const isWhole = state.isWhole && points.length < TRIP_POINTS_MAX;
  if (isWhole) points.push(point);
  return { ...state, points, distanceM: metres, isWhole, last: point };
}

function startAt(point: TripPoint): OpenTrip {
  return {
    points: [point],
    distanceM: 0,
    isWhole: true,
    last: point,
    anchor: point,
    anchorCount: 1,
    anchorDistanceM: 0,
    strays: [],
  };
}

/**
 * Ends the trip where the vehicle is now. The anchor is only the rim of the place, up to `STAND_RADIUS_M` short of it, and
 * trimming from there would bare as much of the way to the door; it does say when a vehicle that stands arrived.
 */
function finish(state: OpenTrip, next: TripState, limits: TripLimits): TripStep {
  const { anchor, last } = state;
  const points = state.points.slice(0, state.anchorCount);
  if (last !== anchor) points.push({ at: hasDwelt(state, limits) ? anchor.at : last.at, position: last.position });
  const [first] = points;
  const parked = last.position;
  if (first === undefined || !leftItsPlace(first, points)) return { state: next, parked };
  const metres = state.anchorDistanceM + distanceM(anchor.position, last.position);
  return { state: next, parked, ended: { points, distanceM: metres, isWhole: state.isWhole } };
}

/** A car that only jittered where it stands made no trip. */
function leftItsPlace(first: TripPoint, points: readonly TripPoint[]): boolean {
  return points.some((point) => distanceM(first.position, point.position) > STAND_RADIUS_M);
}
