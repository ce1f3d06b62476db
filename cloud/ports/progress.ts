/** How far a long piece of work is. */
export interface Progress {
  /** Name of what is done now, lower case. */
  readonly step: string;
  /** Of the step, 0 to 1; it never goes back within one. */
  readonly share: number;
}

/** Told now and then; whoever listens may leave out what comes too often. */
export type NoteProgress = (progress: Progress) => void;
