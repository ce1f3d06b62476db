import fc from 'fast-check';
import type { ObservedContent } from '../../../cloud/classification/observed.ts';
import type { Instant } from '../../../proto/words/time.ts';

export interface AnyRecord {
  readonly device: number;
  readonly content: ObservedContent;
  readonly area: string;
}

const FROM_MS = Date.UTC(2025, 11, 20);
const DAY_MS = 86_400_000;
const PATHS = [
  'Vehicle.Speed',
  'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current',
  'Vehicle.TraveledDistance',
  'Vehicle.Cabin.Unknown',
  'Vehicle.Chassis.Accelerator.PedalPosition',
];

/** Few vehicles and days, so that records meet; on both sides of a new year. */
const instant = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 23 }))
  .map(([day, hour]) => (FROM_MS + day * DAY_MS + hour * 3_600_000) as Instant);
const minute = instant.map((at) => at / 60_000);

const signals = fc
  .tuple(instant, fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 3 }))
  .map(([observedAt, paths]): ObservedContent => {
    return { kind: 'signals', observedAt, signals: paths.map((path) => ({ path, value: 1 })) };
  });
const cell = instant.map((at): ObservedContent => {
  return { kind: 'cell', hour: at / 3_600_000, sizeM: 5_000, zone: 40, row: 1, column: 2 };
});
const trip = fc
  .tuple(fc.integer({ min: 1, max: 28 }), fc.nat(20), fc.nat(20))
  .map(([day, distanceClass, durationClass]): ObservedContent => {
    return { kind: 'trip', localDate: 20_260_100 + day, distanceClass, durationClass };
  });
const image = fc.tuple(minute, fc.constantFrom(1, 5)).map(([at, camera]): ObservedContent => {
  return { kind: 'image', minute: at, camera };
});
const inspected = fc
  .tuple(minute, fc.array(fc.nat(40), { maxLength: 2 }), fc.array(fc.nat(20), { maxLength: 2 }))
  .map(([at, faces, plates]): ObservedContent => {
    return { kind: 'image', minute: at, camera: 1, inspection: { faces, plates } };
  });
const sensor = fc
  .tuple(minute, fc.constantFrom('points' as const, 'objects' as const))
  .map(([at, kind]): ObservedContent => ({ kind, minute: at }));
const other = fc
  .tuple(instant, fc.constantFrom('position', 'video-exterior', 'dtc', 'no-such-kind'))
  .map(([observedAt, of]): ObservedContent => ({ kind: 'of-kind', of: [of], observedAt }));

export const anyRecord: fc.Arbitrary<AnyRecord> = fc.record({
  device: fc.integer({ min: 1, max: 4 }),
  content: fc.oneof(signals, signals, cell, trip, image, inspected, sensor, other),
  area: fc.constantFrom('', '', 'cn-3202', 'cn-3205'),
});
