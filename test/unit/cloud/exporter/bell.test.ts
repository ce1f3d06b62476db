import { expect, test } from 'vitest';
import { createBell } from '../../../../cloud/exporter/bell.ts';

const LONG_MS = 1_000_000;

test('a pause ends when its time is up', async () => {
  await expect(createBell().pause(1)).resolves.toBeUndefined();
});

test('a ring ends the pause that is on', async () => {
  const bell = createBell();
  const pause = bell.pause(LONG_MS);
  bell.ring();
  await expect(pause).resolves.toBeUndefined();
});

test('a ring between two pauses ends the next one at once, and only that', async () => {
  const bell = createBell();
  bell.ring();
  bell.ring();
  await bell.pause(LONG_MS);
  let isOver = false;
  const second = bell.pause(LONG_MS).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  bell.ring();
  await second;
  expect(isOver).toBe(true);
});
