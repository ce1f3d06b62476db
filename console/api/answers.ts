import type { Bilingual } from '../../proto/words/fault.ts';
import type { Title } from '../../proto/words/title.ts';

/** What the API answers, as far as a page shows it. Instants are UTC milliseconds unless they are texts, which are RFC 3339. */
export interface Session {
  readonly account: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly secondFactor: 'set' | 'wanted' | 'offered' | 'provider';
  /** Its credentials were set anew by another; it changes nothing until somebody answers for it. */
  readonly waitsForVoucher: boolean;
  readonly csrf: string;
}

export type Role =
  | 'viewer'
  | 'fleet'
  | 'custodian'
  | 'requester'
  | 'approver'
  | 'security-officer'
  | 'auditor'
  | 'administrator';

export interface Citation {
  readonly instrument: string;
  readonly article: string;
  readonly articleZh: string;
}

type Figures = Readonly<Record<string, number>>;

export interface Flow {
  readonly at: string;
  /** On the vehicles, by cause; what is counted are fixes, signals and pictures, and not frames. */
  readonly removed: Figures;
  /** Frames in quarantine, by reason. */
  readonly refused: Figures;
  readonly devices: number;
  readonly connections: number;
  readonly framesAdmitted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly framesDroppedByVehicles: number;
  readonly zones: Figures;
  readonly transfers: { readonly cleared: number; readonly withheld: number; readonly delivered: number };
}

export interface Totals {
  readonly all: number;
  readonly outsideExemptions: number;
}

export interface Counts {
  readonly on: string;
  readonly year: number;
  readonly persons: Totals;
  readonly sensitivePersons: Totals;
  readonly counts: keyof Totals;
  readonly thresholds: readonly Threshold[];
}

export interface Threshold {
  readonly counter: 'persons' | 'sensitivePersons';
  readonly threshold: number;
  readonly rule: string;
  /** Day, Asia/Shanghai; null when this year's pace does not reach it. */
  readonly reachedOn: string | null;
}

export interface Alert {
  readonly id: string;
  readonly code: string;
  readonly subject: string;
  readonly severity: string;
  readonly reason: Bilingual;
  readonly state: 'open' | 'acknowledged' | 'closed';
  readonly owner: string;
  readonly occurrences: number;
  readonly cite: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** What was done about it, as its log has it. */
  readonly acts: readonly {
    readonly at: number;
    readonly by: string;
    readonly person: string;
    readonly act: 'raised' | 'owned' | 'acknowledged' | 'closed';
    readonly detail: string;
    /** Place of the entry in the alerts log. */
    readonly index: number;
  }[];
}

export interface AgendaItem {
  readonly rule: string;
  readonly kind: string;
  readonly entry: string;
  readonly title: Bilingual;
  readonly citation: Citation;
  readonly dueAt?: number | undefined;
  readonly state: 'open' | 'overdue' | 'uncountable';
}

export type TransferState =
  | 'requested'
  | 'awaiting-approval'
  | 'permitted'
  | 'failed'
  | 'delivered'
  | 'refused'
  | 'rejected'
  | 'lapsed'
  | 'revoked'
  | 'withheld';

export interface Transfer {
  readonly transferId: string;
  readonly requestedAt: number;
  readonly datasetId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly state: TransferState;
  readonly persons: number;
}

/** Transfers of one dataset to one recipient that stand in one state. */
export interface TransferTally extends Pick<Transfer, 'datasetId' | 'recipientId' | 'state'> {
  readonly count: number;
}

export interface ShownTransfer {
  readonly transfer: Transfer;
  readonly approvals: readonly { readonly account: string; readonly person: string; readonly at: number }[];
  readonly waiting?: {
    readonly approvalsMin: number;
    readonly until: string;
    readonly requestedBy: string;
    readonly manifestSha256: string;
    readonly rows: number;
    readonly bytes: number;
  };
}

export interface Capture {
  readonly connection: number;
  readonly transferId?: string;
  readonly ownIp: string;
  readonly ownPort: number;
  readonly peerIp: string;
  readonly peerPort: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly isWhole: boolean;
}

export interface Dataset {
  readonly id: string;
  readonly title: Title;
  readonly kind: string;
  readonly purposes: readonly string[];
}

export interface Recipient {
  readonly id: string;
  readonly name: Title;
  readonly country: string;
  readonly endpoint: string;
  readonly purposes: readonly string[];
}

export interface CatalogueRow {
  readonly path: string;
  readonly class: string;
  readonly classes: readonly string[];
  readonly zone: string;
  readonly exportable: boolean;
  readonly edge: string;
  readonly retention: string;
  readonly fieldKind: string;
  readonly items: readonly string[];
  readonly rule: string;
  readonly reason: Bilingual;
  readonly cite: string;
}
