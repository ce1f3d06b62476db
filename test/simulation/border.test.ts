import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { memoryBase } from '../support/cloud/stores.ts';
import { borderBase, runBorder } from './border.ts';
import { seedsFrom } from './seeds.ts';

const SEEDS = 70;

describe('requests, approvals and permits while everything goes wrong', () => {
  const directory = mkdtempSync(join(memoryBase(), 'tongguan-simulation-'));
  const base = borderBase(join(directory, 'base'));
  afterAll(() => {
    base.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (seed: number) => {
    const own = join(directory, String(seed));
    const outcome = await runBorder(seed, own, base);
    rmSync(own, { recursive: true });
    return outcome;
  };

  const seeds = seedsFrom(SEEDS);
  const sentBy = new Map<number, number>();

  test.each(seeds)(
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
