import { describe, expect, test } from 'vitest';
import {
  bindCatalogue,
  catalogueRow,
  isKindId,
  KIND_IDS,
  KIND_ROWS,
  kindRow,
  SHIPPED_CATALOGUE,
  SIGNAL_ROWS,
  UNKNOWN_ROW,
} from '../../../../cloud/catalogue/catalogue.ts';

const ALL = [...SIGNAL_ROWS, ...KIND_ROWS];

describe('every row', () => {
  test('is found by its path, and by nothing near it', () => {
    for (const row of SIGNAL_ROWS) expect(catalogueRow(row.path)).toBe(row);
    for (const id of KIND_IDS) expect(kindRow(id).path).toBe(id);
    for (const near of [
      'Vehicle.speed',
      'Vehicle.Speed ',
      ' Vehicle.Speed',
      'Vehicle.Speed.',
      'vehicle.Speed',
      'Vehicle',
    ])
      expect(catalogueRow(near)).toBeUndefined();
    for (const near of ['', 'constructor', '__proto__', 'cell', 'unknown', 'toString'])
      expect(catalogueRow(near)).toBeUndefined();
    expect(['cell', 'gb32960.position.longitude'].map(isKindId)).toEqual([true, true]);
    expect(['Vehicle.Speed', 'constructor', '__proto__', ''].some(isKindId)).toBe(false);
  });

  test('has its classes in the zone that they ask for', () => {
    // A picture and a flow are geographic too, and stricter: they lie with what is important, as text and persons do.
    const misplaced = ALL.filter(
      ({ classes, zone }) =>
        classes.includes('geographic') !== (zone === 'geographic') &&
        !(zone === 'important' && classes.includes('important')),
    );
    expect(misplaced.map(({ path }) => path)).toEqual([]);
    expect(ALL.filter(({ classes, zone }) => zone === 'general' && classes.some((one) => one !== 'general'))).toEqual(
      [],
    );
  });

  test('that is sensitive, geographic, important or core is never exportable', () => {
    const home = ['sensitive', 'geographic', 'important', 'core'] as const;
    const out = [...ALL, UNKNOWN_ROW].filter((row) => row.exportable && home.some((one) => row.classes.includes(one)));
    expect(out).toEqual([]);
  });

  test('that may not leave a vehicle may not leave the country as a signal', () => {
    expect(SIGNAL_ROWS.filter(({ edge, exportable }) => edge === 'forbidden' && exportable)).toEqual([]);
  });

  test('of a signal is personal at least, since a subject tag goes with it', () => {
    expect(SIGNAL_ROWS.filter(({ classes }) => !classes.includes('personal'))).toEqual([]);
  });
});

describe('kinds', () => {
  test('that a frame of the wire can be are not exportable', () => {
    for (const kind of ['cell', 'trip', 'image', 'points', 'objects'] as const)
      expect(kindRow(kind).exportable).toBe(false);
  });

  test('that are exportable, fields of terminals apart, are these', () => {
    const exportable = KIND_ROWS.filter((row) => row.exportable && !row.path.includes('.'));
    expect(exportable.map(({ path }) => path)).toEqual([
      'recipient-tag',
      'aggregate',
      'vehicle-day-statistics',
      'dtc',
      'charging-state',
      'ota-source',
      'vulnerability-report',
      'incident-evidence',
      'document',
    ]);
  });

  test('of terminals that carry a position, an identity or the unknown are not', () => {
    const told =
      /position|latitude|longitude|elevation|direction|vin|iccid|codes|phone|terminal-id|plate|custom|transparent|mileage/;
    expect(KIND_ROWS.filter(({ path, exportable }) => path.includes('.') && told.test(path) && exportable)).toEqual([]);
  });
});

/** What rows said before every leaf had one; none of it may become milder. */
const BEFORE = [
  ['Vehicle.TraveledDistance', ['personal', 'sensitive'], 'allowed'],
  ['Vehicle.CurrentLocation.Latitude', ['personal', 'sensitive', 'geographic'], 'forbidden'],
  ['Vehicle.CurrentLocation.Altitude', ['personal', 'sensitive', 'geographic'], 'forbidden'],
  ['Vehicle.CurrentLocation.Heading', ['personal', 'sensitive', 'geographic'], 'forbidden'],
  ['Vehicle.Acceleration.Vertical', ['personal', 'sensitive', 'geographic'], 'forbidden'],
  ['Vehicle.AngularVelocity.Yaw', ['personal', 'sensitive', 'geographic'], 'forbidden'],
  ['Vehicle.VehicleIdentification.VIN', ['personal', 'sensitive'], 'forbidden'],
  ['Vehicle.Driver.HeartRate', ['personal', 'sensitive'], 'forbidden'],
  ['Vehicle.Driver.IsHandsOnWheel', ['personal', 'sensitive'], 'forbidden'],
] as const;

test.each(BEFORE)('%s is %j, %s at the edge, and in no dataset', (path, classes, edge) => {
  expect(catalogueRow(path)).toMatchObject({ classes, edge, exportable: false });
});

// biome-ignore format: one signal a line
test.each([
  ['Vehicle.Speed', 'speed', true],
  ['Vehicle.Service.DistanceToService', 'service-odometer', false],
  ['Vehicle.Powertrain.Transmission.TravelledDistance', 'transmission-odometer', false],
  ['Vehicle.Powertrain.TractionBattery.Charging.EvseId', 'charging-site-id', false],
  ['Vehicle.Powertrain.CombustionEngine.MAP', 'manifold-pressure', false],
  ['Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus', 'seat-occupancy', false],
  ['Vehicle.Cabin.Seat.Row1.DriverSide.Position', 'seat-measures', false],
  ['Vehicle.Cabin.Seat.Row2.Middle.Backrest.IsLumbarUpSwitchEngaged', 'seat', false],
  ['Vehicle.Cabin.HVAC.AmbientAirTemperature', 'cabin', true],
  ['Vehicle.Cabin.Door.Row2.PassengerSide.IsChildLockActive', 'door-child-lock', false],
  ['Vehicle.Body.Lights.DirectionIndicator.Left.IsSignaling', 'turn-signals', false],
  ['Vehicle.Body.Lights.DirectionIndicator.Left.IsDefect', 'body', true],
  ['Vehicle.Chassis.Axle.Row1.Wheel.Left.Speed', 'wheel-speeds', false],
  ['Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure', 'chassis', true],
  ['Vehicle.Chassis.SteeringWheel.Angle', 'steering-angle', false],
  ['Vehicle.MotionManagement.Suspension.Axle.Row1.RollTorque', 'suspension', false],
  ['Vehicle.ADAS.ObstacleDetection.Front.Center.Distance', 'obstacles', false],
  ['Vehicle.ADAS.ObstacleDetection.Front.Center.IsError', 'obstacle-sensors', true],
  ['Vehicle.Occupant.Row1.DriverSide.Identifier.Subject', 'occupant-identity', false],
  ['Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Latitude', 'destination', false],
  ['Vehicle.Statistics.LateralAcceleration.HighClass', 'motion-statistics', true],
  ['Vehicle.Statistics.Climb.RangeClass', 'climb-statistics', false],
  ['Vehicle.Diagnostics.DTCList', 'diagnostics', false],
  ['Vehicle.Powertrain.Type', 'powertrain', false],
])('%s is decided by %s, exportable: %s', (path, rule, exportable) => {
  expect(catalogueRow(path)).toMatchObject({ rule, exportable });
});

test('a path without a row is unknown: at home, sensitive and important, with every item to be tested', () => {
  expect(catalogueRow('Vehicle.Vendor.Speed')).toBeUndefined();
  expect(UNKNOWN_ROW).toMatchObject({
    exportable: false,
    zone: 'important',
    classes: ['personal', 'sensitive', 'important'],
  });
  expect(UNKNOWN_ROW.items).toHaveLength(51);
});

test('a later row of the same path takes the place of an earlier one, and nothing else changes', () => {
  const row = { ...UNKNOWN_ROW, path: 'Vehicle.Speed' };
  const bound = bindCatalogue([...SHIPPED_CATALOGUE.rows, row]);
  expect(bound.signal('Vehicle.Speed')).toBe(row);
  expect(bound.rows).toHaveLength(SHIPPED_CATALOGUE.rows.length);
  expect(bound.signal('Vehicle.IsMoving')).toBe(catalogueRow('Vehicle.IsMoving'));
});
