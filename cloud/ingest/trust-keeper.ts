import { createHash } from 'node:crypto';
import type { Clock } from '../../proto/words/time.ts';
import type { TrustRegister, TrustState } from '../ports/device-register.ts';
import type { RejectionCode } from './rejections.ts';
import { fallOf, GRAVITY } from './trust.ts';

/** How far devices are believed, and what lowers it. */
export interface TrustKeeper {
  readonly of: (deviceNumber: number) => TrustState;
  /** A refused payload is durable in quarantine. The same payload, sent again, counts once. */
  readonly note: (deviceNumber: number, code: RejectionCode, payload: Uint8Array) => void;
}

export function createTrustKeeper(register: TrustRegister, clock: Clock): TrustKeeper {
  return {
    of: register.trustOf,
    note: (deviceNumber, code, payload) => {
      const gravity = GRAVITY[code];
      const state = register.trustOf(deviceNumber);
      if (gravity === 'nothing' || state === 'barred') return;
      const at = clock.now();
      const digest = createHash('sha256').update(payload).digest();
      const mismatches = gravity === 'mismatch' ? register.countMismatch(deviceNumber, digest, at) : 0;
      const fall = fallOf(state, gravity, mismatches);
      if (fall !== undefined) register.lower({ deviceNumber, at, to: fall.to, rule: fall.rule, code });
    },
  };
}
