import type { Instant } from '../../proto/words/time.ts';
import { metresBetween } from '../great-circle.ts';

/** Where somebody was, by time: columns of equal length, in order. Decimal degrees, WGS-84. */
export interface Track {
  readonly at: readonly Instant[];
  readonly latitude: readonly number[];
  readonly longitude: readonly number[];
}

/** One trip by motor vehicle, as far as points can tell. */
export interface TripFound {
  readonly from: Instant;
  readonly until: Instant;
  readonly lengthM: number;
  /** Length over time, stops at lights included, km/h. */
  readonly meanKmh: number;
  /** What nineteen in twenty of the steps stay below, km/h. */
  readonly fastKmh: number;
}

/**
 * Trips of a track: what lies between stays of ten minutes within 200 m, or silences as long. Walks, bicycles and aeroplanes
 * fall out by their speeds; a bus does not.
 */
export function findTrips(track: Track): readonly TripFound[] {
  const trips: TripFound[] = [];
  for (const [first, last] of movesOf(track)) {
    const trip = tripOf(track, first, last);
    if (trip !== undefined && isDriven(trip)) trips.push(trip);
  }
  return trips;
}

/** First and last point of each stretch without a stay. */
function* movesOf(track: Track): Generator<readonly [number, number], void> {
  const { at } = track;
  let first = 0;
  for (let index = 0; index < at.length; ) {
    const stays = endOfStay(track, index);
    const isSilent = index > first && (at[index] ?? 0) - (at[index - 1] ?? 0) > STAY_MS;
    if (isSilent) yield [first, index - 1];
    if (isSilent) first = index;
    const isStay = (at[stays] ?? 0) - (at[index] ?? 0) >= STAY_MS;
    if (isStay) {
      yield [first, index];
      first = stays;
    }
    index = isStay ? Math.max(stays, index + 1) : index + 1;
  }
  yield [first, at.length - 1];
}

/** The last point of those that follow and never leave the surroundings of this one. */
function endOfStay(track: Track, from: number): number {
  let last = from;
  while (last + 1 < track.at.length && metresBetween(track, from, last + 1) <= STAY_M) last += 1;
  return last;
}

function tripOf(track: Track, first: number, last: number): TripFound | undefined {
  const [from, until] = [track.at[first], track.at[last]];
  if (from === undefined || until === undefined || until - from < TRIP_MS_MIN) return undefined;
  let lengthM = 0;
  const speeds: number[] = [];
  for (let index = first + 1; index <= last; index += 1) {
    const metres = metresBetween(track, index - 1, index);
    const ms = (track.at[index] ?? 0) - (track.at[index - 1] ?? 0);
    lengthM += metres;
    if (ms > 0) speeds.push((metres / ms) * KMH_PER_M_A_MS);
  }
  speeds.sort((one, other) => one - other);
  const fastKmh = speeds[Math.floor(speeds.length * 0.95)] ?? 0;
  return { from, until, lengthM, meanKmh: (lengthM / (until - from)) * KMH_PER_M_A_MS, fastKmh };
}

function isDriven({ lengthM, meanKmh, fastKmh }: TripFound): boolean {
  return lengthM >= TRIP_M_MIN && meanKmh >= MEAN_KMH_MIN && fastKmh >= FAST_KMH.least && fastKmh <= FAST_KMH.most;
}

const STAY_MS = 10 * 60_000;
const STAY_M = 200;
const TRIP_MS_MIN = 60_000;
const TRIP_M_MIN = 500;
const KMH_PER_M_A_MS = 3_600;
const MEAN_KMH_MIN = 8;
const FAST_KMH = { least: 30, most: 150 } as const;
