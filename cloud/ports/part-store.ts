import type { Part, PartGroup } from '../transfer/join-parts.ts';
import type { TransferState } from './transfer-register.ts';

export type { Part, PartGroup } from '../transfer/join-parts.ts';

/** Persons that a part holds: digests, 16 bytes each, and whether they count as sensitive. */
export interface PartPersons {
  readonly persons: readonly Uint8Array[];
  readonly isSensitive: boolean;
}

/** What the store has to know of the world to look. */
export interface PartLook {
  readonly year: number;
  readonly groupOf: (recipient: string) => string;
  readonly stateOf: (transferId: string) => TransferState | undefined;
}

/** Other transfers of a year for one purpose to one group of recipients. */
export interface PartsFound {
  readonly groups: readonly PartGroup[];
  /** Distinct persons of all of them and of the part in hand. */
  readonly persons: number;
  readonly sensitivePersons: number;
}

/** What each transfer of a year holds, kept so that transfers can be evaluated as one. */
export interface PartStore {
  /** Durable once it returns. It is written before the transfer is permitted, so that a crash loses none that went. */
  record(year: number, part: Part, persons: PartPersons): void;
  /** Leaves out those that were withheld or failed. */
  look(part: Pick<Part, 'transferId' | 'purpose' | 'recipientId'>, persons: PartPersons, look: PartLook): PartsFound;
  close(): void;
}
