import { expect, test } from 'vitest';
import { planFleet } from '../../../firmware-sim/fleet.ts';
import { startRuns } from '../../../firmware-sim/runs.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../proto/words/time.ts';

const NOW = Date.UTC(2026, 2, 20, 4) as Instant;
const START = (NOW - DAY_MS) as Instant;

/** How far each vehicle has come after a second at 36 times the time. */
function clocks(ahead: number | undefined) {
  const options = { seed: 'ahead', vehicles: 3, traces: [], speed: 36, overSeconds: 12, ahead };
  const plans = planFleet({ ...options, traces: [] });
  const runs = startRuns({ options, plans, traces: [], start: START, startedAt: NOW, resumed: undefined });
  const later = (NOW + 1_000) as Instant;
  return runs.map((run) => {
    for (let round = 0; round < 100 && run.advance(later, () => true) > 0; round += 1);
    return (run.clock() ?? START) - START;
  });
}

test('the first vehicles catch up at full speed where that is asked, and the others do not', () => {
  const [first = 0, second = 0, third = 0] = clocks(2);
  for (const one of [first, second]) {
    expect(one).toBeGreaterThan(HOUR_MS / 2);
    expect(one).toBeLessThanOrEqual(HOUR_MS);
  }
  expect(third).toBeLessThan(60_000);
  expect(Math.max(...clocks(undefined))).toBeLessThan(60_000);
});
