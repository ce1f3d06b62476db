import type { RawFix, RawSignals } from '../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../proto/words/time.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';

/** What the policy of the benchmarks lets out: seven of the ten signals a frame has. */
export const ALLOWED = [
  'Vehicle.Speed',
  'Vehicle.IsMoving',
  'Vehicle.Exterior.AirTemperature',
  `${battery}.StateOfCharge.Current`,
  `${battery}.CurrentVoltage`,
  `${battery}.CurrentCurrent`,
  `${battery}.Temperature.Average`,
] as const;

/** Signals of one second of a drive; three of them stay on the vehicle. */
export function rawSignals(second: number, startMs: number): RawSignals {
  const phase = second / 60;
  return {
    kind: 'signals',
    at: (startMs + second * 1_000) as Instant,
    signals: {
      'Vehicle.Speed': round(45 + 30 * Math.sin(phase)),
      'Vehicle.IsMoving': second % 90 < 75,
      'Vehicle.Exterior.AirTemperature': round(18 + Math.sin(phase / 9)),
      [`${battery}.StateOfCharge.Current`]: round(80 - second / 360),
      [`${battery}.CurrentVoltage`]: round(365 + 5 * Math.cos(phase)),
      [`${battery}.CurrentCurrent`]: round(40 * Math.sin(phase)),
      [`${battery}.Temperature.Average`]: round(24 + second / 1_800),
      'Vehicle.TraveledDistance': round(18_250 + second * 0.0125),
      'Vehicle.Cabin.HVAC.AmbientAirTemperature': round(21.5 + Math.cos(phase)),
      'Vehicle.Chassis.SteeringWheel.Angle': Math.round(25 * Math.sin(phase * 7)),
    },
  };
}

/** A fix of the same second: a drive to and fro of some 20 km at 45 km/h, with jitter; a stop every 40 minutes. */
export function rawFix(second: number, startMs: number): RawFix {
  const driven = Math.min(second % TRIP_S, TRIP_S - STAND_S);
  const along = Math.abs(((driven / (TRIP_S - STAND_S)) * 2) % 2);
  const jitter = ((second * 7_919) % 100) * 1e-7;
  return {
    kind: 'fix',
    at: (startMs + second * 1_000) as Instant,
    latitude: 31.25 + 0.11 * (along > 1 ? 2 - along : along) + jitter,
    longitude: 119.7 + 0.13 * Math.sin(along) + jitter,
  };
}

const TRIP_S = 2_400;
const STAND_S = 700;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Twenty signals of a bus, each ten times a second when they take turns at 200 a second. */
export const BUS_PATHS: readonly string[] = Array.from({ length: 20 }, (_, index) => `Vehicle.Bus.Signal${index}`);

/** One line of a source that writes each signal by itself: values as a counter of a controller has them, in hundredths. */
export function busFrame(number: number, at: number): RawSignals {
  const path = BUS_PATHS[number % BUS_PATHS.length] ?? '';
  const turn = Math.floor(number / BUS_PATHS.length);
  const value = round(50 + 30 * Math.sin(turn / 60) + ((turn * 7_919 + number * 31) % 100) / 100);
  return { kind: 'signals', at: at as Instant, signals: { [path]: value } };
}
