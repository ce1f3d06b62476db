import type { RawSignals } from '../../proto/words/raw-frame.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { Battery } from '../battery.ts';
import { later } from '../paced-frame.ts';
import type { Prng } from '../prng.ts';
import { airTemperatureC, SIGNALS_INTERVAL_MS } from '../signals.ts';
import type { Ride } from './trip.ts';

/** A place to charge at. */
export interface Station {
  readonly current: 'AC' | 'DC';
  /** Identifier of the equipment, in the form of ISO 15118-2: country, operator, `E`, outlet. Says where the vehicle stands. */
  readonly evseId: string;
  readonly powerW: number;
}

/** A station of an operator that does not exist. */
export function stationOf(current: Station['current'], prng: Prng): Station {
  const outlet = String(prng.whole(0, 999_999)).padStart(6, '0');
  return {
    current,
    evseId: `CN*TGX*E${current}${outlet}`,
    powerW: current === 'AC' ? 7_000 : prng.pick([60_000, 120_000]),
  };
}

export const CHARGING = {
  evse: 'Vehicle.Powertrain.TractionBattery.Charging.EvseId',
  power: 'Vehicle.Powertrain.TractionBattery.Charging.AveragePower',
  cable: 'Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableConnected',
} as const;

/** Frames of a session from plugging in to full, or to `until`; returns when it ended. */
export function* chargingFrames(
  ride: Pick<Ride, 'battery' | 'report' | 'odometerM'>,
  station: Station,
  { from, until = later(from, SESSION_MS_MAX) }: { readonly from: Instant; readonly until?: Instant },
): Generator<RawSignals, Instant> {
  let at = from;
  for (let isCharging = true; isCharging && at < until; ) {
    at = later(at, SIGNALS_INTERVAL_MS);
    const airC = airTemperatureC(at);
    isCharging = fill(ride.battery, station.powerW, airC);
    const battery = ride.battery.read();
    const { signals } = ride.report({ at, battery, speedMps: 0, odometerM: ride.odometerM(0), airC });
    const session = {
      [CHARGING.evse]: station.evseId,
      [CHARGING.power]: station.powerW / 1_000,
      [CHARGING.cable]: true,
    };
    yield { kind: 'signals', at, signals: { ...signals, ...session } };
  }
  return at;
}

function fill(battery: Battery, powerW: number, airC: number): boolean {
  battery.charge({ seconds: SIGNALS_INTERVAL_MS / 1_000, airC, powerW });
  return battery.read().isCharging;
}

/** From empty to full at a wall box, and some. */
const SESSION_MS_MAX = 14 * HOUR_MS;
