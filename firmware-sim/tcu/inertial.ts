import type { RawSignals } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Motion } from '../drive.ts';
import { rounded } from '../gnss.ts';
import type { Prng } from '../prng.ts';

/** What an inertial sensor of the vehicle is read as: m/s2, and degrees a second. */
export const INERTIAL = {
  longitudinal: 'Vehicle.Acceleration.Longitudinal',
  lateral: 'Vehicle.Acceleration.Lateral',
  yaw: 'Vehicle.AngularVelocity.Yaw',
} as const;

/** A sensor that is read as the drive goes on; it knows the heading of its reading before. */
export interface InertialSensor {
  /** @param seconds - since the reading before */
  readonly read: (at: Instant, motion: Motion, seconds: number) => RawSignals;
}

/** Longitudinal as the drive accelerates; yaw and lateral by what the heading turned; and the noise of a cheap sensor. */
export function startInertialSensor(prng: Prng): InertialSensor {
  let headingDeg: number | undefined;
  return {
    read: (at, motion, seconds) => {
      const turnedDeg = headingDeg === undefined ? 0 : ((motion.headingDeg - headingDeg + 540) % 360) - 180;
      headingDeg = motion.headingDeg;
      const yawDegS = turnedDeg / seconds;
      const lateralMps2 = motion.speedMps * ((yawDegS * Math.PI) / 180);
      return {
        kind: 'signals',
        at,
        signals: {
          [INERTIAL.longitudinal]: rounded(motion.accelerationMps2 + prng.normal() * NOISE_MPS2, 2),
          [INERTIAL.lateral]: rounded(lateralMps2 + prng.normal() * NOISE_MPS2, 2),
          [INERTIAL.yaw]: rounded(yawDegS + prng.normal() * NOISE_DEG_S, 2),
        },
      };
    },
  };
}

const NOISE_MPS2 = 0.05;
const NOISE_DEG_S = 0.1;
