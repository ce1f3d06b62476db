import type { Tolerance } from './coordinate-index.ts';

/** Room for the noise of `degrees * scale` in doubles, as a share of one unit. */
const NOISE = 0.01;

/** What was read is the true coordinate cut off (toward zero) or rounded to a whole number of `1 / scale` degrees. */
export function scaledTolerance(scale: number): Tolerance {
  return { below: (0.5 + NOISE) / scale, above: (1 + NOISE) / scale, relative: 0 };
}

/** The nearest float32 of the coordinate (24 bits, so half a unit is at most this share), or of its microdegrees. */
export const SINGLE_TOLERANCE: Tolerance = { below: 1.1e-6, above: 1.1e-6, relative: 2 ** -24 };

/** A pair of doubles this near to one true point is that point, whatever arithmetic stands between (4 decimals). */
export const DOUBLE_TOLERANCE: Tolerance = { below: 6e-5, above: 6e-5, relative: 0 };
