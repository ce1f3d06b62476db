import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { memoryBase } from '../support/cloud/stores.ts';
import { borderBase, runBorder } from './border.ts';
import { seedsFrom } from './seeds.ts';

const SEEDS = 10;

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

  test.each(seedsFrom(SEEDS))(
    'SEED=%i: nothing leaves without two persons, a permit on record and a place in the count',
    async (seed) => {
      const { findings, story, sent } = await run(seed);
      expect(findings, story.join('\n')).toEqual([]);
      expect(sent).toBeGreaterThan(0);
    },
  );

  test('a seed is one story', async () => {
    expect((await run(3)).digest).toBe((await run(3)).digest);
  });
});
