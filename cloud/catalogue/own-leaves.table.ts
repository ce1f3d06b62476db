import type { LeafTuple } from './vss-leaves.table.ts';

/** Signals that the edge makes itself and no release of VSS has: classes from 0 to 20 of what happened within an hour. */
// biome-ignore format: one leaf a line
export const OWN_LEAVES: readonly LeafTuple[] = [
  ['Vehicle.Statistics.LongitudinalAcceleration.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.LongitudinalAcceleration.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.LateralAcceleration.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.LateralAcceleration.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.VerticalAcceleration.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.VerticalAcceleration.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.PitchRate.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.PitchRate.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.RollRate.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.RollRate.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.YawRate.MedianClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.YawRate.HighClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.Climb.RangeClass', 'sensor', 'uint8', undefined, 0, 20],
  ['Vehicle.Statistics.Turning.TotalClass', 'sensor', 'uint8', undefined, 0, 20],
];
