import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  airTemperatureC,
  createSignalsReporter,
  PATHS,
  PLACE_EVERY,
  VIN_EVERY,
} from '../../../firmware-sim/signals.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import { parseVssPath } from '../../../proto/words/vss-path.ts';
import { instant, WALL_START } from './run-virtually.ts';

/** Leaves of VSS 6.0 with their units, copied by hand from the release. */
const VSS_6_0 = new Map([
  ['Vehicle.VehicleIdentification.VIN', ''],
  ['Vehicle.Speed', 'km/h'],
  ['Vehicle.TraveledDistance', 'm'],
  ['Vehicle.Exterior.AirTemperature', 'Celsius'],
  ['Vehicle.CurrentLocation.Latitude', 'degrees'],
  ['Vehicle.CurrentLocation.Longitude', 'degrees'],
  ['Vehicle.CurrentLocation.Heading', 'degrees'],
  ['Vehicle.Powertrain.TractionBattery.StateOfCharge.Current', 'percent'],
  ['Vehicle.Powertrain.TractionBattery.StateOfHealth', 'percent'],
  ['Vehicle.Powertrain.TractionBattery.CurrentVoltage', 'V'],
  ['Vehicle.Powertrain.TractionBattery.CurrentCurrent', 'A'],
  ['Vehicle.Powertrain.TractionBattery.Temperature.Average', 'Celsius'],
  ['Vehicle.Powertrain.TractionBattery.Charging.IsCharging', ''],
]);

const READING = {
  at: WALL_START,
  battery: {
    socPercent: 71.234,
    voltageV: 361.26,
    currentA: -12.34,
    temperatureC: 21.55,
    sohPercent: 97.12,
    isCharging: false,
  },
  speedMps: 10,
  odometerM: 123_456.7,
  airC: 3.33,
  place: { latitude: 31.1234567, longitude: 110.1234567, headingDeg: 12.5 },
};

test('every path written is a leaf of VSS 6.0', () => {
  expect(new Set<string>(Object.values(PATHS))).toEqual(new Set(VSS_6_0.keys()));
  for (const path of VSS_6_0.keys()) expect(parseVssPath(path).ok).toBe(true);
});

const LEAVES = new URL('../../../../shared/data/vss/vss_6.0_leaves.csv', import.meta.url);

test.skipIf(!existsSync(LEAVES))('the list above is that of the release (needs ../shared/data/vss)', () => {
  const rows = readFileSync(LEAVES, 'utf8')
    .split('\n')
    .map((line) => line.split(','));
  for (const [path, unit] of VSS_6_0) {
    expect(rows.find(([name]) => name === path)?.[3], path).toBe(unit);
  }
});

test('readings come out in the units of VSS, rounded', () => {
  const { signals } = createSignalsReporter(vinOfVehicle('s', 1))(READING);
  expect(signals).toEqual({
    'Vehicle.VehicleIdentification.VIN': vinOfVehicle('s', 1),
    'Vehicle.Speed': 36,
    'Vehicle.TraveledDistance': 123_457,
    'Vehicle.Exterior.AirTemperature': 3.3,
    'Vehicle.CurrentLocation.Latitude': 31.1234567,
    'Vehicle.CurrentLocation.Longitude': 110.1234567,
    'Vehicle.CurrentLocation.Heading': 12.5,
    'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': 71.23,
    'Vehicle.Powertrain.TractionBattery.StateOfHealth': 97.1,
    'Vehicle.Powertrain.TractionBattery.CurrentVoltage': 361.3,
    'Vehicle.Powertrain.TractionBattery.CurrentCurrent': -12.3,
    'Vehicle.Powertrain.TractionBattery.Temperature.Average': 21.6,
    'Vehicle.Powertrain.TractionBattery.Charging.IsCharging': false,
  });
});

test('the VIN and the position come again and again, so that the agent has something to take out', () => {
  const report = createSignalsReporter(vinOfVehicle('s', 1));
  const frames = Array.from({ length: VIN_EVERY * 2 }, () => report(READING).signals);
  expect(frames.filter((signals) => PATHS.vin in signals)).toHaveLength(2);
  expect(frames.filter((signals) => PATHS.latitude in signals)).toHaveLength((VIN_EVERY * 2) / PLACE_EVERY);
});

test('it is warmer in July than in January, and in the afternoon than at night', () => {
  expect(airTemperatureC(instant('2025-07-15T15:00:00+08:00'))).toBeGreaterThan(25);
  expect(airTemperatureC(instant('2025-01-15T03:00:00+08:00'))).toBeLessThan(0);
  const noon = airTemperatureC(instant('2025-04-15T15:00:00+08:00'));
  expect(noon).toBeGreaterThan(airTemperatureC(instant('2025-04-15T03:00:00+08:00')));
});
