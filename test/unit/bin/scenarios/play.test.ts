import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { play } from '../../../../bin/scenarios/play.ts';
import { storyOf } from '../../../../bin/scenarios/story.ts';
import type { Scenario } from '../../../../firmware-sim/scenarios/scenario.ts';
import { SCENARIOS } from '../../../../firmware-sim/scenarios/scenarios.table.ts';

const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const FORM = process.env['SCENARIOS'] === 'long' ? 'long' : 'short';
const EVERY = SCENARIOS.map((one) => [one.id, one] as const);
/** What a stage calls itself; one whose name ends with a word of the policy has it up to there. */
const stageNames = (): readonly string[] =>
  readdirSync('edge/stages').flatMap((file) =>
    [...readFileSync(`edge/stages/${file}`, 'utf8').matchAll(/^ +name: .*?['`]([a-z][a-z-]+)/gm)].map(
      ([, name]) => name ?? '',
    ),
  );
const unmet = async (scenario: Scenario, without: readonly string[]) =>
  (await play(scenario, { form: 'short', scratch, without })).met
    .filter(({ isMet }) => !isMet)
    .map(({ figure }) => figure);

describe('every situation ends as it has to', () => {
  test.each(EVERY)('%s', { timeout: 3_600_000 }, async (_, scenario) => {
    const played = await play(scenario, { form: FORM, scratch });
    expect(played.met.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(played.passed).toBe(true);
    const story = storyOf(played, 'zh');
    expect(story.at(-1)).toContain(played.digest);
    expect(story.length).toBeGreaterThan(played.told.length + played.met.length);
  });
});

describe.skipIf(FORM === 'long')(
  'the same seed gives the same bytes (needs the short form: the long one has no time for it)',
  () => {
    test.each(EVERY)('%s', { timeout: 120_000 }, async (_, scenario) => {
      const one = await play(scenario, { form: 'short', scratch });
      expect(await play(scenario, { form: 'short', scratch })).toEqual(one);
      const changed = await play(scenario, { form: 'short', scratch, seed: 'another' });
      expect(changed.met.filter(({ isMet }) => !isMet)).toEqual([]);
      expect(changed.digest).not.toBe(one.digest);
    });
  },
);

describe('what is switched off is missed by the scenario that guards it', () => {
  const guarded = SCENARIOS.flatMap((scenario) =>
    scenario.guards.map((guard) => [scenario.id, guard, scenario] as const),
  );
  test.each(guarded)('%s without `%s`', { timeout: 120_000 }, async (_, guard, scenario) => {
    expect(await unmet(scenario, [guard])).not.toEqual([]);
  });

  test('every stage of the pipeline has a scenario that misses it', () => {
    const guards = new Set(guarded.map(([, guard]) => guard));
    const lonely = stageNames().filter((name) => ![...guards].some((guard) => name.startsWith(guard)));
    expect(lonely).toEqual([]);
  });
});
