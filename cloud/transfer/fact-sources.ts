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
  /** What the registers hold for a request: its documents, evidence of the exemptions it claims, and of its files. */
  readonly filed: (request: TransferRequest, at: Instant) => Filed;
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

/** Documents that name some of a transfer, evidence of exemptions, and what a person has established of imported files. */
export interface Filed {
  readonly onFile: FactsInput['onFile'];
  readonly evidence: FactsInput['onFile'];
  readonly attested: Attested;
}
