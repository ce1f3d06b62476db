import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { distanceM } from '../../proto/geo/distance.ts';
import { cellOf, metresOutside } from '../../proto/geo/grid.ts';
import type { GridCell, Wgs84Position } from '../../proto/words/position.ts';
import { type PositionRules, PRESET_RULES } from '../../proto/words/position-rules.ts';
import { HOUR_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { TagAt } from '../stages/tag-subject.ts';
import type { Trip, TripPoint } from './trip.ts';

/** Settings of the preset `fleet`; the figures behind them stand in docs/adr/0007. */
export const FLEET = PRESET_RULES.fleet;

/** Secret margins of the places where a trip began and ended, and of the one where it stood before if known, metres. */
export interface Margins {
  readonly startM: number;
  readonly endM: number;
  readonly parkedM?: number;
}

/**
 * What a trip publishes: one event for each cell and time, sorted by cell, under the tag of the moment the trip began.
 * All ends are trimmed over the whole trip, so a loop back past the door is withheld too.
 *
 * @returns nothing for a trip that is not whole or that trimming leaves empty
 */
export function publishCells(trip: Trip, margins: Margins, tagAt: TagAt, rules = FLEET): readonly CellFrame[] {
  const first = trip.points[0];
  if (!trip.isWhole || first === undefined) return [];
  if (trip.parked !== undefined && margins.parkedM === undefined) return [];
  const subjectTag = tagAt(first.at);
  const events = new Map<string, CellFrame>();
  const endBlocks = new Set(endsOf(trip).map((end) => nameOf(cellOf(end, rules.endCellM))));
  let current: GridCell | undefined;
  for (const point of trimEnds(trip, margins, rules)) {
    if (current === undefined || metresOutside(current, point.position) > rules.stickyM) {
      const block = cellOf(point.position, rules.endCellM);
      current = endBlocks.has(nameOf(block)) ? block : cellOf(point.position, rules.cellM);
    }
    const { sizeM, zone, row, column } = current;
    const time = floorTime(point.at, rules.timeFloorS);
    const event: CellFrame = { kind: 'cell', subjectTag, ...time, sizeM, zone, row, column };
    events.set(`${nameOf(current)}/${time.hour}/${time.quarter ?? 0}`, event);
  }
  return [...events.values()].sort(byCell);
}

const nameOf = ({ sizeM, zone, row, column }: GridCell): string => `${sizeM}/${zone}/${row}/${column}`;

/** Where the trip began and ended, and where the vehicle stood before it. */
function endsOf({ points, parked }: Trip): readonly Wgs84Position[] {
  const ends = [points[0]?.position, points.at(-1)?.position, parked];
  return ends.filter((end) => end !== undefined);
}

/** Floors, and never rounds: to the quarter, the hour, or the hour in which the day of Shanghai begins. */
function floorTime(at: Instant, floorS: number): Pick<CellFrame, 'hour' | 'quarter'> {
  const floorMs = floorS * 1_000;
  const floored = Math.floor((at + SHANGHAI_OFFSET_MS) / floorMs) * floorMs - SHANGHAI_OFFSET_MS;
  const hour = Math.floor(floored / HOUR_MS);
  const quarter = (floored - hour * HOUR_MS) / QUARTER_MS;
  return quarter === 0 ? { hour } : { hour, quarter };
}

const QUARTER_MS = 900_000;

function trimEnds(trip: Trip, margins: Margins, { trimM }: PositionRules): readonly TripPoint[] {
  const first = trip.points[0];
  const last = trip.points.at(-1);
  if (first === undefined || last === undefined) return [];
  const ends = [
    { position: first.position, hiddenM: trimM + margins.startM },
    { position: last.position, hiddenM: trimM + margins.endM },
  ];
  if (trip.parked !== undefined) ends.push({ position: trip.parked, hiddenM: trimM + (margins.parkedM ?? 0) });
  return trip.points.filter(({ position }) => ends.every((end) => distanceM(end.position, position) > end.hiddenM));
}

/** Order within a trip would retrace it. */
function byCell(a: CellFrame, b: CellFrame): number {
  return (
    a.sizeM - b.sizeM ||
    a.zone - b.zone ||
    a.row - b.row ||
    a.column - b.column ||
    a.hour - b.hour ||
    (a.quarter ?? 0) - (b.quarter ?? 0)
  );
}
