import { afterAll, expect, test } from 'vitest';
import { borderRunner, fleetRunner } from '../simulation/runners.ts';
import { GUARDS, type Guard } from './guards.table.ts';
import { without } from './switches.ts';

// The power of the simulation's checkers: each guard is switched off, and a seed has to go red. The seed of the table is tried
// first, then others, since a seed tells another story once the simulated world has changed.

const SEEDS_MAX = Number(process.env['SEEDS'] ?? 200);
/** All of them on a loaded machine. */
const WAIT_MS = 1_800_000;
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

/** A study tries those too that no seed is known for. */
const caught = GUARDS.filter(({ seed }) => seed !== undefined || process.env['STUDY'] !== undefined);

test.each(caught.map((guard) => [guard.world, guard.name, guard] as const))(
  '%s: red without `%s`',
  async (_world, name, guard) => {
    const seeds = new Set([guard.seed ?? 1, ...Array.from({ length: SEEDS_MAX }, (_, index) => index + 1)]);
    for (const seed of seeds) {
      const findings = await without(name, () => findingsOf(guard, seed));
      if (findings.length === 0) continue;
      if (process.env['STUDY'] !== undefined) process.stdout.write(`${name}: seed ${seed}: ${findings[0]}\n`);
      return;
    }
    expect.unreachable(`no seed of ${seeds.size} goes red without \`${name}\``);
  },
  WAIT_MS,
);
