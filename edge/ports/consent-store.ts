import type { ConsentEntry } from '../policy/consent-register.ts';

/** Keeps what was said about consents, for good. */
export interface ConsentStore {
  entries(): readonly ConsentEntry[];
  /** Within whatever transaction is open; durable when that is, or once it returns. @throws when it cannot */
  keep(entry: ConsentEntry): void;
}
