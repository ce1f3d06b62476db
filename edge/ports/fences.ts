import type { GridCell, Wgs84Position } from '../../proto/words/position.ts';

/**
 * Sensitive areas and decoys as the stages ask of them. A set that is missing, invalid, out of its time or without decoys
 * answers yes to everything: nothing geographic and no imagery then leaves.
 */
export interface Fences {
  /** Whether a position lies in one or within its margin. */
  isNear(position: Wgs84Position): boolean;
  /** Whether a cell is silent, for every vehicle and at all times of the set. */
  blocks(cell: Omit<GridCell, 'datum'>): boolean;
}
