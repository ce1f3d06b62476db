import type { Instant } from '../proto/words/time.ts';
import { openLink } from './socket-link.ts';

/** The way of one vehicle's lines to its agent. */
export interface Feed {
  /** Queues a line; false when the queue is full: nothing was taken, offer it again later. */
  readonly offer: (at: Instant, line: string) => boolean;
  /** Starts writing what is queued, when the agent is there. */
  readonly flush: () => void;
  readonly counts: () => FeedCounts;
  /** Gives the queue `graceMs` to empty, then closes; what is left counts as lost. */
  readonly close: (graceMs: number) => Promise<void>;
}

export interface FeedCounts {
  /** Lines the kernel took. An agent that dies takes with it what it had not read; nobody counts that. */
  readonly written: number;
  /** Lines that were on their way when the connection broke; they are not sent twice, so that time never goes back. */
  readonly lost: number;
  readonly waiting: number;
  /** Time stamp of the last line that left the queue. */
  readonly sentTo: Instant | undefined;
}

export interface FeedOptions {
  readonly path: string;
  readonly queueLinesMax: number;
  readonly onGaveUp: () => void;
}

/** Lines handed to the kernel at once; so many are lost at most when a connection breaks. */
export const BATCH_LINES_MAX = 64;

export function openFeed({ path, queueLinesMax, onGaveUp }: FeedOptions): Feed {
  const queue: { readonly at: Instant; readonly line: string }[] = [];
  let written = 0;
  let lost = 0;
  let onTheWay = 0;
  let sentTo: Instant | undefined;
  let onIdle = () => {};

  const flush = () => {
    if (!link.isUp() || onTheWay > 0) return;
    const batch = queue.splice(0, BATCH_LINES_MAX);
    sentTo = batch.at(-1)?.at ?? sentTo;
    onTheWay = batch.length;
    if (batch.length === 0) onIdle();
    else link.write(batch.map(({ line }) => line).join(''), settle);
  };
  const settle = (sent: boolean) => {
    if (sent) written += onTheWay;
    else lost += onTheWay;
    onTheWay = 0;
    flush();
  };
  const link = openLink(path, { onUp: flush, onGaveUp });

  return {
    offer: (at, line) => queue.length < queueLinesMax && queue.push({ at, line }) > 0,
    flush,
    counts: () => ({ written, lost, waiting: queue.length + onTheWay, sentTo }),
    close: async (graceMs) => {
      if (queue.length + onTheWay > 0) await idleWithin(graceMs, (resolve) => (onIdle = resolve));
      link.end();
      lost += queue.length;
      queue.length = 0;
    },
  };
}

async function idleWithin(graceMs: number, subscribe: (resolve: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, graceMs);
    subscribe(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
