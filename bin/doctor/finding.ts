import type { Bilingual } from '../../proto/words/fault.ts';

/** What is checked; docs/doctor.md explains each. */
// biome-ignore format: one subject a row
export const CHECKS = [
  'node', 'sqlite', 'argon2', 'sharp', 'memory', 'open-files', 'clock', 'time-sync',
  'config', 'directory', 'disk', 'port', 'socket',
  'key-permissions', 'key-pair', 'certificate-expiry', 'certificate-chain', 'certificate-use',
  'log-head', 'capture-space', 'foreign-endpoint', 'no-recipient', 'border-pair', 'record-log', 'database',
] as const;

export type Check = (typeof CHECKS)[number];

/**
 * `good`; `warning`: it runs, and somebody should look; `bad`: it does not run, or not as it should; `unknown`: this machine does not say,
 * which is never taken for good.
 */
export type State = 'good' | 'warning' | 'bad' | 'unknown';

export interface Finding {
  readonly check: Check;
  readonly state: State;
  /** File, key of a configuration, port; never a VIN, a position or a tag. */
  readonly about: string;
  readonly says: Bilingual;
  /** Of everything that is not good. */
  readonly remedy?: Bilingual;
}

export const good = (check: Check, about: string, says: Bilingual): Finding => ({ check, state: 'good', about, says });

/** What is not good comes with what to do about it. */
export function ill(
  state: Exclude<State, 'good'>,
  check: Check,
  about: string,
  says: Bilingual,
  remedy: Bilingual,
): Finding {
  return { check, state, about, says, remedy };
}
