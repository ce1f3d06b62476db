import { type CoordinateIndex, findOnAxis } from './coordinate-index.ts';

type Axis = CoordinateIndex['latitude'];

/** Decimals to which a true coordinate may have been cut or rounded and still count alone as a double. */
const DECIMALS = [5, 6, 7] as const;
/** A true coordinate lies within one unit of its fifth decimal from any of those. */
const REACH = { below: 0.51e-5, above: 1.01e-5, relative: 0 };
/** Fewer decimals than this and a double is an ordinary number. */
const SIGNIFICANT_DECIMALS = 4;

/**
 * Is this double a true coordinate, bit for bit, or one cut or rounded to 5, 6 or 7 decimals?
 *
 * @param degrees - magnitude
 * @returns index of the point in the caller's list, or -1
 */
export function findTrueDouble(axis: Axis, degrees: number): number {
  let at = findOnAxis(axis, degrees, REACH);
  if (at < 0) return -1;
  for (; at < axis.values.length; at++) {
    const truth = axis.values[at] ?? Number.POSITIVE_INFINITY;
    if (truth > degrees + REACH.above) return -1;
    if (truth === degrees || isShortened(truth, degrees)) return axis.points[at] ?? -1;
  }
  return -1;
}

function isShortened(truth: number, degrees: number): boolean {
  return DECIMALS.some((decimals) => {
    const scale = 10 ** decimals;
    const units = Math.round(degrees * scale);
    if (units / scale !== degrees || units % 10 ** (decimals - SIGNIFICANT_DECIMALS + 1) === 0) return false;
    const cut = truth * scale - units;
    return cut >= -0.51 && cut <= 1.01;
  });
}
