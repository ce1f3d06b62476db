import type { Vin } from '../../proto/words/vin.ts';
import type { Sender } from './device-register.ts';

/** Standards whose terminals may be registered. */
export type TerminalProtocol = 'gb32960' | 'jt808';

/** A terminal that has no certificate: it is known by the name it gives, where it comes from, and a code. */
export interface RegisteredTerminal extends Sender {
  /** Networks it may come from, as CIDR. */
  readonly sources: readonly string[];
  /** Keyed digest of its code: the ICCID of GB/T 32960, the terminal id of JT/T 808. */
  readonly code: Uint8Array;
}

/** A terminal as an operator registers it. */
export interface NewTerminal {
  readonly protocol: TerminalProtocol;
  readonly name: string;
  /** A name that tells nothing of the vehicle; drawn by chance. */
  readonly device: string;
  readonly vin: Vin;
  /** Networks it may come from, as CIDR. */
  readonly sources: readonly string[];
  /** Keyed digest of its code. */
  readonly code: Uint8Array;
  /** Of a terminal of JT/T 808: keyed digest of its plate, and whether the code it was given is void. */
  readonly enrol?: { readonly plate: Uint8Array | undefined; readonly again: boolean };
}

/** What a terminal of JT/T 808 has beside its row: both as keyed digests. */
export interface Enrolment {
  /** Undefined where the operator registered none. */
  readonly plate: Uint8Array | undefined;
  /** The authentication code that it was given; undefined before it registers, and after it has deregistered. */
  readonly code: Uint8Array | undefined;
  /** Whether it has shown that code: only then is it known to have arrived. */
  readonly isCodeUsed: boolean;
}

/** Authentication codes of JT/T 808. What a method returns from is durable. */
export interface EnrolmentRegister {
  enrolment(terminal: number): Enrolment | undefined;
  /** Takes the place of a code that was given before. */
  issueCode(terminal: number, code: Uint8Array): void;
  /** It was shown for the first time. */
  confirmCode(terminal: number): void;
  withdrawCode(terminal: number): void;
}

export interface TerminalRegister {
  /**
   * @param name - the VIN of a terminal of GB/T 32960, the telephone number of one of JT/T 808 without zeros before it
   * @returns undefined for one that is unknown or revoked
   */
  findTerminal(protocol: TerminalProtocol, name: string): RegisteredTerminal | undefined;
}
