/** One quantity of motion: where its samples come from, and below which value its class 0 ends. */
export interface MotionQuantity {
  readonly name: string;
  /** Signal of which the magnitudes are counted. */
  readonly path: string;
  /** Class k stands for [unit x 2^(k-1), unit x 2^k), in the unit VSS gives the path; class 0 is below it. */
  readonly unit: number;
}

/** What accelerations and angular velocities are counted as: classes of magnitude, without sign, order or time. */
// biome-ignore format: one quantity a line
export const MOTION_QUANTITIES: readonly MotionQuantity[] = [
  { name: 'LongitudinalAcceleration', path: 'Vehicle.Acceleration.Longitudinal', unit: 0.25 },
  { name: 'LateralAcceleration', path: 'Vehicle.Acceleration.Lateral', unit: 0.25 },
  { name: 'VerticalAcceleration', path: 'Vehicle.Acceleration.Vertical', unit: 0.25 },
  { name: 'PitchRate', path: 'Vehicle.AngularVelocity.Pitch', unit: 0.5 },
  { name: 'RollRate', path: 'Vehicle.AngularVelocity.Roll', unit: 0.5 },
  { name: 'YawRate', path: 'Vehicle.AngularVelocity.Yaw', unit: 0.5 },
];

/** Classes of the median and of the 95th percentile of an hour. */
export const medianPath = ({ name }: MotionQuantity): string => `Vehicle.Statistics.${name}.MedianClass`;
export const highPath = ({ name }: MotionQuantity): string => `Vehicle.Statistics.${name}.HighClass`;

/** Class of the metres between the lowest and the highest altitude of an hour, from 10 m; where they lie is not told. */
export const CLIMB_PATH = 'Vehicle.Statistics.Climb.RangeClass';
export const CLIMB_UNIT_M = 10;

/** Class of all turning of an hour, to either side, from half a turn. */
export const TURNING_PATH = 'Vehicle.Statistics.Turning.TotalClass';
export const TURNING_UNIT_DEG = 180;

/** Every statistic an allow-list may name. No VSS release has these paths. */
export const STATISTICS_PATHS: ReadonlySet<string> = new Set([
  ...MOTION_QUANTITIES.flatMap((quantity) => [medianPath(quantity), highPath(quantity)]),
  CLIMB_PATH,
  TURNING_PATH,
]);

export const STATISTICS_CLASS_MAX = 20;
