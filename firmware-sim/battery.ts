import type { Prng } from './prng.ts';

/** What a battery management system would report. */
export interface BatteryReading {
  readonly socPercent: number;
  readonly voltageV: number;
  /** Positive into the battery, as VSS has it: charging is positive, driving negative. */
  readonly currentA: number;
  readonly temperatureC: number;
  readonly sohPercent: number;
  readonly isCharging: boolean;
}

/** A pack of 96 cells in series that warms, tires and fills: plausible, not a model of any product. */
export interface Battery {
  readonly drive: (step: {
    readonly seconds: number;
    readonly speedMps: number;
    readonly accelerationMps2: number;
    readonly airC: number;
  }) => void;
  /** @param step - `powerW` of the charger; a wall box without it */
  readonly charge: (step: { readonly seconds: number; readonly airC: number; readonly powerW?: number }) => void;
  readonly rest: (step: { readonly seconds: number; readonly airC: number }) => void;
  readonly read: () => BatteryReading;
}

export function createBattery(prng: Prng, airC: number): Battery {
  const capacityJ = prng.between(50, 82) * 3.6e6;
  const sohPercent = prng.between(88, 100);
  const usableJ = capacityJ * (sohPercent / 100);
  let socPercent = prng.between(45, 95);
  let temperatureC = airC;
  let currentA = 0;
  let isCharging = false;

  const openV = () => CELLS * (3.35 + 0.0075 * socPercent);
  const voltageV = () => openV() + currentA * RESISTANCE_OHM;
  /** Lets `powerW` into the battery (out of it, when negative) for a while. */
  const flow = (seconds: number, powerW: number, airTemperatureC: number) => {
    currentA = powerW / openV();
    socPercent = Math.min(100, socPercent + ((powerW * seconds) / usableJ) * 100);
    const settledC = airTemperatureC + currentA ** 2 * WARMTH_C_PER_A2;
    temperatureC = settledC + (temperatureC - settledC) * Math.exp(-seconds / COOLING_S);
    // Long real trips empty any pack; the driver is taken to have found a fast charger, or had the pack exchanged.
    if (socPercent < SOC_FLOOR) socPercent = SOC_AFTER_FAST_CHARGE;
  };

  return {
    drive: ({ seconds, speedMps, accelerationMps2, airC: air }) => {
      isCharging = false;
      flow(seconds, -drawnW(speedMps, accelerationMps2), air);
    },
    charge: ({ seconds, airC: air, powerW = CHARGER_W }) => {
      isCharging = socPercent < SOC_FULL - SOC_STEP;
      const missingW = (((SOC_FULL - socPercent) / 100) * usableJ) / seconds;
      flow(seconds, isCharging ? Math.min(powerW, missingW) : 0, air);
    },
    rest: ({ seconds, airC: air }) => {
      isCharging = false;
      flow(seconds, 0, air);
    },
    read: () => ({ socPercent, voltageV: voltageV(), currentA, temperatureC, sohPercent, isCharging }),
  };
}

/** Power a car of 1.9 t takes from its battery, watts; negative when it gives some back. */
function drawnW(speedMps: number, accelerationMps2: number): number {
  const forceN = MASS_KG * (accelerationMps2 + 9.81 * ROLLING) + 0.5 * 1.2 * DRAG_AREA_M2 * speedMps ** 2;
  const wheelW = forceN * speedMps;
  const motorW = wheelW > 0 ? wheelW / DRIVELINE : wheelW * RECOVERED;
  return Math.max(-MOTOR_W_MAX, Math.min(MOTOR_W_MAX, motorW)) + AUXILIARY_W;
}

/** The charger stops here, and a household plugs in below `SOC_LOW`. */
export const SOC_FULL = 90;
export const SOC_LOW = 50;

/** Closer to full than this is full, percent. */
const SOC_STEP = 0.005;
const SOC_FLOOR = 5;
const SOC_AFTER_FAST_CHARGE = 80;
const CELLS = 96;
const RESISTANCE_OHM = 0.08;
const CHARGER_W = 7_000;
const AUXILIARY_W = 600;
const MOTOR_W_MAX = 150_000;
const MASS_KG = 1_900;
const ROLLING = 0.009;
const DRAG_AREA_M2 = 0.65;
const DRIVELINE = 0.88;
const RECOVERED = 0.6;
const WARMTH_C_PER_A2 = 0.0012;
const COOLING_S = 2_400;
