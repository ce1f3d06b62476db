import type { Instant } from '../../proto/words/time.ts';
import type { CountedDay } from '../counting/counted-days.ts';
import type { Scope, ScopeCount } from '../counting/scope-counts.ts';
import type { CountScope, PersonKind, YearTotals } from '../counting/tallies.ts';
import type { PublishedFamily } from './publications.ts';

export type { CountScope, PersonKind, YearTotals } from '../counting/tallies.ts';

export const TRANSFER_ENDS = ['failed', 'delivered', 'refused', 'rejected', 'lapsed', 'revoked'] as const;
export type TransferEnd = (typeof TRANSFER_ENDS)[number];

/** Where a transfer stands: `requested`, then perhaps `awaiting-approval`, then `permitted`; every other state is an end. */
export const TRANSFER_STATES = ['requested', 'awaiting-approval', 'permitted', ...TRANSFER_ENDS, 'withheld'] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];

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

export interface TransferPage {
  readonly state?: TransferState | undefined;
  /** The last transfer of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Transfers of one dataset to one recipient that stand in one state. */
export interface TransferTally extends Pick<TransferRow, 'datasetId' | 'recipientId' | 'state'> {
  readonly count: number;
}

/** A row of the authority matrix in the processor's profile. */
export interface AuthorityRow {
  readonly account: string;
  readonly person: string;
  readonly may: readonly string[];
  /** Day, Asia/Shanghai. */
  readonly since: string;
  /** By which the word of the person is known over the socket: Ed25519, SubjectPublicKeyInfo, DER in base64. */
  readonly key?: string | undefined;
}

/** What is kept of a staged parcel until its transfer ends, so that it can be decided anew. */
export interface HeldCase {
  readonly requestedBy: string;
  /** Numbers of the exemptions that the request claims. */
  readonly claims?: readonly number[];
  /** Of imported files. */
  readonly treeSha256?: string;
  /** The key it was sealed to, as `Parcel` has it. */
  readonly sealedTo?: string;
  /** Of the dataset and the recipient as they were configured then. */
  readonly definitions: string;
  /** Lower-case hexadecimal. */
  readonly manifestSha256: string;
  readonly rows: number;
  readonly bytes: number;
  readonly families: readonly PublishedFamily[];
  /** Digests, 16 bytes each. */
  readonly persons: readonly Uint8Array[];
  /** Only where approvals are waited for. */
  readonly approval?: {
    /** The authority matrix as it was at the request. */
    readonly matrix: readonly AuthorityRow[];
    readonly verdictDigest: string;
  };
  /** Somebody said no, and it may not stand in the log yet: nothing else can become of it. */
  readonly rejection?: {
    readonly by: string;
    /** Of the entry in the log. */
    readonly document: Readonly<Record<string, unknown>>;
  };
}

/** An approval that stands in the operations log. */
export interface Approval {
  readonly account: string;
  readonly person: string;
  readonly at: Instant;
  /** Where it stands in the log. */
  readonly logIndex: number;
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
  /** Of the parcel. */
  readonly bytes?: number;
  readonly persons: Readonly<Partial<Record<PersonKind, readonly Uint8Array[]>>>;
}

/** Bytes that went, or may go, of one dataset to one recipient, which has one way of being reached. */
export interface Volume {
  readonly datasetId: string;
  readonly recipientId: string;
  readonly transfers: number;
  readonly countedBytes: number;
  readonly reservedBytes: number;
}

/**
 * Transfers and the persons counted for them, in one store, so that a place is taken in the same commit that permits.
 * Every method is durable once it returns.
 */
export interface TransferRegister {
  add(row: TransferRow): void;
  /** Which state the counts are in: a number that is another one once anybody has reserved persons or given some back. */
  counted(): number;
  /**
   * Distinct persons counted or reserved so far, and what it would be with these.
   *
   * @param scope - `outside-exemptions` leaves out persons who went only under an exemption
   * @param without - a transfer whose own reservation is not looked at, while it is decided anew
   */
  project(
    request: CountRequest,
    scope?: CountScope,
    without?: string,
  ): { readonly before: number; readonly projected: number };
  /** Distinct persons of a year, reserved ones included. */
  totals(year: number, kind: PersonKind): YearTotals;
  /** Bytes of the parcels that were asked for in a year, by dataset and recipient; until the end of a transfer they are reserved. */
  volumes(year: number): readonly Volume[];
  /** What was counted under an approval, and what it would be with these; `without` as in `project`. */
  under(scope: Scope, persons: readonly Uint8Array[], without?: string): ScopeCount;
  /** Days of a year on which persons were counted who had not been before, oldest first. */
  countedDays(year: number, scope: CountScope): readonly CountedDay[];
  withhold(transferId: string, persons: number): void;
  /**
   * Permits and reserves the persons in one commit.
   *
   * @param countedAt - what `counted` said before the counts were read that the decision rests on
   * @returns false where the counts are in another state by now: nothing was reserved, and the decision has to be made anew
   */
  permit(transferId: string, reservation: Reservation, countedAt: number): boolean;
  /** Ends a transfer; `counted` makes its persons count for good, `released` gives them back. */
  close(transferId: string, state: TransferEnd, persons: 'counted' | 'released'): void;
  /** Keeps what deciding anew takes, until `withhold` or `close`; again, in place of what was kept. */
  hold(transferId: string, held: HeldCase): void;
  held(transferId: string): HeldCase | undefined;
  /** `requested` becomes `awaiting-approval`; nothing is reserved. */
  wait(transferId: string, persons: number): void;
  /** `permitted` becomes `revoked`; its persons stay reserved until it is known whether anything has left. */
  revoke(transferId: string): void;
  addApproval(transferId: string, approval: Approval): void;
  dropApproval(transferId: string, logIndex: number): void;
  /** Oldest first. */
  approvals(transferId: string): readonly Approval[];
  inState(state: TransferState): readonly TransferRow[];
  find(transferId: string): TransferRow | undefined;
  list(): readonly TransferRow[];
  /** Newest first. */
  page(of: TransferPage): readonly TransferRow[];
  /** How many transfers stand where, by dataset and recipient. */
  tallies(): readonly TransferTally[];
  counts(): { readonly cleared: number; readonly withheld: number; readonly delivered: number };
  shut(): void;
}
