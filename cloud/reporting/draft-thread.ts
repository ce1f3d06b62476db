import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { runInThread } from '../job-thread.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { type DraftJob, draftBroke, type MadeDraft } from './make-draft.ts';

/** Makes one draft; it writes nothing, so one that is aborted leaves nothing. */
export type MakeDraft = (job: DraftJob, note: NoteProgress, signal: AbortSignal) => Promise<Result<MadeDraft, Fault>>;

/** Hashes of tiles, and the newest verdict of every transfer. */
const MEMORY_MB = 1_024;

const PROGRAM = new URL(`./draft-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Makes drafts in a thread of its own each; the desk of jobs ends one that takes too long. @param program - of the thread; the compiled one in tests */
export function draftThread(program: URL = PROGRAM): MakeDraft {
  return (job, note, signal) =>
    runInThread<MadeDraft>({ program, memoryMb: MEMORY_MB, broke: draftBroke }, job, note, signal);
}
