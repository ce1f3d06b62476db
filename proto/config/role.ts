import type { Readable } from 'node:stream';
import type { Fault } from '../words/fault.ts';
import type { Clock } from '../words/time.ts';

/** What a role's process gives to its role: the outside world, in one place, so that nothing else reaches for it. */
export interface RoleSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Cryptographically strong, in [0, 1). */
  readonly chance: () => number;
  readonly stdin: Readable;
  /** Results, one line. */
  readonly out: (line: string) => void;
  /** Words for people, one line. */
  readonly err: (line: string) => void;
  /** Tells a fault once a minute and code, with how often it came in between. */
  readonly fault: (fault: Fault) => void;
  /** Status for whoever started the process; it holds counts and no content. */
  readonly report: (status: object) => void;
  /** Resolves when the process is asked to stop. */
  readonly stopRequested: Promise<void>;
}

/** Exit statuses of every command. */
export const EXIT = { done: 0, fault: 1, usage: 2, withheld: 3 } as const;

/** How often a running role reports its status. */
export const REPORT_INTERVAL_MS = 500;
