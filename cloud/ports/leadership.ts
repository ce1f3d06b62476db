import type { Fault } from '../../proto/words/fault.ts';

/**
 * Says which of several processes on one installation does what must be done once: taking in, deleting, releasing, settling, alerting what is due,
 * having heads cosigned.
 *
 * An adapter's lock MUST end with its process at the latest, however that ends, and MUST NOT be held by two at a time. A lock over a network may end
 * before its holder has noticed: what the holder writes meanwhile has to be refused by what is written to.
 */
export interface Leadership {
  /**
   * Tries once and does not wait.
   *
   * @returns undefined while another process leads
   * @throws the store's error when that cannot be found out: then this process does not lead
   */
  readonly take: () => Promise<Lead | undefined>;
  /** How often in a row who stands by may fail to find that out before it ends. */
  readonly failuresMax: number;
}

/** Held from `take` until `release`, or until it is lost. */
export interface Lead {
  /** Looked at before what only a leader does; false as soon as anything of this process knows that the lock is lost. */
  readonly isHeld: () => boolean;
  /** Resolves when the lock is surely or possibly not ours any more, and at no other time. Whoever led stops then, and does nothing before. */
  readonly lost: Promise<Fault>;
  /** After the last thing that only a leader does; the next one begins at once. */
  readonly release: () => Promise<void>;
}
