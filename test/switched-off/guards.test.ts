import { afterAll, expect, test } from 'vitest';
import { borderRunner, fleetRunner } from '../simulation/runners.ts';
import { GUARDS, type Guard } from './guards.table.ts';
import { without } from './switches.ts';

// The power of the simulation's checkers: each guard is switched off, and a seed has to go red. The seed of the table is tried
// first, then others, since a seed tells another story once the simulated world has changed.

const SEEDS_MAX = 200;
const worlds = { border: borderRunner(), fleet: fleetRunner() };
afterAll(() => {
  for (const { close } of Object.values(worlds)) close();
});

/** Who throws is red too: assertions of the product are among what finds a fault. */
const findingsOf = async ({ world }: Guard, seed: number): Promise<readonly string[]> => {
  try {
    return (await worlds[world].run(seed)).findings;
  } catch (cause) {
    return [String(cause)];
  }
};

const caught = GUARDS.filter(({ seed }) => seed !== undefined);

test.each(caught.map((guard) => [guard.name, guard] as const))('red without `%s`', async (name, guard) => {
  const seeds = new Set([guard.seed ?? 1, ...Array.from({ length: SEEDS_MAX }, (_, index) => index + 1)]);
  for (const seed of seeds) {
    const findings = await without(name, () => findingsOf(guard, seed));
    if (findings.length === 0) continue;
    if (process.env['STUDY'] !== undefined) return;
  }
  expect.unreachable(`no seed of ${seeds.size} goes red without \`${name}\``);
});
