import type { ObservedTrip, Publication, Sighting } from '../replay/observed.ts';
import { metres, type Point } from '../traces/plane.ts';
import { type Anchor, overlapsOf } from '../truth/anchors.ts';

/** What an observed trip says of one of its ends. */
export interface TripEnd extends Point {
  /** Unit vector by which the trip came to, or away from, this end, pointing at the end; undefined for a single cell. */
  readonly direction: Point | undefined;
  /** Edge of the cell, metres. */
  readonly sizeM: number;
}

export interface TripEnds {
  readonly trip: ObservedTrip;
  readonly start: TripEnd;
  readonly end: TripEnd;
  /** Bounds of the time at which the vehicle moved, milliseconds UTC, as far as floors and arrival tell. */
  readonly from: number;
  readonly to: number;
}

/** A stop is recognised, and what was held back until then leaves, so long after the vehicle stopped. */
const STOP_MS = 600_000;

/** First and last cells of trips, in order of time. Cells of one span have no order: continuity with the trips around gives it. */
export function tripEndsOf(
  { trips }: { readonly trips: readonly ObservedTrip[] },
  publication: Publication,
): readonly TripEnds[] {
  const { spanMs, sizeM } = publication;
  const ordered = [...trips].sort((a, b) => timeOf(a) - timeOf(b));
  const ends: TripEnds[] = [];
  for (const trip of ordered) {
    const before = ends.at(-1)?.end;
    const [first, last] = firstAndLast(trip.sightings, sizeM, before);
    if (first === undefined || last === undefined) continue;
    const begins = trip.sightings.map(({ from }) => from);
    const lastBegin = Math.max(...begins);
    const isExact = trip.arrivedAt !== undefined && sizeM > 1_000;
    ends.push({
      trip,
      start: { x: first.x, y: first.y, sizeM: first.sizeM, direction: directionTo(first, trip.sightings, sizeM) },
      end: { x: last.x, y: last.y, sizeM: last.sizeM, direction: directionTo(last, trip.sightings, sizeM) },
      from: Math.min(...begins),
      to: isExact ? (trip.arrivedAt ?? 0) - STOP_MS : lastBegin + spanMs,
    });
  }
  return ends;
}

const timeOf = ({ arrivedAt, sightings }: ObservedTrip): number => arrivedAt ?? sightings[0]?.from ?? 0;

function firstAndLast(
  sightings: readonly Sighting[],
  sizeM: number,
  before: Point | undefined,
): readonly [Sighting | undefined, Sighting | undefined] {
  // Fine publications come in order of time; coarse ones are sorted by cell.
  if (sizeM <= 1_000) return [sightings[0], sightings.at(-1)];
  const begins = sightings.map(({ from }) => from);
  const [earliest, latest] = [Math.min(...begins), Math.max(...begins)];
  if (earliest === latest) return orient(farthestPair(sightings), before);
  const early = sightings.filter(({ from }) => from === earliest);
  const late = sightings.filter(({ from }) => from === latest);
  return [farthestFrom(early, late), farthestFrom(late, early)];
}

function farthestPair(sightings: readonly Sighting[]): readonly [Sighting | undefined, Sighting | undefined] {
  let pair: readonly [Sighting | undefined, Sighting | undefined] = [sightings[0], sightings[0]];
  let most = 0;
  for (const a of sightings) {
    for (const b of sightings) {
      const apart = metres(a, b);
      if (apart <= most) continue;
      most = apart;
      pair = [a, b];
    }
  }
  return pair;
}

/** Whichever end lies nearer to where the vehicle was before is the start. */
function orient(
  [a, b]: readonly [Sighting | undefined, Sighting | undefined],
  before: Point | undefined,
): readonly [Sighting | undefined, Sighting | undefined] {
  if (a === undefined || b === undefined || before === undefined) return [a, b];
  return metres(a, before) <= metres(b, before) ? [a, b] : [b, a];
}

/** The cell of a span that lies farthest from those of the other span: the way leads from these to those. */
function farthestFrom(of: readonly Sighting[], others: readonly Sighting[]): Sighting | undefined {
  const apart = (one: Sighting): number => Math.min(...others.map((other) => metres(one, other)));
  return of.reduce<Sighting | undefined>(
    (best, one) => (best === undefined || apart(one) > apart(best) ? one : best),
    undefined,
  );
}

/** From the cells within two sizes of the end, which are the way to it. */
function directionTo(end: Point, sightings: readonly Sighting[], sizeM: number): Point | undefined {
  const reach = Math.max(sizeM * 2.2, 500);
  let [x, y, count] = [0, 0, 0];
  for (const sighting of sightings) {
    const apart = metres(sighting, end);
    if (apart < 1 || apart > reach) continue;
    x += sighting.x;
    y += sighting.y;
    count += 1;
  }
  if (count === 0) return undefined;
  const [dx, dy] = [end.x - x / count, end.y - y / count];
  const length = Math.hypot(dx, dy);
  return length < 1 ? undefined : { x: dx / length, y: dy / length };
}

/** An end of a trip, and how much its silence speaks for an anchor. */
export interface Evidence {
  readonly end: TripEnd;
  /** Hours of the silence at this end that fall into the hours of the anchor. */
  readonly hours: number;
  /** Days on which they do. */
  readonly days: number;
}

/** The silence next to an end counts for so long; beyond, the vehicle was driven unseen or stood for a holiday. */
const REACH_MS = 24 * 3_600_000;
/** Ends of a silence that lie farther apart than this were joined by a trip that nothing shows. */
const APART_M = 3_000;
const UNSEEN_TRIP_WEIGHT = 0.3;

/** Silences before and after every trip, weighed by their overlap with the hours of an anchor. */
export function evidenceFor(anchor: Anchor, ends: readonly TripEnds[], sizeM: number): readonly Evidence[] {
  return ends.flatMap((own, index) => {
    const [before, after] = [ends[index - 1], ends[index + 1]];
    const silenceBefore = { from: Math.max(before?.to ?? 0, own.from - REACH_MS), to: own.from };
    const silenceAfter = { from: own.to, to: Math.min(after?.from ?? own.to, own.to + REACH_MS) };
    return [
      weigh(anchor, own.start, silenceBefore, before?.end, sizeM),
      weigh(anchor, own.end, silenceAfter, after?.start, sizeM),
    ].filter(({ hours }) => hours > 0);
  });
}

function weigh(
  anchor: Anchor,
  end: TripEnd,
  silence: { readonly from: number; readonly to: number },
  opposite: Point | undefined,
  sizeM: number,
): Evidence {
  const overlaps = overlapsOf(anchor, silence.from, silence.to);
  const isJoined = opposite !== undefined && metres(opposite, end) <= APART_M + 1.5 * sizeM;
  const factor = isJoined ? 1 : UNSEEN_TRIP_WEIGHT;
  return {
    end,
    hours: (factor * overlaps.reduce((sum, { ms }) => sum + ms, 0)) / 3_600_000,
    days: factor * overlaps.length,
  };
}
