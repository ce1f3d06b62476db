import fc from 'fast-check';
import { expect, test } from 'vitest';
import { later, type PacedFrame } from '../../firmware-sim/paced-frame.ts';
import { startRun, syntheticPace, unpaced } from '../../firmware-sim/vehicle-run.ts';
import type { Instant } from '../../proto/words/time.ts';

const WALL = Date.UTC(2026, 0, 1) as Instant;

test('no time stamp is ever in the future, whatever the speed, the steps of the clock and the refusals', () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.integer({ min: -5_000, max: 600_000 }), takes: fc.integer({ min: 0, max: 50 }) }),
    {
      maxLength: 40,
    },
  );
  const speeds = fc.oneof(fc.constant(undefined), fc.double({ min: 1, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(speeds, fc.integer({ min: 0, max: 86_400_000 }), steps, (speed, lookBackMs, rounds) => {
      const run = startRun(
        ticks(later(WALL, -lookBackMs)),
        (firstDue) => (speed === undefined ? unpaced() : syntheticPace(WALL, speed, firstDue)),
        undefined,
      );
      let now = WALL;
      let last = Number.NEGATIVE_INFINITY;
      for (const { waitMs, takes } of rounds) {
        now = later(now, waitMs);
        let left = takes;
        run.advance(now, ({ at }) => {
          expect(at).toBeLessThanOrEqual(now);
          if (left === 0) return false;
          left -= 1;
          expect(at).toBeGreaterThan(last);
          last = at;
          return true;
        });
      }
    }),
  );
});

function* ticks(from: Instant): Generator<PacedFrame, void> {
  for (let at = from; ; at = later(at, 7_000)) yield { due: at, frame: { kind: 'clock', at } };
}
