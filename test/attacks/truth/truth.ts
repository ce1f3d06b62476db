import type { TripEnds } from '../places/trip-ends.ts';
import type { Point } from '../traces/plane.ts';
import type { Subject } from '../traces/subjects.ts';
import { ANCHORS, type Anchor, anchorOf } from './anchors.ts';
import { STAY, type Stay, staysOf } from './stays.ts';
import { type TrueTrip, trueTrips } from './trips.ts';

/** What the raw trace of one subject says; the attacker has that of the others, never the victim's. */
export interface Truth {
  readonly trips: readonly TrueTrip[];
  readonly stays: readonly Stay[];
  readonly anchors: Readonly<Record<Anchor, Point | undefined>>;
  readonly pointAt: (fix: number) => Point;
  /** The true trip that an observed one was made of: of those at its time, the one that passes most of its cells. */
  readonly tripBehind: (observed: TripEnds, sizeM: number) => TrueTrip | undefined;
}

export function truthOf(subject: Subject): Truth {
  const trips = trueTrips(subject);
  const stays = staysOf(subject, STAY);
  const pointAt = (fix: number): Point => ({ x: subject.x[fix] ?? 0, y: subject.y[fix] ?? 0 });
  return {
    trips,
    stays,
    anchors: Object.fromEntries(ANCHORS.map((anchor) => [anchor, anchorOf(anchor, stays)])) as Truth['anchors'],
    pointAt,
    tripBehind: (observed, sizeM) => {
      const atItsTime = trips.filter(({ from, to }) => from < observed.to && to >= observed.from);
      let best: TrueTrip | undefined;
      let most = 0;
      for (const trip of atItsTime) {
        const passed = cellsPassed(observed, trip, pointAt, sizeM);
        if (passed > most) [most, best] = [passed, trip];
      }
      return best;
    },
  };
}

/** Fixes of a trip that are looked at. */
const SAMPLES = 120;

function cellsPassed(
  { trip }: TripEnds,
  { first, last }: TrueTrip,
  pointAt: (fix: number) => Point,
  sizeM: number,
): number {
  const half = sizeM / 2 + 250;
  const step = Math.max(1, Math.floor((last - first) / SAMPLES));
  const passed = new Set<number>();
  for (let fix = first; fix <= last; fix += step) {
    const { x, y } = pointAt(fix);
    for (const [index, cell] of trip.sightings.entries()) {
      if (Math.abs(x - cell.x) <= half && Math.abs(y - cell.y) <= half) passed.add(index);
    }
    if (passed.size === trip.sightings.length) break;
  }
  return passed.size;
}
