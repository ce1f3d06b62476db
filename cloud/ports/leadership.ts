/**
 * Says which of several processes on one installation does what must be done once: taking in, deleting, releasing, settling, alerting what is due,
 * having heads cosigned.
 *
 * An adapter's lock MUST end with its process at the latest, however that ends, and MUST NOT be held by two at a time.
 */
export interface Leadership {
  /**
   * Tries once and does not wait.
   *
   * @returns undefined while another process leads
   * @throws the store's error when that cannot be found out: then this process does not lead
   */
  readonly take: () => Promise<Lead | undefined>;
}

/** Held from `take` until `release`, or until it is lost. */
export interface Lead {
  /** Resolves when the lock is surely or possibly not ours any more, and at no other time. Whoever led stops then, and does nothing before. */
  readonly lost: Promise<void>;
  /** After the last thing that only a leader does; the next one begins at once. */
  readonly release: () => Promise<void>;
}
