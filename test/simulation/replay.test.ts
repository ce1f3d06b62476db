import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { borderRunner, fleetRunner } from './runners.ts';
import { seedsFrom } from './seeds.ts';

// A seed is one story in whatever process it is told: two of them tell the same seeds beside each other, and so under load.

const SEEDS = 2;
/** However many `make soak` plays: it plays each of them once more, twice. */
const SEEDS_MAX = 20;
/** Of two processes over twenty seeds of each kind on a loaded machine. */
const WAIT_MS = 1_800_000;
const VITEST = join(process.cwd(), 'node_modules/vitest/vitest.mjs');

const worlds = { border: borderRunner(), fleet: fleetRunner() };
const directory = mkdtempSync(join(tmpdir(), 'tongguan-replay-'));
afterAll(() => {
  for (const { close } of Object.values(worlds)) close();
  rmSync(directory, { recursive: true, force: true });
});

/** By kind and seed; a seed that is red has a digest too. */
async function digests(): Promise<Readonly<Record<string, string>>> {
  const told: Record<string, string> = {};
  for (const seed of seedsFrom(SEEDS).slice(0, SEEDS_MAX))
    for (const [name, { run }] of Object.entries(worlds)) told[`${name} ${seed}`] = (await run(seed)).digest;
  return told;
}

/** @throws when the other process ended without telling */
function fromAnotherProcess(file: string): Promise<Readonly<Record<string, string>>> {
  const { VITEST_POOL_ID: _pool, VITEST_WORKER_ID: _worker, ...env } = process.env;
  const args = [VITEST, 'run', '--project', 'shared', 'test/simulation/replay.test.ts'];
  return new Promise((tell, fail) => {
    execFile(process.execPath, args, { env: { ...env, DIGESTS_TO: file }, timeout: WAIT_MS }, (fault, out, errors) => {
      if (fault === null) tell(JSON.parse(readFileSync(file, 'utf8')));
      else fail(new Error(`${out}${errors}`));
    });
  });
}

const to = process.env['DIGESTS_TO'];

test(
  'a seed replays exactly in another process, while both are busy',
  async () => {
    if (to !== undefined) {
      writeFileSync(to, JSON.stringify(await digests()));
      return;
    }
    const [own, other] = await Promise.all([digests(), fromAnotherProcess(join(directory, 'digests.json'))]);
    expect(Object.keys(own).length).toBeGreaterThan(0);
    expect(other).toEqual(own);
  },
  WAIT_MS,
);
