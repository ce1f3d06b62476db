import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import { rounded } from '../gnss.ts';
import { later } from '../paced-frame.ts';
import { PATHS } from '../signals.ts';

/** What stays known of a collision: the second it happened in, and where. Degrees, WGS-84. */
export interface Collision {
  readonly at: Instant;
  readonly latitude: number;
  readonly longitude: number;
  readonly speedMps: number;
}

export const COLLISION = {
  braking: 'Vehicle.Chassis.Brake.IsDriverEmergencyBrakingDetected',
  airbag: 'Vehicle.Cabin.Seat.Row1.DriverSide.Airbag.IsDeployed',
  deceleration: 'Vehicle.Acceleration.Longitudinal',
} as const;

/** The seconds of a collision as the bus has them: full braking, the blow, airbags. */
export function* collisionFrames({ at, speedMps }: Collision): Generator<RawFrame> {
  for (let second = 0; second <= BRAKING_S; second += 1) {
    const slowed = Math.max(0, speedMps - second * BRAKE_MPS2);
    const isBlow = second === BRAKING_S;
    const signals = {
      [PATHS.speed]: isBlow ? 0 : rounded(slowed * 3.6, 1),
      [COLLISION.braking]: true,
      [COLLISION.airbag]: isBlow,
      [COLLISION.deceleration]: isBlow ? -rounded(slowed / BLOW_S, 1) : -BRAKE_MPS2,
    };
    yield { kind: 'signals', at: later(at, second * 1_000), signals };
  }
}

/**
 * The minimum set of data of an emergency call as a line of the TCU: time, place, last speed. It goes to the rescue centre by
 * the emergency call itself; what writes it to the agent as well has misunderstood, and its line is no frame.
 */
export function emergencyCallLine({ at, latitude, longitude, speedMps }: Collision): string {
  const set = { latitude, longitude, speedKmh: rounded(speedMps * 3.6, 1), occupants: 2, automatic: true };
  return `${JSON.stringify({ kind: 'emergency-call', at: new Date(at).toISOString(), ...set })}\n`;
}

const BRAKING_S = 2;
const BRAKE_MPS2 = 6;
/** A crash pulse lasts about a tenth of a second. */
const BLOW_S = 0.1;
