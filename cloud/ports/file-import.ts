import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { JobWork } from './job-desk.ts';

/** Files as somebody sends them, and what they say of them. */
export interface SentImport {
  readonly kind: string;
  readonly entry: string;
  readonly id: string;
  readonly title: string;
  readonly purposes: readonly string[];
  /** Of the file; an archive that is taken apart says by its ending what it is. */
  readonly name: string;
  readonly takesApart: boolean;
  readonly bytes: Uint8Array;
}

/** Takes files in that were sent. */
export interface FileImports {
  /** What an import takes; it begins and ends in the operations log. Faults: FILE_IMPORT_USAGE. */
  readonly workOf: (sent: SentImport, by: string) => Result<JobWork, Fault>;
}
