import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { ACTS } from '../../../../bin/scenarios/acts.table.ts';
import { play } from '../../../../bin/scenarios/play.ts';
import { SCENARIOS } from '../../../../firmware-sim/scenarios/scenarios.table.ts';

test.each(SCENARIOS.filter(({ id }) => id in ACTS).map((one) => [one.id, one] as const))('%s', async (_, scenario) => {
  const c = process.cpuUsage();
  const played = await play(scenario, { form: 'short', scratch: tmpdir() });
  const d = process.cpuUsage(c);
  console.log(scenario.id, (d.user + d.system) / 1e3, played.digest, JSON.stringify(played.figures), played.told.map(({ words }) => words.en).join('; '));
  expect(played.met.filter(({ isMet }) => !isMet)).toEqual([]);
});
