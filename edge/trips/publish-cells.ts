import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { distanceM } from '../../proto/geo/distance.ts';
import { cellOf, metresOutside } from '../../proto/geo/grid.ts';
import type { GridCell } from '../../proto/words/position.ts';
import { HOUR_MS } from '../../proto/words/time.ts';
import type { TagAt } from '../stages/tag-subject.ts';
import type { Trip, TripPoint } from './trip.ts';

/** Settings of the preset `fleet`; the figures behind them stand in docs/adr/0007. */
export const FLEET = {
  cellM: 5_000,
  /** Everything within this distance of a trip end is withheld, and the place's secret margin more. */
  trimM: 1_000,
  marginMaxM: 1_000,
  /** A cell is left only once the fix is this far outside it, so that jitter on an edge tells nothing. */
  stickyM: 200,
} as const;

export interface Margins {
  readonly startM: number;
  readonly endM: number;
}

/**
 * What `fleet` publishes of a trip: one event for each (cell, hour), sorted by cell, under the tag of the day the trip
 * began. Both ends are trimmed over the whole trip, so a loop back past the door is withheld too.
 *
 * @returns nothing for a trip that is not whole or that trimming leaves empty
 */
export function publishCells(trip: Trip, margins: Margins, tagAt: TagAt): readonly CellFrame[] {
  const first = trip.points[0];
  if (!trip.isWhole || first === undefined) return [];
  const subjectTag = tagAt(first.at);
  const events = new Map<string, CellFrame>();
  let current: GridCell | undefined;
  for (const point of trimEnds(trip, margins)) {
    if (current === undefined || metresOutside(current, point.position) > FLEET.stickyM) {
      current = cellOf(point.position, FLEET.cellM);
    }
    const { sizeM, zone, row, column } = current;
    const hour = Math.floor(point.at / HOUR_MS);
    events.set(`${zone}/${row}/${column}/${hour}`, { kind: 'cell', subjectTag, hour, sizeM, zone, row, column });
  }
  return [...events.values()].sort(byCell);
}

function trimEnds(trip: Trip, margins: Margins): readonly TripPoint[] {
  const first = trip.points[0];
  const last = trip.points.at(-1);
  if (first === undefined || last === undefined) return [];
  const startM = FLEET.trimM + margins.startM;
  const endM = FLEET.trimM + margins.endM;
  return trip.points.filter(
    ({ position }) => distanceM(first.position, position) > startM && distanceM(last.position, position) > endM,
  );
}

/** Order within a trip would retrace it. */
function byCell(a: CellFrame, b: CellFrame): number {
  return a.zone - b.zone || a.row - b.row || a.column - b.column || a.hour - b.hour;
}
