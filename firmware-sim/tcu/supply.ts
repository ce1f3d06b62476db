import type { Prng } from '../prng.ts';

/** The 12 V battery of a vehicle that sleeps. */
export interface Supply {
  /** Lets a sleeping TCU draw for a while; gives whether the voltage is still enough for it. */
  readonly sleep: (hours: number) => boolean;
  /** Somebody drives, or has it charged. */
  readonly charge: () => void;
  readonly volts: () => number;
}

/** A lead-acid battery of 60 Ah from which a sleeping vehicle draws tens of milliamperes; under `CUT_OFF_V` a TCU is cut off. */
export function createSupply(prng: Prng): Supply {
  const drawA = prng.between(0.05, 0.09);
  let chargeAh = CAPACITY_AH * prng.between(0.85, 1);
  const volts = () => EMPTY_V + (FULL_V - EMPTY_V) * Math.max(0, chargeAh / CAPACITY_AH);
  return {
    volts,
    sleep: (hours) => {
      chargeAh = Math.max(0, chargeAh - drawA * hours);
      return volts() >= CUT_OFF_V;
    },
    charge: () => {
      chargeAh = CAPACITY_AH;
    },
  };
}

const CAPACITY_AH = 60;
const EMPTY_V = 11.4;
const FULL_V = 12.8;

/** Above the voltage at which flash memory writes wrongly. */
export const CUT_OFF_V = 12;
