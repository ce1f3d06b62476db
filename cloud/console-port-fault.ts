import type { Fault } from '../proto/words/fault.ts';
import { portUnavailable } from '../proto/words/port-fault.ts';
import type { CloudConfig } from './config/config.ts';

/** What kept the console from listening; undefined where it was something else that failed. */
export function consolePortFault(
  cause: unknown,
  { console }: Pick<CloudConfig, 'console'>,
): Fault<'PORT_UNAVAILABLE'> | undefined {
  if (console === undefined || !(cause instanceof Error && 'syscall' in cause && 'port' in cause)) return undefined;
  const { address: host, port } = console;
  const isOfConsole = cause.port === port && (cause.syscall === 'listen' || cause.syscall === 'bind');
  return isOfConsole ? portUnavailable({ key: 'console.port', host, port }, cause) : undefined;
}
