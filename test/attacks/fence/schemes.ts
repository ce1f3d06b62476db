import type { Plane } from '../traces/plane.ts';
import { type Disc, drawDiscs, touches, type Visits } from './discs.ts';

/** One fence, and what would be published without it. */
export interface Suppression {
  readonly cells: readonly Visits[];
  /** Edge of the cells, metres. */
  readonly sizeM: number;
  readonly fence: Disc;
  /** Busy squares, for whoever places decoys. */
  readonly squares: readonly Visits[];
  readonly plane: Plane;
  readonly chance: () => number;
}

/** A way to keep cells near a fence from being published. The attacker knows the scheme, and not its chance. */
export interface FenceScheme {
  readonly name: string;
  /** False fences among which the true one hides; undefined when the scheme has none and so promises nothing. */
  readonly decoys: number | undefined;
  /** The cells that are left. */
  readonly suppress: (given: Suppression) => readonly Visits[];
}

const MARGIN_M = 1_000;

/** Cells whose square the fence touches. */
export const NAIVE: FenceScheme = {
  name: 'cells that touch the fence',
  decoys: undefined,
  suppress: ({ cells, sizeM, fence }) => cells.filter((cell) => !touches(fence, cell, sizeM, 0)),
};

/** Whole cells about a centre that is moved by a secret, and up to a secret margin more. */
const MARGIN: FenceScheme = {
  name: 'whole cells, secret shift and margin',
  decoys: undefined,
  suppress: ({ cells, sizeM, fence, chance }) => {
    const [angle, shiftM, marginM] = [2 * Math.PI * chance(), MARGIN_M * chance(), MARGIN_M * chance()];
    const moved = { ...fence, x: fence.x + shiftM * Math.cos(angle), y: fence.y + shiftM * Math.sin(angle) };
    return cells.filter((cell) => !touches(moved, cell, sizeM, shiftM + marginM));
  },
};

/** The reference for a scheme with decoys: discs like the true one, at places like its own, all apart. */
export function withDecoys(decoys: number): FenceScheme {
  return {
    name: `${decoys} decoys that lie apart`,
    decoys,
    suppress: ({ cells, sizeM, fence, squares, chance }) => {
      const apart = squares.filter(({ x, y }) => Math.hypot(x - fence.x, y - fence.y) > DECOY_APART * fence.radiusM);
      const discs = [fence, ...drawDiscs(apart, decoys, chance)];
      return cells.filter((cell) => !discs.some((disc) => touches(disc, cell, sizeM, 0)));
    },
  };
}

/** In radii; a little above two, since a decoy lies anywhere in its square. */
const DECOY_APART = 2.5;

export const REFERENCE_SCHEMES: readonly FenceScheme[] = [NAIVE, MARGIN, withDecoys(4), withDecoys(9)];
