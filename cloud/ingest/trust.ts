import type { TrustState } from '../ports/device-register.ts';
import type { RejectionCode } from './rejections.ts';

/** Different refused batches, each of which the device signed and none of which an honest agent seals, after which it is barred. */
export const MISMATCHES_MAX = 3;

export interface TrustFall {
  readonly to: TrustState;
  /** Name of the rule, for the log. */
  readonly rule: keyof typeof TRUST_RULES;
}

/** Why trust falls. Nothing raises it but a person. */
export const TRUST_RULES = {
  'doubt-watched': 'something that an honest device can come to: an old key, a detector that saw more than its own',
  'mismatch-watched': 'a batch that the device signed and that an honest agent does not seal',
  'mismatches-barred': `${MISMATCHES_MAX} such batches`,
} as const;

/** What a rejection says of the device that sent it. */
export type Gravity = 'nothing' | 'doubt' | 'mismatch';

/**
 * How trust falls.
 *
 * @param mismatches - different refused batches of gravity `mismatch` since a person restored the device, this one included
 * @returns undefined where it stays
 */
export function fallOf(state: TrustState, gravity: Gravity, mismatches: number): TrustFall | undefined {
  if (gravity === 'nothing' || state === 'barred') return undefined;
  if (gravity === 'mismatch' && mismatches >= MISMATCHES_MAX) return { to: 'barred', rule: 'mismatches-barred' };
  if (state === 'watched') return undefined;
  return { to: 'watched', rule: gravity === 'doubt' ? 'doubt-watched' : 'mismatch-watched' };
}

/**
 * What each rejection says. `nothing`: another release, a wrong clock, a lost limit. `doubt`: an honest vehicle can come to it
 * (the batches that wait when its key is renewed; an agent of another release, or one that starts again and again; what the cloud's detector takes for a
 * face), so that alone it never bars.
 */
export const GRAVITY: Readonly<Record<RejectionCode, Gravity>> = {
  PAYLOAD_TOO_LARGE: 'nothing',
  FRAME_SCHEMA: 'nothing',
  FRAME_LIMIT: 'nothing',
  FRAME_UNKNOWN_FIELD: 'nothing',
  SEQUENCE_GAPS: 'nothing',
  TIME_IN_FUTURE: 'nothing',
  TIME_LONG_PAST: 'nothing',
  TIMES_APART: 'nothing',
  DEVICE_BARRED: 'nothing',
  RECORD_UNREADABLE: 'nothing',
  RECORD_TOO_LARGE: 'nothing',
  SIGNATURE_INVALID: 'doubt',
  POLICY_UNKNOWN: 'doubt',
  ATTESTATION_UNBOUND: 'doubt',
  ATTESTATION_EXPIRED: 'doubt',
  POLICY_NOT_IN_FORCE: 'doubt',
  STEPS_NOT_OF_POLICY: 'doubt',
  VALUE_IMPLAUSIBLE: 'doubt',
  INTERVAL_NOT_OF_POLICY: 'doubt',
  IMAGE_SHOWS_SUBJECT: 'doubt',
  CELL_NOT_ON_GRID: 'mismatch',
  TIME_NOT_FLOORED: 'mismatch',
  PATH_FORBIDDEN: 'mismatch',
  IMAGE_NOT_CLEAN: 'mismatch',
  IMAGE_TOO_LARGE: 'mismatch',
  IMAGE_UNDECLARED: 'mismatch',
  POINTS_NOT_REDUCED: 'mismatch',
  VALUE_OFF_GRID: 'mismatch',
  IDENTIFIER_IN_PAYLOAD: 'mismatch',
  CONTENT_NOT_OF_POLICY: 'mismatch',
  QUANTUM_NOT_OF_POLICY: 'mismatch',
  PURPOSE_UNKNOWN: 'mismatch',
  TERMINAL_PLATFORM_VEHICLE: 'nothing',
  TERMINAL_SIGNATURE: 'nothing',
  TERMINAL_UNBOUND: 'nothing',
  TERMINAL_UNDECRYPTED: 'nothing',
  TERMINAL_LAYOUT: 'nothing',
  TERMINAL_VIN_MISMATCH: 'mismatch',
  VIN_MISMATCH: 'mismatch',
  VIN_IN_PAYLOAD: 'mismatch',
};
