import { timingSafeEqual } from 'node:crypto';
import type { RegisteredDevice, Sender } from '../../ports/device-register.ts';
import type { RegisteredTerminal, TerminalProtocol, TerminalRegister } from '../../ports/terminal-register.ts';

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
  return isSameCode(terminal.code, claim.code) ? terminal : undefined;
}

/** What is hashed of a plate, and of a code that a terminal was given, so that none passes for the other. */
export const plateCode = (plate: string): string => `plate\0${plate}`;
export const issuedCode = (code: string): string => `issued\0${code}`;

/** What is hashed for a vehicle that comes over a platform, in place of a code of its own; longer than any of those. */
export const platformCode = (id: string): string => `platform\0${id}`;

/** Compares digests without telling by the time it takes how much of them is the same. */
export const isSameCode = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/**
 * The terminal of JT/T 808 that a connection may speak for once it has shown a code: registered under that telephone number,
 * for that source and, over TLS, for the vehicle of the certificate.
 *
 * @param name - the number without zeros before it
 */
export function claimedTerminal(
  name: string,
  { device, isWithin }: Origin,
  register: TerminalRegister,
): RegisteredTerminal | undefined {
  const terminal = register.findTerminal('jt808', name);
  if (terminal === undefined || !isWithin(terminal.sources)) return undefined;
  return device === undefined || device.vin.reveal() === terminal.vin.reveal() ? terminal : undefined;
}
