import { timingSafeEqual } from 'node:crypto';
import type { RegisteredDevice, Sender } from '../../ports/device-register.ts';
import type { TerminalProtocol, TerminalRegister } from '../../ports/terminal-register.ts';

/** Where a connection comes from. */
export interface Origin {
  /** The registered device of its certificate, when there is TLS. */
  readonly device: RegisteredDevice | undefined;
  /** @param networks - CIDR */
  readonly isWithin: (networks: readonly string[]) => boolean;
}

/** What somebody says who they are. */
export interface LoginClaim {
  readonly protocol: TerminalProtocol;
  readonly name: string;
  /** Keyed digest of the code they gave. */
  readonly code: Uint8Array;
}

/**
 * Whom a login is bound to. With a certificate the certificate alone says it, and the name has to be its own; without one
 * a terminal has to be registered under that name, for that source and with that code. A name in a frame is never enough.
 *
 * @returns undefined when nothing vouches for the claim
 */
export function bindLogin(claim: LoginClaim, origin: Origin, register: TerminalRegister): Sender | undefined {
  if (origin.device !== undefined)
    return claim.protocol === 'gb32960' && origin.device.vin.reveal() === claim.name ? origin.device : undefined;
  const terminal = register.findTerminal(claim.protocol, claim.name);
  if (terminal === undefined || !origin.isWithin(terminal.sources)) return undefined;
  const isCode = terminal.code.length === claim.code.length && timingSafeEqual(terminal.code, claim.code);
  return isCode ? terminal : undefined;
}
