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
}

/** What is remembered between fixes. */
export interface TripState {
  readonly points: readonly TripPoint[];
  readonly distanceM: number;
  readonly isWhole: boolean;
  /** Index of the point where the vehicle has been standing since. */
  readonly anchor: number;
  /** Length of the trip up to the anchor: what a standing receiver jitters is no distance driven. */
  readonly anchorDistanceM: number;
}

export const NO_TRIP: TripState = { points: [], distanceM: 0, isWhole: true, anchor: 0, anchorDistanceM: 0 };

export interface TripStep {
  readonly state: TripState;
  readonly ended?: Trip;
}

/** A stop or a silence of this length ends a trip; it is two trip ends, not a pause (docs/adr/0007, pitfall 3). */
export const STOP_MS = 600_000;

/** Shorter stands are cut out of the trip, so that a wait does not weigh. */
export const DWELL_MS = 300_000;

/** Within this radius the vehicle is standing: three times the median jitter of a parked receiver. */
export const STAND_RADIUS_M = 200;

/** Points one trip can hold; a day of driving at a fix every 3 s. A longer trip publishes no cells. */
export const TRIP_POINTS_MAX = 28_800;

/**
 * Takes in one fix and says whether it ended a trip.
 *
 * Nothing is known of a trip until both of its ends are: the caller publishes nothing before `ended`. A fix that is
 * older than the one before is left out.
 */
export function addFix(state: TripState, point: TripPoint): TripStep {
  const last = state.points.at(-1);
  if (last === undefined) return { state: startAt(point) };
  if (point.at <= last.at) return { state };
  if (point.at - last.at >= STOP_MS) return finish(state, state.points.length - 1, startAt(point));
  return moveOn(state, last, point);
}

/** Takes in that time went on without a fix: a parked vehicle, a tunnel, a receiver that is off. */
export function addSilence(state: TripState, at: Instant): TripStep {
  const last = state.points.at(-1);
  if (last === undefined || at - last.at < STOP_MS) return { state };
  return finish(state, state.points.length - 1, NO_TRIP);
}

function moveOn(state: TripState, last: TripPoint, point: TripPoint): TripStep {
  const anchor = state.points[state.anchor] ?? last;
  const stands = distanceM(anchor.position, point.position) <= STAND_RADIUS_M;
  if (stands && point.at - anchor.at >= STOP_MS) return finish(state, state.anchor, startAt(point));
  if (stands) return { state: append(state, point) };
  const dwelt = last.at - anchor.at >= DWELL_MS;
  const moved = append(dwelt ? cutBack(state) : state, point);
  return { state: { ...moved, anchor: moved.points.length - 1, anchorDistanceM: moved.distanceM } };
}

/** Leaves out the points of a stand, and the distance its jitter added. */
function cutBack(state: TripState): TripState {
  return { ...state, points: state.points.slice(0, state.anchor + 1), distanceM: state.anchorDistanceM };
}

function append(state: TripState, point: TripPoint): TripState {
  const before = state.points.at(-1) ?? point;
  const metres = state.distanceM + distanceM(before.position, point.position);
  const points = state.points as TripPoint[];
  if (points.length < TRIP_POINTS_MAX) {
    points.push(point);
    return { ...state, points, distanceM: metres };
  }
  // Past the limit only the last point moves on, so that the end of the trip stays known.
  points[TRIP_POINTS_MAX - 1] = point;
  return { ...state, points, distanceM: metres, isWhole: false };
}

const startAt = (point: TripPoint): TripState => ({ ...NO_TRIP, points: [point] });

function finish(state: TripState, endIndex: number, next: TripState): TripStep {
  const points = state.points.slice(0, endIndex + 1);
  const first = points[0];
  if (first === undefined || !leftItsStand(first, points)) return { state: next };
  const metres = endIndex === state.anchor ? state.anchorDistanceM : state.distanceM;
  return { state: next, ended: { points, distanceM: metres, isWhole: state.isWhole } };
}

/** A car that only jittered where it stands made no trip. */
function leftItsStand(first: TripPoint, points: readonly TripPoint[]): boolean {
  return points.some((point) => distanceM(first.position, point.position) > STAND_RADIUS_M);
}
