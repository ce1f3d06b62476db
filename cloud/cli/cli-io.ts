/** The only way in which a command meets the world. Results go to `out`, words about failures to `err`. */
export interface CliIo {
  /** Rejects with the operating system's error when the file cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  /** One line on stdout. */
  readonly out: (line: string) => void;
  /** One line on stderr. */
  readonly err: (line: string) => void;
}

/** Exit statuses of every command; a refusal can be taken neither for success nor for a crash. */
export const EXIT = { done: 0, fault: 1, usage: 2, withheld: 3 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
