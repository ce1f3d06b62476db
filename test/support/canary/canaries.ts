import { type PatternSet, patternsOf } from './byte-patterns.ts';
import { type CoordinateIndex, indexPoints, type Point } from './coordinate-index.ts';

/** What must not be found: true coordinates, VINs, subject tags, made ready for `scan`. */
export interface Canaries {
  readonly index: CoordinateIndex;
  readonly patterns: PatternSet;
  /** Coordinates (two a point) that ordinary numbers would hit and that are therefore not looked for. */
  readonly skippedCoordinates: number;
}

/**
 * Prepares a canary set; 150,000 points take about a second and 40 MB.
 *
 * @param given - `points` in degrees, `vins` as issued (upper case), `tags` of at least 8 bytes. A `Hit.of` is an index
 *   into these lists; equal points are found under the first of them.
 * @throws Error for a VIN or tag too short to be searched for
 */
export function buildCanaries(given: {
  readonly points: readonly Point[];
  readonly vins: readonly string[];
  readonly tags: readonly Uint8Array[];
}): Canaries {
  const { index, skipped } = indexPoints(given.points);
  return { index, patterns: patternsOf(given.vins, given.tags), skippedCoordinates: skipped };
}
