import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../../cloud/catalogue/catalogue.table.ts';
import { neverLeaves, sendablePaths } from '../../../../edge/stages/forbidden-paths.ts';
import { policyOf, SPEED } from '../../../support/edge/policies.ts';

test('agrees with the catalogue on every path: what the cloud forbids never leaves, and nothing else of it is kept', () => {
  for (const { path, edge } of CATALOGUE) expect(neverLeaves(path), path).toBe(edge === 'forbidden');
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
  ...['Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Longitude'],
])('keeps %s', (path) => {
  expect(neverLeaves(path)).toBe(true);
});

test.each([
  ...[
    'Vehicle.Speed',
    'Vehicle.Chassis.SteeringWheel.Angle',
    'Vehicle.Acceleration.Lateral',
    'Vehicle.Acceleration.Longitudinal',
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
