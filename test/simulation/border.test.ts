import { afterAll, describe, expect, test } from 'vitest';
import { borderRunner } from './runners.ts';
import { seedsFrom } from './seeds.ts';

const SEEDS = 140;

describe('requests, approvals and permits while everything goes wrong', () => {
  const { run, close } = borderRunner();
  afterAll(close);
  const sentBy = new Map<number, number>();

  test.each(seedsFrom(SEEDS))(
    'SEED=%i: nothing leaves without two persons, a permit on record and a place in the count',
    async (seed) => {
      const { findings, story, sent } = await run(seed);
      sentBy.set(seed, sent);
      expect(findings, story.join('\n')).toEqual([]);
    },
  );

  test('something left in one seed of two: else nothing was tried', () => {
    const sending = [...sentBy.values()].filter((sent) => sent > 0).length;
    if (sentBy.size >= SEEDS) expect(sending * 2).toBeGreaterThan(sentBy.size);
  });

  test('a seed is one story', async () => {
    expect((await run(3)).digest).toBe((await run(3)).digest);
  });
});
