import type { Instant } from '../../../proto/words/time.ts';

/** Messages without a time of their own that are remembered of one terminal, and terminals that are. */
export const MESSAGES_REMEMBERED_MAX = 16;
export const TERMINALS_REMEMBERED_MAX = 20_000;

/**
 * When messages that say no time were first received. One that is sent again then has the place in the zones that it had
 * before, and is stored once. What is forgotten, and all of it when the process ends, may be stored a second time.
 */
export interface RecentMessages {
  /** @param name - what two sendings of one message have in common */
  readonly firstReceived: (terminal: number, name: string, now: Instant) => Instant;
}

export function createRecentMessages(): RecentMessages {
  const terminals = new Map<number, Map<string, Instant>>();
  return {
    firstReceived(terminal, name, now) {
      const messages = terminals.get(terminal) ?? new Map<string, Instant>();
      // The one that was heard last is the last to be forgotten.
      terminals.delete(terminal);
      terminals.set(terminal, messages);
      forgetFirst(terminals, TERMINALS_REMEMBERED_MAX);
      const known = messages.get(name);
      if (known !== undefined) return known;
      messages.set(name, now);
      forgetFirst(messages, MESSAGES_REMEMBERED_MAX);
      return now;
    },
  };
}

function forgetFirst<K>(map: Map<K, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
