import type { Fault } from '../../proto/words/fault.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { checkSignature } from './admit.ts';

type Done = (fault?: Fault) => void;

/** What takes a payload in. `isSigned`: what is known of its signature already; whoever is told nothing looks himself. */
export type Receive = (device: RegisteredDevice, payload: Uint8Array, done: Done, isSigned?: boolean) => void;

export interface VerifyAhead {
  readonly receive: (device: RegisteredDevice, payload: Uint8Array, done: Done) => void;
  /** Hands on everything that waits for its signature; what is not known yet is looked at in turn. */
  readonly settle: () => void;
}

/** Payloads that wait for their signatures; past it the first is looked at in turn. */
export const AHEAD_MAX = 2_048;

interface Entry {
  readonly device: RegisteredDevice;
  readonly payload: Uint8Array;
  readonly done: Done;
  isChecked: boolean;
  isSigned: boolean | undefined;
}

/**
 * Has signatures verified by other threads, ahead of everything else, and hands payloads on in the order they came in: a
 * P-256 verification takes as long as the rest of a small payload together (docs/adr/0068).
 */
export function createVerifyAhead(next: Receive, check = checkSignature): VerifyAhead {
  const queue: Entry[] = [];
  const handFirst = (): void => {
    const entry = queue.shift();
    if (entry !== undefined) next(entry.device, entry.payload, entry.done, entry.isSigned);
  };
  const drain = (): void => {
    while (queue[0]?.isChecked === true) handFirst();
  };
  return {
    receive: (device, payload, done) => {
      if (queue.length >= AHEAD_MAX) handFirst();
      const entry: Entry = { device, payload, done, isChecked: false, isSigned: undefined };
      queue.push(entry);
      check(payload, device, (isSigned) => {
        entry.isSigned = isSigned;
        entry.isChecked = true;
        drain();
      });
    },
    settle: () => {
      while (queue.length > 0) handFirst();
    },
  };
}

/**
 * Hands on only what the device's own key signed. Where a broker of somebody else's takes connections, a topic is all that
 * says who sends: what anybody could have sent is no evidence against the device, and acknowledging what it claims would have
 * the vehicle delete what nobody has.
 */
export function provenOnly(next: Receive, refuse: (device: RegisteredDevice) => void): Receive {
  return (device, payload, done, isSigned) => {
    if (isSigned === true) return next(device, payload, done, true);
    refuse(device);
    done();
  };
}
