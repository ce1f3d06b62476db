import type { Ranges } from './distributions.ts';

/**
 * What people's trips by motor vehicle have in common: ranges over 27 persons of GeoLife 1.3 with ten trips or more (Microsoft
 * Research Asia; Microsoft Research License Agreement). Figures only, of nobody in particular; made by
 * `tongguan sim distributions --traces ... --json` (docs/simulator.md).
 */
// biome-ignore format: one measure a line
export const REAL_RANGES: Ranges = {
  lengthKm:     { p10: [0.9, 3.1],   p50: [3.4, 10.2],    p90: [6.9, 54.7] },
  meanKmh:      { p10: [9.1, 14.1],  p50: [12.2, 23.9],   p90: [18, 52.2] },
  fastKmh:      { p10: [32.4, 41],   p50: [40.8, 66.8],   p90: [58.4, 118.1] },
  dwellMinutes: { p10: [14.2, 130.5], p50: [121.8, 853.8], p90: [1388.2, 7788.4] },
};

/** The same of 28 vehicles of a fleet round Wuxi with five trips or more on 2020-07-18, most of them for hire or for freight. */
// biome-ignore format: one measure a line
export const FLEET_RANGES: Ranges = {
  lengthKm:     { p10: [1.4, 6],      p50: [3.7, 23.1],   p90: [6.8, 157.5] },
  meanKmh:      { p10: [13.8, 28.4],  p50: [21.9, 40.6],  p90: [31.4, 71.4] },
  fastKmh:      { p10: [30.9, 49.8],  p50: [40.6, 68.4],  p90: [53.7, 110.3] },
  dwellMinutes: { p10: [10.9, 70.7],  p50: [35.7, 171.6], p90: [107.8, 404.6] },
};
