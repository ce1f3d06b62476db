/** A bound that a figure has to keep; shares from 0 to 1. */
export interface Target {
  /** `preset figure`, as the run names it. */
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Homes and work places count on subjects whom a blind guess misses. Where the bounds come from stands in docs/attacks.md. */
// biome-ignore format: one target a line
export const TARGETS: readonly Target[] = [
  { figure: 'raw home <= 1 km, all', atLeast: 0.8 },
  { figure: 'plain 1 km grid home <= 1 km, all', atLeast: 0.8 },

  { figure: 'strict home <= 1 km', atMost: 0 },
  { figure: 'strict home <= 2 km', atMost: 0 },
  { figure: 'strict work <= 1 km', atMost: 0 },
  { figure: 'strict work <= 2 km', atMost: 0 },
  { figure: 'strict rows unique before grouping', atMost: 0.05 },
  { figure: 'strict rows unique after grouping', atMost: 0 },
  { figure: 'strict rows released', atLeast: 0.8 },
  { figure: 'strict rows, link over the chance of their classes', atMost: 0 },

  { figure: 'strict-map home <= 1 km', atMost: 0.05 },
  { figure: 'strict-map home <= 2 km', atMost: 0.1 },
  { figure: 'strict-map unicity of 4', atMost: 0.1 },
  { figure: 'strict-map link of weeks', atMost: 0.35 },

  { figure: 'fleet home <= 1 km', atMost: 0.1 },
  { figure: 'fleet home <= 2 km', atMost: 0.25 },
  { figure: 'fleet km kept', atLeast: 0.9 },
  { figure: 'fleet unicity of 4', atMost: 0.45 },
  { figure: 'fleet link of weeks', atMost: 0.45 },

  { figure: 'fences demanded and none with decoys, trips with cells', atMost: 0 },

  { figure: 'averaging, frames of a parked car', atMost: 0 },
  { figure: 'averaging, reinstallations over none', atMost: 0.05 },
];

/** What the fence attack may gain on picking one of the holes at random. */
export const FENCE_SLACK = 0.08;
