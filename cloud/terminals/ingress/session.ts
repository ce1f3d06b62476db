import type { Fault } from '../../../proto/words/fault.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Clock } from '../../../proto/words/time.ts';
import type { RejectionCode } from '../../ingest/rejections.ts';
import type { Arrival } from '../../ingest/sort-out.ts';
import type { Sender } from '../../ports/device-register.ts';
import type { TerminalRegister } from '../../ports/terminal-register.ts';
import type { Presence } from './presence.ts';

/** What sessions of terminals share. */
export interface SessionParts {
  readonly register: TerminalRegister;
  readonly presence: Presence;
  readonly clock: Clock;
  /** Whether a custodian may read positions now: without one nothing with a position in it is taken in. */
  readonly hasCustodian: () => boolean;
  readonly isBarred: (terminal: number) => boolean;
  /** Keyed digest of the code of a terminal. */
  readonly digestOf: (code: string) => Uint8Array;
  /** Stands for a vehicle in its records. */
  readonly tagOf: (sender: Sender) => SubjectTag;
  /** Makes it durable; `done` gets a fault when it is not, and then nobody is told that it is. */
  readonly take: (arrival: Arrival, done: (fault?: Fault) => void) => void;
  /** Counts what came, by what became of it. */
  readonly count: (outcome: Outcome) => void;
  /** Keeps a login that nothing vouches for, or that does not open, as evidence, unless there were too many of late. */
  readonly unbound: (octets: Uint8Array, done: () => void, rejection?: RejectionCode) => void;
}

/** What became of a frame; counted, and told by `status`. */
export type Outcome =
  | 'stored'
  | 'stored-picture'
  | 'dropped-medium'
  | 'kept-unread'
  | 'heartbeat'
  | 'time-sync'
  | 'quarantined'
  | 'platform-login'
  | 'platform-logout'
  | 'registered'
  | 'authenticated'
  | 'deregistered'
  | 'part'
  | 'lost-parts'
  | 'refused-start'
  | 'refused-too-long'
  | 'refused-checksum'
  | 'refused-length'
  | 'refused-escape'
  | 'refused-layout'
  | 'refused-not-logged-in'
  | 'refused-duplicate'
  | 'refused-unbound'
  | 'refused-platform'
  | 'refused-registered'
  | 'refused-busy'
  | 'refused-serial'
  | 'refused-encrypted'
  | 'refused-command'
  | 'refused-custodian'
  | 'passed-answer'
  | 'failed-store';

/** What a session may do to its connection. */
export interface SessionLink {
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
  /** Frames that wait to be durable: the connection is not read while there are too many. */
  readonly waiting: (frames: number) => void;
}

export interface TerminalSession {
  /** Takes a segment of any size. */
  readonly push: (segment: Buffer) => void;
  /** Bytes of a frame that is not whole. */
  readonly held: () => number;
  readonly isLoggedIn: () => boolean;
  /** Called about once a second. */
  readonly tick?: () => void;
  /** The connection is gone. */
  readonly close: () => void;
}
