import { afterAll, describe, expect, test } from 'vitest';
import { fleetRunner } from './runners.ts';
import { seedsFrom } from './seeds.ts';

const SEEDS = 60;

describe('vehicles, their cloud and everything that goes wrong between them', () => {
  const { run, close } = fleetRunner();
  afterAll(close);
  const admittedBy = new Map<number, number>();

  test.each(seedsFrom(SEEDS))(
    'SEED=%i: nothing is lost, twice, misplaced or believed that should not be',
    async (seed) => {
      const { findings, framesAdmitted, story } = await run(seed);
      admittedBy.set(seed, framesAdmitted);
      expect(findings, story.join('\n')).toEqual([]);
    },
  );

  test('frames arrived in one seed of two: else nothing was tried', () => {
    const admitting = [...admittedBy.values()].filter((frames) => frames > 0).length;
    if (admittedBy.size >= SEEDS) expect(admitting * 2).toBeGreaterThan(admittedBy.size);
  });

  test('a seed is one story', async () => {
    expect((await run(7)).digest).toBe((await run(7)).digest);
    expect((await run(8)).digest).not.toBe((await run(7)).digest);
  });
});
