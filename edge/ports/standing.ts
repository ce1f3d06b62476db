import type { Consent } from '../policy/consent.ts';
import type { Purpose } from '../policy/purpose.ts';

/** What of a policy's purposes may be served at this moment; a withdrawal is known here before anything else is done. */
export interface Standing {
  /** Whether the purpose has not ended. */
  isServed(purpose: Purpose): boolean;
  /** Consents to the purpose, as its policy has it now, that hold at this moment. */
  consentsTo(purpose: Purpose): readonly Consent[];
}
