import { foundCity, onStreets, toDegrees } from '../city.ts';
import { createPrng } from '../prng.ts';
import { vinOfVehicle } from '../vehicle-vin.ts';

/** One simulated terminal: what it is registered under, and where its vehicle goes round. */
export interface TerminalPlan {
  readonly vin: string;
  /** Of its card, 20 digits; GB/T 32960 logs in with it. */
  readonly iccid: string;
  /** Of its card, 11 digits; the name of a terminal of JT/T 808. */
  readonly phone: string;
  /** 7 characters; JT/T 808 registers with it. */
  readonly terminalId: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** The n-th terminal of a seed, from 1: the same in a fleet of any size, and of the same VIN as the n-th simulated vehicle. */
export function planTerminal(seed: string, ordinal: number): TerminalPlan {
  const prng = createPrng(`${seed}/terminal/${ordinal}`);
  const city = foundCity(seed);
  const place = toDegrees(city, onStreets(city, prng.between(-REACH_M, REACH_M), prng.between(-REACH_M, REACH_M)));
  const tail = String(ordinal).padStart(ORDINAL_DIGITS, '0');
  return {
    vin: vinOfVehicle(seed, ordinal),
    // 898600 is China; the rest is no card of anybody's.
    iccid: `898600${String(prng.whole(0, 99_999_999)).padStart(8, '0')}${tail}`,
    // Shaped like a number of a subscriber, and shown to a gateway of the operator's own only.
    phone: `19900${tail}`,
    terminalId: `T${tail}`,
    ...place,
  };
}

const ORDINAL_DIGITS = 6;
const REACH_M = 8_000;

/** Where a vehicle is after so many reports: round its place, a circle in `LAP_REPORTS`. */
export function positionOf({ latitude, longitude }: TerminalPlan, report: number) {
  const angle = (2 * Math.PI * report) / LAP_REPORTS;
  return {
    latitude: toMillionths(latitude + CIRCLE_DEG * Math.sin(angle)),
    longitude: toMillionths(longitude + CIRCLE_DEG * Math.cos(angle)),
  };
}

const LAP_REPORTS = 360;
const CIRCLE_DEG = 0.005;

/** As fine as either standard writes a position. */
const toMillionths = (degrees: number): number => Math.round(degrees * 1_000_000) / 1_000_000;
