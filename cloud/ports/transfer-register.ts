import type { Instant } from '../../proto/words/time.ts';
import type { CountScope, PersonKind, YearTotals } from '../counting/tallies.ts';

export type { CountScope, PersonKind, YearTotals } from '../counting/tallies.ts';

/** Where a transfer stands. Each state follows only those before it; `withheld`, `delivered` and `refused` are ends. */
export type TransferState = 'requested' | 'withheld' | 'permitted' | 'failed' | 'delivered' | 'refused';

export interface TransferRow {
  readonly transferId: string;
  readonly requestedAt: Instant;
  readonly datasetId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly state: TransferState;
  /** Persons in the transfer, distinct. */
  readonly persons: number;
}

export interface CountRequest {
  readonly year: number;
  readonly kind: PersonKind;
  /** Digests, 16 bytes each. */
  readonly persons: readonly Uint8Array[];
}

/** What a permitted transfer reserves: persons of each kind, and the route under which they go. */
export interface Reservation {
  readonly year: number;
  readonly route: string;
  readonly isExempt: boolean;
  readonly persons: Readonly<Partial<Record<PersonKind, readonly Uint8Array[]>>>;
}

/**
 * Transfers and the persons counted for them, in one store, so that a place is taken in the same commit that permits.
 * Every method is durable once it returns.
 */
export interface TransferRegister {
  add(row: TransferRow): void;
  /**
   * Distinct persons counted or reserved so far, and what it would be with these.
   *
   * @param scope - `outside-exemptions` leaves out persons who went only under an exemption
   */
  project(request: CountRequest, scope?: CountScope): { readonly before: number; readonly projected: number };
  /** Distinct persons of a year, reserved ones included. */
  totals(year: number, kind: PersonKind): YearTotals;
  withhold(transferId: string, persons: number): void;
  /** Permits and reserves the persons in one commit. */
  permit(transferId: string, reservation: Reservation): void;
  /** Ends a transfer; `counted` makes its persons count for good, `released` gives them back. */
  close(transferId: string, state: 'delivered' | 'refused' | 'failed', persons: 'counted' | 'released'): void;
  find(transferId: string): TransferRow | undefined;
  list(): readonly TransferRow[];
  counts(): { readonly cleared: number; readonly withheld: number; readonly delivered: number };
  shut(): void;
}
