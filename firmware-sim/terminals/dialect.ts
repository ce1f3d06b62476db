import type { Instant } from '../../proto/words/time.ts';
import type { MessageWords } from './codec.ts';
import type { TerminalPlan } from './terminal-plan.ts';

/** What an answer of the platform says. */
export type Verdict =
  /** `secret`: what the platform gave, to be shown from then on. */
  | { readonly kind: 'accepted' | 'refused'; readonly key: string; readonly secret?: string }
  /** Something that is no answer to a message of ours. */
  | { readonly kind: 'other' };

/** What a terminal knows when it writes a message. */
export interface Saying {
  readonly plan: TerminalPlan;
  readonly now: Instant;
  /** Counts the messages of one connection. */
  readonly serial: number;
  /** Counts the reports of a terminal. */
  readonly report: number;
  readonly secret: string;
}

export interface Said {
  readonly words: MessageWords;
  /** By which an answer to it is known. */
  readonly key: string;
}

/** How the terminals of one standard speak. */
export interface Dialect {
  /** One after the other, each once the one before it was accepted; data comes after the last. */
  readonly greeting: readonly ((saying: Saying) => Said)[];
  readonly report: (saying: Saying) => Said;
  readonly farewell: (saying: Saying) => Said;
  readonly verdictOf: (answer: MessageWords) => Verdict;
}

/** RFC 3339 at +08:00, to the second, as both standards date. */
export function shanghaiTime(now: Instant): string {
  return `${new Date(now + SHANGHAI_MS).toISOString().slice(0, 19)}+08:00`;
}

const SHANGHAI_MS = 8 * 3_600_000;
