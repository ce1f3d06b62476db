import { afterAll, expect, test } from 'vitest';
import { borderRunner, fleetRunner } from '../simulation/runners.ts';
import { GUARDS, type Guard } from './guards.table.ts';
import { without } from './switches.ts';

// The power of the simulation's checkers: each guard is switched off, and a seed has to go red. The seed of the table is tried
// first, then others, since a seed tells another story once the simulated world has changed.

const SEEDS_MAX = Number(process.env['SEEDS'] ?? 200);
/** All of them on a loaded machine. */
const WAIT_MS = 1_800_000;
/** Of a study: seconds for each guard, after which no further seed is tried. */
const STUDY_S = Number(process.env['STUDY_S'] ?? 120);
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

/** A study tries those too that no seed is known for, each for a while: what it did not find is no failure of it. */
const isStudy = process.env['STUDY'] !== undefined;
const caught = GUARDS.filter(({ seed }) => seed !== undefined || isStudy);
const tell = (line: string): void => void (isStudy && process.stdout.write(`${line}\n`));

test.each(caught.map((guard) => [guard.world, guard.name, guard] as const))(
  '%s: red without `%s`',
  async (_world, name, guard) => {
    const seeds = new Set([guard.seed ?? 1, ...Array.from({ length: SEEDS_MAX }, (_, index) => index + 1)]);
    const until = isStudy ? Date.now() + STUDY_S * 1_000 : Number.POSITIVE_INFINITY;
    let tried = 0;
    for (const seed of seeds) {
      if (Date.now() > until) break;
      tried += 1;
      const findings = await without(name, () => findingsOf(guard, seed));
      if (findings.length === 0) continue;
      tell(`${name}: seed ${seed}: ${findings[0]}`);
      return;
    }
    tell(`${name}: no seed of ${tried}`);
    if (guard.seed === undefined) return;
    expect.unreachable(`no seed of ${seeds.size} goes red without \`${name}\``);
  },
  WAIT_MS,
);
