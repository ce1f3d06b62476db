import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { play } from '../../../../bin/scenarios/play.ts';
import { storyOf } from '../../../../bin/scenarios/story.ts';
import type { Scenario } from '../../../../firmware-sim/scenarios/scenario.ts';
import { SCENARIOS } from '../../../../firmware-sim/scenarios/scenarios.table.ts';

const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const FORM = process.env['SCENARIOS'] === 'long' ? 'long' : 'short';
const named = (ids: readonly string[]) =>
  SCENARIOS.filter(({ id }) => ids.includes(id)).map((one) => [one.id, one] as const);
/** Of these a play takes little time. */
const QUICK = ['tunnel', 'lying-vehicle', 'year-rollover', 'false-updates'];
const unmet = async (scenario: Scenario, without: readonly string[]) =>
  (await play(scenario, { form: 'short', scratch, without })).met
    .filter(({ isMet }) => !isMet)
    .map(({ figure }) => figure);

describe('every situation ends as it has to', () => {
  test.each(SCENARIOS.map((one) => [one.id, one] as const))('%s', { timeout: 3_600_000 }, async (_, scenario) => {
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
    test.each(named(['tunnel']))('%s', async (_, scenario) => {
      const [one, other] = [
        await play(scenario, { form: 'short', scratch }),
        await play(scenario, { form: 'short', scratch }),
      ];
      expect(one).toEqual(other);
      const changed = await play(scenario, { form: 'short', scratch, seed: 'another' });
      expect([changed.digest === one.digest, changed.passed]).toEqual([false, true]);
    });
  },
);

describe('what is switched off is missed by the scenario that guards it', () => {
  const guarded = SCENARIOS.flatMap((scenario) =>
    scenario.guards.map((guard) => [scenario.id, guard, scenario] as const),
  );
  /** Each guard of each scenario is tried in the long form. */
  const tried = guarded.filter(([id]) => FORM === 'long' || QUICK.includes(id));
  test.each(tried)('%s without `%s`', async (_, guard, scenario) => {
    expect(await unmet(scenario, [guard])).not.toEqual([]);
  });
});
