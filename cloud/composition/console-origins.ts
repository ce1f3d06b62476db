import { type ConsoleConfig, isLoopback } from '../config/console-config.ts';

/** How others reach this machine. */
export interface Machine {
  /** Host name. */
  readonly name: string;
  /** IPv4 and IPv6, without those of loopback. */
  readonly addresses: readonly string[];
}

/** Addresses of which a listener there hears every one; nobody can open them. */
const EVERY_ADDRESS: Readonly<Record<string, 'v4' | 'both'>> = { '0.0.0.0': 'v4', '::': 'both' };

/**
 * Origins at which browsers reach the console, the one that links name first. What a request says of its origin has to be one of them.
 * Where the configuration says `origin` there is no other.
 *
 * @param port - that it listens at
 */
export function originsOf(
  { origin, address, tls }: Pick<ConsoleConfig, 'origin' | 'address' | 'tls'>,
  port: number,
  machine: Machine,
): readonly [string, ...string[]] {
  if (origin !== undefined) return [origin];
  const scheme = tls === undefined && isLoopback(address) ? 'http' : 'https';
  // As a browser says it: without the port that goes without saying.
  const at = (host: string): string => new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
  const heard = EVERY_ADDRESS[address];
  if (heard === undefined) return [at(address)];
  const reached = machine.addresses.filter(
    (one) => !one.startsWith('fe80:') && (heard === 'both' || !one.includes(':')),
  );
  const named = HOST_NAME.test(machine.name) ? [machine.name] : [];
  const [first = at(LOCAL), ...others] = new Set([...named, ...reached, LOCAL, '127.0.0.1'].map(at));
  return [first, ...others];
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const LOCAL = 'localhost';
