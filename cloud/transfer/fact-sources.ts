import type { CivilDate, Instant } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { GroupCounts } from '../counting/with-group.ts';
import type { DatasetContents } from '../datasets/contents.ts';
import type { CountScope } from '../ports/transfer-register.ts';
import type { Attested, CountedPersons } from './assemble-facts.ts';
import type { TransferRequest } from './export-gate.ts';
import type { FactsInput } from './facts.ts';

/** Where the gate takes facts of a transfer from beside the data itself. */
export interface FactSources {
  /** Digests of the natural persons behind vehicles, distinct. */
  readonly personsOf: (vins: readonly Vin[]) => readonly Uint8Array[];
  /** Persons that other members of the group have counted in a year; `unknown` when one has told nothing. */
  readonly groupCounts: (year: number) => GroupCounts | 'unknown';
  /** Which transfers of the year are counted; only a legal sign-off on CNT-8, from its day on, leaves exempted ones out. */
  readonly countScope: (on: CivilDate) => CountScope;
  /** What the registers hold for a request and the data in hand. */
  readonly filed: (request: TransferRequest, at: Instant, hand: InHand) => Filed;
  /** Legal sign-offs of the registers that stand on the day. */
  readonly signedOff: (at: Instant) => FactsInput['signOffs'];
  /** What a transfer is evaluated with as one, and where that is kept once it may go. */
  readonly joins: {
    readonly with: (of: JoinCase) => FactsInput['joined'];
    readonly record: (of: JoinCase) => void;
  };
}

/** A transfer as it is held against the others of its year. */
export interface JoinCase {
  readonly transferId: string;
  readonly request: TransferRequest;
  readonly contents: DatasetContents;
  readonly at: Instant;
  /** As the facts have it. */
  readonly dataset: FactsInput['dataset'];
  readonly persons: readonly Uint8Array[];
  readonly counted: CountedPersons | 'unknown';
  readonly isSensitive: boolean;
}

/** The data that is decided on, once it is built and classified. */
export interface InHand {
  readonly kinds: FactsInput['dataset']['kinds'];
  /** Distinct persons; `unknown` where nobody can tell. */
  readonly persons: readonly Uint8Array[] | 'unknown';
}

/** A document that is not weighed, and why. */
export type SetAside = NonNullable<FactsInput['setAside']>[number];

/** What registers say of a request: nothing of it lets anything out by itself. */
export interface Filed {
  /** Documents that name some of the transfer. */
  readonly onFile: FactsInput['onFile'];
  /** Kinds of document of which the registers say what there is for this transfer: those of the configuration do not count. */
  readonly spokenFor: ReadonlySet<FactsInput['onFile'][number]['kind']>;
  /** Of the exemptions that are claimed. */
  readonly evidence: FactsInput['onFile'];
  /** Entries that name all of the transfer and are no evidence of anything today. */
  readonly setAside: readonly SetAside[];
  /** What a person has established of imported files. */
  readonly attested: Attested;
  /** Whether recipient and purpose are as the registers have them. */
  readonly registered: FactsInput['recipient']['registered'];
  readonly ciio: FactsInput['processor']['ciio'];
  /** Persons in hand whose consent was withdrawn or ended in the vehicle. */
  readonly withoutConsent: number | 'unknown';
}
