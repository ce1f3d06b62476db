import type { Redacted } from '../../proto/words/redacted.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { TrustState } from './device-register.ts';

/** A device as processes of other machines are told of it. */
export interface RosterRow {
  readonly device: DeviceId;
  readonly number: number;
  /** PEM, SubjectPublicKeyInfo; empty for a terminal, which has none. */
  readonly publicKey: string;
  readonly isRevoked: boolean;
  readonly trust: TrustState;
  /** The VIN, for who has the key of the workers; the register of the process that leads has it in the clear, and nobody else. */
  readonly sealedVin: Uint8Array;
}

/** What a row has that changes. */
export type RosterStanding = Pick<RosterRow, 'number' | 'isRevoked' | 'trust'>;

/**
 * The device register as the process that leads has written it down for `ingress` and `classify` on other machines. It is a
 * view: the register is what counts, and makes it again.
 */
export interface Roster {
  /** Undefined for a device that nobody registered. @throws Error when nobody can be asked */
  find(device: DeviceId): RosterRow | undefined;
  byNumber(number: number): RosterRow | undefined;
  /** In the order they were registered, after a number. */
  page(after: number, limit: number): readonly RosterRow[];
  /** Rows that changed since this was asked last; `all` where every row may have. @throws Error when nobody can be asked */
  changed(): readonly RosterRow[] | 'all';
}

/** Written by the process that leads, and by nobody else. */
export interface RosterWriter {
  /** The highest number that was written down, with its device; undefined for an empty roster. */
  last(): Pick<RosterRow, 'number' | 'device'> | undefined;
  count(): number;
  /** Rows that are not as everybody begins: revoked, or believed less. */
  standings(): readonly RosterStanding[];
  /** All of it or nothing; who reads sees it at the next look. */
  write(change: { readonly added: readonly RosterRow[]; readonly moved: readonly RosterStanding[] }): void;
  /** Forgets all of it: who reads asks anew. */
  clear(): void;
}

/** A device as the register has it. `publicKey` is PEM, and empty for a terminal. */
export interface RosterEntry {
  readonly device: DeviceId;
  readonly number: number;
  readonly vin: Redacted<Vin>;
  readonly publicKey: string;
  readonly trust: TrustState;
  readonly revoked: boolean;
}

/** The register that a roster is written by. */
export interface RosterSource {
  /** In the order they were registered, after a number. */
  entriesAfter(number: number, limit: number): readonly RosterEntry[];
  /** Devices that are revoked, or not trusted. */
  notable(): readonly Pick<RosterEntry, 'number' | 'trust' | 'revoked'>[];
  /** Devices up to a number. */
  countUpTo(number: number): number;
}
