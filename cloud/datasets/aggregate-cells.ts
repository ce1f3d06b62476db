import type { DisclosureFigures } from './disclosure.table.ts';
import type { DayNumber } from './periods.ts';
import { rounded } from './statistics-table.ts';

/** What is known of the vehicles of one cell, each of which counts once, with its mean. */
export interface CellSums {
  readonly vehicles: number;
  readonly sum: number;
  readonly absoluteSum: number;
  readonly absoluteMax: number;
  readonly least: number;
  readonly greatest: number;
}

export const EMPTY_CELL: CellSums = {
  vehicles: 0,
  sum: 0,
  absoluteSum: 0,
  absoluteMax: 0,
  least: Number.POSITIVE_INFINITY,
  greatest: Number.NEGATIVE_INFINITY,
};

export function withVehicle(cell: CellSums, mean: number): CellSums {
  const one = Math.abs(mean);
  return merged(cell, { vehicles: 1, sum: mean, absoluteSum: one, absoluteMax: one, least: mean, greatest: mean });
}

/** Of cells that share no vehicle. */
export function merged(one: CellSums, other: CellSums): CellSums {
  return {
    vehicles: one.vehicles + other.vehicles,
    sum: one.sum + other.sum,
    absoluteSum: one.absoluteSum + other.absoluteSum,
    absoluteMax: Math.max(one.absoluteMax, other.absoluteMax),
    least: Math.min(one.least, other.least),
    greatest: Math.max(one.greatest, other.greatest),
  };
}

/** All cells of one signal and period: they are decided together, since what one hides another could give away. */
export interface Family {
  readonly period: DayNumber;
  readonly path: string;
  /** By model; the only one is `ALL_MODELS` where models are not told apart. */
  readonly parts: ReadonlyMap<string, CellSums>;
}

export const ALL_MODELS = 'all';
/** Vehicles that no model of the configuration describes. */
export const OTHER_MODEL = 'other';

export interface PublishedCell {
  readonly model: string;
  readonly vehicles: number;
  /** Mean of the vehicles' means. */
  readonly mean: number;
}

/**
 * Why a cell is left out. `few`: too few vehicles; `dominated`: one vehicle makes up too much of it; `uniform`: all alike, so
 * that it tells each; `complementary`: it would give another away; `taken`: published before in another shape.
 */
export const SUPPRESSIONS = ['few', 'dominated', 'uniform', 'complementary', 'taken'] as const;
export type Suppression = (typeof SUPPRESSIONS)[number];

export interface DecidedFamily {
  readonly cells: readonly PublishedCell[];
  readonly suppressed: readonly Suppression[];
}

/** Whether a figure over these vehicles may stand on its own. */
export function objectionTo(cell: CellSums, figures: DisclosureFigures): Suppression | undefined {
  if (cell.vehicles < figures.vehiclesMin) return 'few';
  if (cell.least === cell.greatest) return 'uniform';
  return cell.absoluteMax > figures.shareMax * cell.absoluteSum ? 'dominated' : undefined;
}

/**
 * Decides the cells of one family.
 *
 * Where the total is published as well, the parts left out have a sum that anybody can compute: total less published parts.
 * That remainder has to be fit for publication itself, so further parts are left out, the smallest first, until it is.
 */
export function decideFamily({ parts }: Family, totals: boolean, figures: DisclosureFigures): DecidedFamily {
  const published = new Map<string, CellSums>();
  const suppressed: Suppression[] = [];
  let remainder = EMPTY_CELL;
  for (const [model, cell] of parts) {
    const objection = objectionTo(cell, figures);
    if (objection === undefined) published.set(model, cell);
    else {
      suppressed.push(objection);
      remainder = merged(remainder, cell);
    }
  }
  if (!totals) return { cells: cellsOf(published), suppressed };
  while (remainder.vehicles > 0 && published.size > 0 && objectionTo(remainder, figures) !== undefined) {
    const [model, cell] = smallest(published);
    published.delete(model);
    suppressed.push('complementary');
    remainder = merged(remainder, cell);
  }
  const total = [...parts.values()].reduce(merged, EMPTY_CELL);
  const objection = objectionTo(total, figures);
  if (objection === undefined) published.set(ALL_MODELS, total);
  else suppressed.push(objection);
  return { cells: cellsOf(published), suppressed };
}

function smallest(cells: ReadonlyMap<string, CellSums>): readonly [string, CellSums] {
  return [...cells].reduce((least, one) => (one[1].vehicles < least[1].vehicles ? one : least));
}

function cellsOf(published: ReadonlyMap<string, CellSums>): readonly PublishedCell[] {
  return [...published]
    .map(([model, { vehicles, sum }]) => ({ model, vehicles, mean: rounded(sum / vehicles) }))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}
