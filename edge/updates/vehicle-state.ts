import type { RawFrame, SignalValue } from '../../proto/words/raw-frame.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import type { VehicleState } from './may-install.ts';

export interface LearntState extends VehicleState {
  /** Learns from raw signals, whether or not they may leave. */
  readonly take: (frame: RawFrame) => void;
}

/** What was said longer ago is not known any more: somebody may have got in since. */
const KNOWN_FOR_MS = 900_000;

const MOVING = 'Vehicle.IsMoving';
const SPEED = 'Vehicle.Speed';
const LOW_VOLTAGE = 'Vehicle.LowVoltageSystemState';
const CHARGE = 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current';

/** Literals of VSS 6.0 under which nothing of the drive is powered. */
const POWERED_DOWN: ReadonlySet<SignalValue> = new Set(['OFF', 'LOCK']);

export function learnState({ now }: Clock): LearntState {
  const known = new Map<string, { readonly value: SignalValue; readonly at: Instant }>();
  const value = (path: string): SignalValue | undefined => {
    const last = known.get(path);
    return last !== undefined && Math.abs(now() - last.at) < KNOWN_FOR_MS ? last.value : undefined;
  };
  return {
    take: (frame) => {
      if (frame.kind !== 'signals') return;
      for (const path of [MOVING, SPEED, LOW_VOLTAGE, CHARGE]) {
        const said = frame.signals[path];
        if (said !== undefined) known.set(path, { value: said, at: now() });
      }
    },
    isParked: () => {
      const [moving, speed] = [value(MOVING), value(SPEED)];
      // Two that disagree: it moves.
      if (moving === true || (typeof speed === 'number' && speed !== 0)) return false;
      return moving === false || speed === 0 ? true : undefined;
    },
    isIgnitionOff: () => {
      const said = value(LOW_VOLTAGE);
      return said === undefined ? undefined : POWERED_DOWN.has(said);
    },
    chargePercent: () => {
      const said = value(CHARGE);
      return typeof said === 'number' ? said : undefined;
    },
  };
}
