import type { Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { RegisterEntry } from './kind.ts';
import type { RegisterBooks } from './record-change.ts';
import { enterRows, type Import, recordImport, weighRows } from './record-import.ts';

export interface Turns {
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  readonly note: NoteProgress;
  /** Aborted by whoever wants no import any more; what is entered already stays. */
  readonly signal: AbortSignal;
}

/** Rows of one turn: some milliseconds. */
export const ROWS_OF_TURN = 128;
/** How often rows are weighed anew because somebody changed a register meanwhile; after that nobody gets a turn. */
const WEIGHED_MAX = 3;

/**
 * Takes many entries in as `recordImport` does, and lets others have their turn between the rows. What was weighed counts only while no
 * register was changed since the first row; else all rows are weighed again.
 *
 * Faults: those of `recordImport`; none of its own where it was aborted, then nothing was changed.
 */
export async function importInTurns(
  wish: Import,
  by: string,
  books: RegisterBooks,
  turns: Turns,
): Promise<Result<readonly RegisterEntry[], readonly Fault[]>> {
  for (let weighed = 0; weighed < WEIGHED_MAX; weighed += 1) {
    const from = books.store.appliedTo();
    const rows = await weighInTurns(wish, by, books, turns);
    if (rows === undefined) return fail([]);
    if (books.store.appliedTo() !== from) continue;
    turns.note({ step: 'entering', share: 0 });
    return rows.ok ? enterRows(rows.value, by, books) : rows;
  }
  return recordImport(wish, by, books);
}

/** @returns undefined where it was aborted */
async function weighInTurns(
  wish: Import,
  by: string,
  books: RegisterBooks,
  { pause, note, signal }: Turns,
): Promise<Extract<ReturnType<ReturnType<typeof weighRows>['next']>, { done: true }>['value'] | undefined> {
  const weighing = weighRows(wish, by, books);
  for (;;) {
    const step = weighing.next();
    if (step.done === true) return step.value;
    if (step.value % ROWS_OF_TURN !== 0) continue;
    note({ step: 'weighing', share: step.value / wish.bodies.length });
    await pause();
    if (signal.aborted) return undefined;
  }
}
