import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Progress } from '../ports/progress.ts';
import type { TransferOutcome, TransferRequest } from './export-gate.ts';

/** A transfer that was asked for and whose parcel is being built. */
export interface UnderWay extends Progress {
  readonly transferId: string;
  readonly state: 'under-way';
}

/** What came of a request. */
export type AskedTransfer =
  | UnderWay
  | { readonly transferId: string; readonly state: 'answered'; readonly outcome: TransferOutcome }
  | { readonly transferId: string; readonly state: 'failed'; readonly fault: Fault };

/** Where transfers are asked for, by people who do not wait for a build. */
export interface TransferDesk {
  /** The outcome, or how far it is where that takes its time. */
  readonly ask: (request: TransferRequest) => Promise<Result<TransferOutcome | UnderWay, Fault>>;
  /** Undefined for what this process was not asked for, or has forgotten. */
  readonly find: (transferId: string) => AskedTransfer | undefined;
}

/** Parcels that are being built or wait for it. */
export interface BuildsInHand {
  /** One that is not in hand waits. */
  readonly progressOf: (transferId: string) => Progress;
  /** Ends one that nobody wants any more. */
  readonly abandon: (transferId: string) => void;
}
