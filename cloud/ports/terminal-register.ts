import type { Sender } from './device-register.ts';

/** Standards whose terminals may be registered. */
export type TerminalProtocol = 'gb32960' | 'jt808';

/** A terminal that has no certificate: it is known by the name it gives, where it comes from, and a code. */
export interface RegisteredTerminal extends Sender {
  /** Networks it may come from, as CIDR. */
  readonly sources: readonly string[];
  /** Keyed digest of its code: the ICCID of GB/T 32960, the authentication code of JT/T 808. */
  readonly code: Uint8Array;
}

export interface TerminalRegister {
  /**
   * @param name - the VIN of a terminal of GB/T 32960, the telephone number of one of JT/T 808
   * @returns undefined for one that is unknown or revoked
   */
  findTerminal(protocol: TerminalProtocol, name: string): RegisteredTerminal | undefined;
}
