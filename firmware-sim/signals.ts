import type { RawSignals, SignalValue } from '../proto/words/raw-frame.ts';
import { DAY_MS, type Instant } from '../proto/words/time.ts';
import type { Vin } from '../proto/words/vin.ts';
import type { BatteryReading } from './battery.ts';
import { rounded } from './gnss.ts';

/** Every VSS 6.0 path the simulator writes. */
export const PATHS = {
  vin: 'Vehicle.VehicleIdentification.VIN',
  speed: 'Vehicle.Speed',
  distance: 'Vehicle.TraveledDistance',
  airTemperature: 'Vehicle.Exterior.AirTemperature',
  latitude: 'Vehicle.CurrentLocation.Latitude',
  longitude: 'Vehicle.CurrentLocation.Longitude',
  heading: 'Vehicle.CurrentLocation.Heading',
  soc: 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current',
  soh: 'Vehicle.Powertrain.TractionBattery.StateOfHealth',
  voltage: 'Vehicle.Powertrain.TractionBattery.CurrentVoltage',
  current: 'Vehicle.Powertrain.TractionBattery.CurrentCurrent',
  batteryTemperature: 'Vehicle.Powertrain.TractionBattery.Temperature.Average',
  isCharging: 'Vehicle.Powertrain.TractionBattery.Charging.IsCharging',
} as const;

export interface Reading {
  readonly at: Instant;
  readonly battery: BatteryReading;
  readonly speedMps: number;
  readonly odometerM: number;
  readonly airC: number;
  /** What the receiver last gave, decimal degrees; absent while parked or without a fix. */
  readonly place?: { readonly latitude: number; readonly longitude: number; readonly headingDeg?: number | undefined };
}

/** One signals frame in this many carries the VIN, and one in `PLACE_EVERY` the position: the agent has to take both out. */
export const VIN_EVERY = 30;
export const PLACE_EVERY = 6;

/** While driving or charging, as GB/T 32960.3 terminals report. */
export const SIGNALS_INTERVAL_MS = 10_000;

/** Turns readings into frames, in the units of VSS 6.0: km/h, m, percent, V, A, Celsius, degrees. */
export function createSignalsReporter(vin: Vin): (reading: Reading) => RawSignals {
  let count = 0;
  return (reading) => {
    const carriesVin = count % VIN_EVERY === 0;
    const carriesPlace = count % PLACE_EVERY === 0;
    count += 1;
    const signals: Record<string, SignalValue> = {
      ...(carriesVin && { [PATHS.vin]: vin }),
      [PATHS.speed]: rounded(reading.speedMps * 3.6, 1),
      [PATHS.distance]: Math.round(reading.odometerM),
      [PATHS.airTemperature]: rounded(reading.airC, 1),
      ...batterySignals(reading.battery),
      ...(carriesPlace && reading.place && placeSignals(reading.place)),
    };
    return { kind: 'signals', at: reading.at, signals };
  };
}

/**
 * Air temperature of a temperate inland place, Celsius: coldest in mid-January, warmest in mid-July and at 15:00
 * Shanghai time.
 */
export function airTemperatureC(at: Instant): number {
  const dayOfYear = (at / DAY_MS) % 365.25;
  const hour = (at / 3_600_000 + 8) % 24;
  return 13 - 14 * Math.cos(((dayOfYear - 15) / 365.25) * 2 * Math.PI) + 4 * Math.cos(((hour - 15) / 24) * 2 * Math.PI);
}

function batterySignals(battery: BatteryReading): Record<string, SignalValue> {
  return {
    [PATHS.soc]: rounded(battery.socPercent, 2),
    [PATHS.soh]: rounded(battery.sohPercent, 1),
    [PATHS.voltage]: rounded(battery.voltageV, 1),
    [PATHS.current]: rounded(battery.currentA, 1),
    [PATHS.batteryTemperature]: rounded(battery.temperatureC, 1),
    [PATHS.isCharging]: battery.isCharging,
  };
}

function placeSignals(place: NonNullable<Reading['place']>): Record<string, SignalValue> {
  return {
    [PATHS.latitude]: place.latitude,
    [PATHS.longitude]: place.longitude,
    ...(place.headingDeg !== undefined && { [PATHS.heading]: place.headingDeg }),
  };
}
