import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { AuthorityRow } from './transfer-register.ts';

/** One emergency stop. */
export interface StopNote {
  readonly id: string;
  readonly at: Instant;
  /** Who stopped, as the log names them. */
  readonly by: string;
  /** One line, without a VIN. */
  readonly reason: string;
}

export type StopMarkFault = Fault<'EMERGENCY_STOP_FAILED' | 'EMERGENCY_MARK_KEPT'>;

/** The mark in the border directory that the exporter honours. It lies there or it does not; what is in it is for people. */
export interface StopMark {
  /** `unreadable`: something lies there, or nobody can tell; that is a stop too. */
  read(): StopNote | 'absent' | 'unreadable';
  /** Durable once it returns. A mark that lies there already is left as it is. Fault: EMERGENCY_STOP_FAILED. */
  write(note: StopNote): Result<void, StopMarkFault>;
  /** Durable once it returns. Fault: EMERGENCY_MARK_KEPT. */
  remove(): Result<void, StopMarkFault>;
}

/** One person's word that exports may go on. */
export interface ResumeApproval {
  readonly account: string;
  readonly person: string;
  readonly at: Instant;
  /** Where it stands in the operations log. */
  readonly logIndex: number;
}

/** What the cloud itself knows of the stop in force; each step that is done is written down, so that a crash repeats at most one. */
export interface StopRecord {
  readonly note: StopNote;
  /** `command`: asked of the cloud; `mark`: found in the border directory. */
  readonly source: 'command' | 'mark';
  /** Where the stop stands in the operations log; undefined until the log has taken it. */
  readonly logIndex?: number;
  readonly isAlerted: boolean;
  /** The mark has been in its place: when it is gone, somebody took it away. */
  readonly isMarked: boolean;
  readonly hasIncident: boolean;
  /** The authority matrix when the stop began; undefined until there is a profile. */
  readonly matrix?: readonly AuthorityRow[];
  readonly approvals: readonly ResumeApproval[];
  /** Transfers whose permits stood when the stop began. */
  readonly permitted: readonly string[];
  /** Two persons have resumed, and the log says so: only the mark has to go. */
  readonly isLifting: boolean;
}

/** The cloud's own memory of the stop, apart from the border: whoever can write there cannot make it forget. */
export interface StopMemory {
  /** `unreadable` is a stop too. */
  load(): StopRecord | 'none' | 'unreadable';
  /** Durable once it returns. @throws the system's error */
  save(record: StopRecord): void;
  /** @throws the system's error */
  forget(): void;
}
