import { expect, test } from 'vitest';
import {
  createRecentMessages,
  MESSAGES_REMEMBERED_MAX,
  TERMINALS_REMEMBERED_MAX,
} from '../../../../../cloud/terminals/ingress/recent-messages.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

test('the last messages of the last terminals are remembered, and the others are new', () => {
  const recent = createRecentMessages();
  const first = (terminal: number, name: string, now: number) => recent.firstReceived(terminal, name, now as Instant);
  expect([first(1, 'a', 1), first(1, 'a', 2), first(2, 'a', 3)]).toEqual([1, 1, 3]);
  for (let count = 1; count < MESSAGES_REMEMBERED_MAX; count += 1) first(1, `b${count}`, 4);
  expect(first(1, 'a', 5)).toBe(1);
  first(1, 'c', 5);
  expect(first(1, 'a', 6)).toBe(6);
  for (let terminal = 3; terminal < TERMINALS_REMEMBERED_MAX + 3; terminal += 1) first(terminal, 'a', 7);
  expect([first(2, 'a', 8), first(TERMINALS_REMEMBERED_MAX, 'a', 8)]).toEqual([8, 7]);
});
