import type { NoteProgress } from '../cloud/ports/progress.ts';
import { onInterruption } from './interruption.ts';

export interface ProgressBar {
  readonly note: NoteProgress;
  /** Whether anybody sees it. */
  readonly isShown: boolean;
  /** Takes it off the terminal. */
  readonly end: () => void;
}

/** Drawn this often at most, while the work gives the loop no turn too. */
const DRAWN_A_SECOND = 10;
const WHOLE = 100;

/** On standard error, and only where somebody sees it: a pipe, a file or a program that reads JSON is told nothing. */
export async function progressBar({ json }: { readonly json: boolean }): Promise<ProgressBar> {
  if (json || !process.stderr.isTTY) return { note: () => undefined, isShown: false, end: () => undefined };
  const { SingleBar } = (await import('cli-progress')).default;
  const bar = new SingleBar({
    format: '{step} [{bar}] {percentage}%',
    ...{ stream: process.stderr, fps: DRAWN_A_SECOND, clearOnComplete: true, hideCursor: true, gracefulExit: false },
  });
  bar.start(WHOLE, 0, { step: '' });
  // The library's own way would keep the signal to itself, and the command would go on.
  const isOver = onInterruption(() => bar.stop());
  const end = (): void => {
    isOver();
    bar.stop();
  };
  return { isShown: true, note: ({ step, share }) => bar.update(Math.floor(share * WHOLE), { step }), end };
}
