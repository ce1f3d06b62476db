import type { Microdeg, Wgs84Position } from '../../proto/words/position.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { TripMemory, TripRecord } from '../ports/trip-memory.ts';
import { newestOf, type OpenTrip, type TripPoint } from '../trips/trip.ts';
import type { AgentDatabase } from './sqlite-state.ts';

/** What a trip has grown since the last write is lost with the power; a flash memory is written once in this time. */
export const TRIP_WRITE_INTERVAL_MS = 60_000;

export interface SqliteTrips extends TripMemory {
  /**
   * Writes what is due: once in `TRIP_WRITE_INTERVAL_MS` of vehicle time, and when a trip begins or ends. Call it after what
   * an ended trip published is durable: cut between the two, the trip is published once more rather than never.
   */
  commit(): void;
  /** Writes in any case, within whatever transaction is open. @throws SqliteError when it cannot */
  store(): void;
}

/** Degrees as three numbers: at, latitude, longitude. */
type Numbers = readonly [at: number, latitude: number, longitude: number];

interface Header {
  readonly policy: string;
  readonly parked: readonly [latitude: number, longitude: number] | null;
  readonly open: {
    readonly distanceM: number;
    readonly isWhole: boolean;
    readonly last: Numbers;
    /** Null when it is the last fix itself. */
    readonly anchor: Numbers | null;
    readonly anchorCount: number;
    readonly anchorDistanceM: number;
    readonly strays: readonly Numbers[];
  } | null;
}

const NOTHING: TripRecord = { state: undefined, parked: undefined };

/** The trip in hand in the agent's file: a small header, and the points, of which only new ones are written. */
export function sqliteTrips(database: AgentDatabase): SqliteTrips {
  const statements = {
    header: database.prepare('INSERT OR REPLACE INTO trip VALUES (0, ?)'),
    cut: database.prepare('DELETE FROM trip_point WHERE id >= ?'),
    point: database.prepare('INSERT INTO trip_point VALUES (?, ?, ?, ?)'),
  };
  let { policy, record } = readTrips(database);
  let written: TripRecord = record;
  let writtenPoints: readonly TripPoint[] = [...(record.state?.points ?? [])];

  const write = database.transaction(() => {
    const points = record.state?.points ?? [];
    const same = sameUntil(writtenPoints, points);
    statements.cut.run(same);
    for (let index = same; index < points.length; index += 1) {
      const { at, position } = points[index] as TripPoint;
      statements.point.run(index, at, position.latitudeMicrodeg, position.longitudeMicrodeg);
    }
    statements.header.run(JSON.stringify(headerOf(policy, record)));
  });

  return {
    recall: (wanted) => (wanted === policy ? record : { state: undefined, parked: record.parked }),
    keep: (of, next) => {
      policy = of;
      record = next;
    },
    // Not counted as written: the transaction around it may yet be undone, and the next commit writes it once more.
    store: () => {
      write();
    },
    commit: () => {
      if (!isDue(written, record)) return;
      try {
        write();
        written = record;
        writtenPoints = [...(record.state?.points ?? [])];
      } catch {
        // A disk that is full costs what a power cut would then cost; the next commit tries again.
      }
    },
  };
}

function isDue({ state: old, parked: oldParked }: TripRecord, { state, parked }: TripRecord): boolean {
  if (old === undefined || state === undefined) return old !== state || parked !== oldParked;
  return (
    old.points[0] !== state.points[0] ||
    Math.abs(newestOf(state).at - newestOf(old).at) >= TRIP_WRITE_INTERVAL_MS ||
    parked !== oldParked
  );
}

/** Points are only appended, or cut off the end, so the first one that differs ends what is the same. */
function sameUntil(old: readonly TripPoint[], points: readonly TripPoint[]): number {
  let length = 0;
  while (length < old.length && old[length] === points[length]) length += 1;
  return length;
}

function headerOf(policy: string, { state, parked }: TripRecord): Header {
  return {
    policy,
    parked: parked === undefined ? null : [parked.latitudeMicrodeg, parked.longitudeMicrodeg],
    open:
      state === undefined
        ? null
        : {
            distanceM: state.distanceM,
            isWhole: state.isWhole,
            last: numbersOf(state.last),
            anchor: state.anchor === state.last ? null : numbersOf(state.anchor),
            anchorCount: state.anchorCount,
            anchorDistanceM: state.anchorDistanceM,
            strays: state.strays.map(numbersOf),
          },
  };
}

/** @returns nothing for a header that is none of ours: the trip is lost then, and nothing of it published */
function readTrips(database: AgentDatabase): { policy: string; record: TripRecord } {
  const row = database.prepare('SELECT header FROM trip').get() as { header: string } | undefined;
  if (row === undefined) return { policy: '', record: NOTHING };
  try {
    const { policy, parked, open } = JSON.parse(row.header) as Header;
    const stood = parked === null ? undefined : positionOf(parked[0], parked[1]);
    const state = open === null ? undefined : openTripOf(open, readPoints(database));
    return { policy, record: { state, parked: stood } };
  } catch {
    return { policy: '', record: NOTHING };
  }
}

function openTripOf(open: NonNullable<Header['open']>, points: TripPoint[]): OpenTrip {
  const last = pointOf(open.last);
  return {
    ...open,
    points,
    last,
    anchor: open.anchor === null ? last : pointOf(open.anchor),
    strays: open.strays.map(pointOf),
  };
}

function readPoints(database: AgentDatabase): TripPoint[] {
  const rows = database.prepare('SELECT at, latitude, longitude FROM trip_point ORDER BY id').raw().all();
  return (rows as Numbers[]).map(pointOf);
}

const numbersOf = ({ at, position }: TripPoint): Numbers => [at, position.latitudeMicrodeg, position.longitudeMicrodeg];

const pointOf = ([at, latitude, longitude]: Numbers): TripPoint => ({
  at: at as Instant,
  position: positionOf(latitude, longitude),
});

function positionOf(latitude: number, longitude: number): Wgs84Position {
  return { datum: 'WGS-84', latitudeMicrodeg: latitude as Microdeg, longitudeMicrodeg: longitude as Microdeg };
}
