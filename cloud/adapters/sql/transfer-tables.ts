import type { Instant } from '../../../proto/words/time.ts';
import type { PersonKind, TransferState } from '../../ports/transfer-register.ts';

/**
 * Transfers and the persons counted for them. A person has a number of their own, so that a transfer's persons are one row.
 * Those who are new in a transfer are one row too, from the first of their numbers on; `person` is how they were written
 * before, and is only read. A holding is reserved until the transfer ends; then it is counted for good, or it goes.
 */
export interface TransferTables {
  readonly transfer: {
    readonly transfer_id: string;
    readonly requested_at: Instant;
    readonly dataset_id: string;
    readonly recipient_id: string;
    readonly purpose: string;
    readonly state: TransferState;
    readonly persons: number;
  };
  readonly person: { readonly number: number; readonly digest: Uint8Array };
  readonly persons: { readonly first: number; readonly digests: Uint8Array };
  readonly holding: {
    readonly transfer_id: string;
    readonly kind: PersonKind;
    readonly year: number;
    readonly route: string;
    readonly exempt: number;
    /** Numbers of persons, unsigned 32 bits each, least significant byte first. */
    readonly persons: Uint8Array;
  };
  readonly volume: { readonly transfer_id: string; readonly bytes: number };
  readonly held: { readonly transfer_id: string; readonly document: string; readonly persons: Uint8Array };
  readonly approval: {
    readonly transfer_id: string;
    readonly log_index: number;
    readonly account: string;
    readonly person: string;
    readonly at: Instant;
  };
  /** How many transfers stand where, kept along by triggers in the commit that moves them. */
  readonly tally: {
    readonly dataset_id: string;
    readonly recipient_id: string;
    readonly state: TransferState;
    readonly transfers: number;
  };
  /** One row: how often persons were reserved or given back, and how often a transfer went anywhere. */
  readonly revision: { readonly id: number; readonly counts: number; readonly moves: number };
}
