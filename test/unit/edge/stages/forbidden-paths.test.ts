import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SIGNAL_ROWS } from '../../../../cloud/catalogue/catalogue.ts';
import {
  INTEGRABLE_PERIOD_MS,
  isIntegrable,
  neverLeaves,
  sendablePaths,
} from '../../../../edge/stages/forbidden-paths.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';
import { policyOf, SPEED } from '../../../support/edge/policies.ts';

test('agrees with the catalogue on every path: what the cloud forbids never leaves, and nothing else of it is kept', () => {
  for (const { path, edge } of SIGNAL_ROWS) expect(neverLeaves(path), path).toBe(edge === 'forbidden');
});

test.each([
  ...['Vehicle.CurrentLocation.Timestamp', 'Vehicle.CurrentLocation.GNSSReceiver.FixType'],
  ...['Vehicle.Vendor.GpsLatitude', 'Vehicle.Vendor.GPSLatitude', 'Vehicle.Vendor.Gps_Lon', 'Vehicle.Vendor.LAT'],
  ...[
    'Vehicle.Connectivity.IMEI',
    'Vehicle.Connectivity.SIM.ICCID',
    'Vehicle.Vendor.VIN2.Vin',
    'Vehicle.Vendor.VehicleVIN',
  ],
  ...['Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Longitude', 'Vehicle.VehicleIdentification.LicensePlate'],
  ...['Vehicle.Acceleration.Lateral', 'Vehicle.AngularVelocity.Yaw', 'Vehicle.Vendor.YawRate', 'Vehicle.Vendor.Imu.Ax'],
  ...[
    'Vehicle.Vendor.AngularVelocityZ',
    'Vehicle.Vendor.GNSS.Quality',
    'Vehicle.Statistics.LongitudinalAcceleration.Value',
  ],
  ...['Vehicle.Occupant.Row1.DriverSide.Identifier.Subject', 'Vehicle.Statistics.Altitude.MedianClass'],
])('keeps %s', (path) => {
  expect(neverLeaves(path)).toBe(true);
});

test.each([
  ...[
    'Vehicle.Speed',
    'Vehicle.Chassis.SteeringWheel.Angle',
    'Vehicle.Chassis.Accelerator.PedalPosition',
    'Vehicle.Body.Mirrors.DriverSide.Yaw',
    'Vehicle.Statistics.LongitudinalAcceleration.MedianClass',
  ],
  ...[
    'Vehicle.Body.Lights.IsHighBeamOn',
    'Vehicle.Cabin.Convertible.Status',
    'Vehicle.Powertrain.Type',
    'Vehicle.Vendor.Platform',
  ],
])('lets a policy allow %s', (path) => {
  expect(neverLeaves(path)).toBe(false);
});

test('an allow-list is cut down to what may leave, and left as it was', () => {
  const policy = policyOf({ allowedPaths: new Set([SPEED, 'Vehicle.CurrentLocation.Latitude', '__proto__', '']) });
  expect([...sendablePaths(policy)]).toEqual([SPEED]);
  expect(sendablePaths(policy)).toBe(sendablePaths(policyOf({ allowedPaths: policy.allowedPaths })));
  expect(policy.allowedPaths.size).toBe(4);
});

const LEAVES = new URL('../../../../../shared/data/vss/vss_6.0_leaves.csv', import.meta.url);

describe.skipIf(!existsSync(LEAVES))('leaves of VSS 6.0 (needs ../shared/data/vss)', () => {
  const leaves = existsSync(LEAVES)
    ? readFileSync(LEAVES, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0] ?? '')
        .filter((path) => path !== '')
    : [];

  test('what never leaves is every leaf of position, heading, altitude, inertia and identity, and of persons in the cabin', () => {
    const found = new Map<string, number>();
    for (const path of leaves.filter(neverLeaves)) {
      const kind = path.replace(/^Vehicle\.(Occupant)\.Row\d\.\w+\./, '$1.').replace(/\.[^.]*$/, '');
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(found)).toEqual({
      'Vehicle.Acceleration': 3,
      'Vehicle.AngularVelocity': 3,
      'Vehicle.Cabin.Infotainment.Navigation.DestinationSet': 2,
      'Vehicle.CurrentLocation': 7,
      'Vehicle.CurrentLocation.GNSSReceiver': 1,
      'Vehicle.CurrentLocation.GNSSReceiver.MountingPosition': 3,
      'Occupant.Identifier': 12,
      'Occupant.HeadPosition': 36,
      'Vehicle.Driver': 6,
      'Occupant.MidEyeGaze': 12,
      'Vehicle.ADAS.DMS': 1,
      'Vehicle.Powertrain.TractionBattery.Charging': 1,
      'Vehicle.Powertrain.TractionBattery.Charging.Location': 3,
      'Vehicle.VehicleIdentification': 2,
    });
    const told =
      /(?:Latitude|Longitude|Altitude|Heading|VIN|LicensePlate)$|^Vehicle\.(?:CurrentLocation|Acceleration|AngularVelocity)\./;
    expect(leaves.filter((path) => told.test(path) && !neverLeaves(path))).toEqual([]);
  });

  test('what integrates beside the speed is every steering angle and the speed of every single wheel', () => {
    const told = /Steer.*Angle|RackPosition|Wheel\.(?:Left|Right)\.(?:Angular)?Speed$/;
    expect(leaves.filter((path) => told.test(path) && !isIntegrable(path))).toEqual([]);
    expect(leaves.filter((path) => isIntegrable(path) && neverLeaves(path))).toEqual([]);
    expect(isIntegrable('Vehicle.Speed')).toBe(false);
  });
});

test('a path that integrates may leave under a rule of a minute or more, and is asked anew when the rules change', () => {
  const path = 'Vehicle.Chassis.SteeringWheel.Angle';
  const allowedPaths = new Set([path]);
  const sendableAt = (periodMs: number) =>
    sendablePaths(policyOf({ allowedPaths, signalRules: new Map([[path, { path, periodMs, quantumMillionths: 0 }]]) }))
      .size;
  expect([sendablePaths(policyOf({ allowedPaths })).size, sendableAt(INTEGRABLE_PERIOD_MS), sendableAt(1_000)]).toEqual(
    [0, 1, 0],
  );
});

test('a path that names somebody is no path', () => {
  const paths = [`Vehicle.V${VIN_A}.Speed`, 'Vehicle.Device490154203237518.Speed'];
  expect(sendablePaths(policyOf({ allowedPaths: new Set(paths) })).size).toBe(0);
});
