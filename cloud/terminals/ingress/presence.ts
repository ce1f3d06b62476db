import type { Instant } from '../../../proto/words/time.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';

/** A connection that speaks for a terminal. */
export interface Present {
  /** When it last sent something. */
  readonly heardAt: () => Instant;
  readonly end: () => void;
  /** The device of its certificate, where that is another than the terminal: barred from connecting, it ends too. */
  readonly certified?: DeviceId;
}

/** A connection that was silent for so long does not keep its terminal from logging in again. */
export const SILENCE_MS = 60_000;

/** Which terminals are logged in: each by one connection. */
export interface Presence {
  /** @returns false while another connection speaks for the terminal; a silent one is ended and gives way */
  readonly enter: (terminal: DeviceId, one: Present, now: Instant) => boolean;
  /** For one that has shown a secret: another connection that speaks for the terminal is ended. */
  readonly supersede: (terminal: DeviceId, one: Present) => void;
  readonly leave: (terminal: DeviceId, one: Present) => void;
  readonly count: () => number;
  /** Ends the connections of terminals that may no longer send. */
  readonly cutOff: (mayStay: (terminal: DeviceId) => boolean) => void;
}

export function createPresence(): Presence {
  const present = new Map<DeviceId, Present>();
  return {
    enter(terminal, one, now) {
      const other = present.get(terminal);
      if (other !== undefined && other !== one) {
        if (Math.abs(now - other.heardAt()) <= SILENCE_MS) return false;
        other.end();
      }
      present.set(terminal, one);
      return true;
    },
    supersede(terminal, one) {
      const other = present.get(terminal);
      present.set(terminal, one);
      if (other !== one) other?.end();
    },
    leave(terminal, one) {
      if (present.get(terminal) === one) present.delete(terminal);
    },
    count: () => present.size,
    cutOff(mayStay) {
      for (const [terminal, one] of present)
        if (!mayStay(terminal) || (one.certified !== undefined && !mayStay(one.certified))) one.end();
    },
  };
}
