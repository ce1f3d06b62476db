import type { Instant } from '../../proto/words/time.ts';

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

/** Two counters of persons since 1 January in Asia/Shanghai: those of whom sensitive information went out, and the others. */
export type PersonKind = 'plain' | 'sensitive';

export interface CountRequest {
  readonly year: number;
  readonly kind: PersonKind;
  readonly persons: readonly Uint8Array[];
}

/**
 * Transfers and the persons counted for them, in one store, so that a place is taken in the same commit that permits.
 * Every method is durable once it returns.
 */
export interface TransferRegister {
  add(row: TransferRow): void;
  /** Distinct persons counted or reserved so far, and what it would be with these. */
  project(request: CountRequest): { readonly before: number; readonly projected: number };
  withhold(transferId: string, persons: number): void;
  /** Permits and reserves the persons in one commit. */
  permit(transferId: string, request: CountRequest): void;
  /** Ends a transfer; `counted` makes its persons count for good, `released` gives them back. */
  close(transferId: string, state: 'delivered' | 'refused' | 'failed', persons: 'counted' | 'released'): void;
  find(transferId: string): TransferRow | undefined;
  list(): readonly TransferRow[];
  counts(): { readonly cleared: number; readonly withheld: number; readonly delivered: number };
  shut(): void;
}
