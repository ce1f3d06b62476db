import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttemptAt, nextRoundAt, ROUND_PAUSE_MS_MAX } from '../../../../cloud/exporter/pauses.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const SETTINGS = { attemptsPerRound: 5, pauseMs: 500, pauseMsMax: 30_000, roundPauseMs: 300_000 };
const NOW = 1_000_000 as Instant;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('pauses double up to their limit, and half of each is left to chance', () => {
  const whole = [1, 2, 3, 6, 7, 8].map((failed) => nextAttemptAt(NOW, failed, SETTINGS, 0.999_999) - NOW);
  expect(whole).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
  expect(nextAttemptAt(NOW, 1, SETTINGS, 0) - NOW).toBe(250);
});

test('rounds come further apart, up to an hour', () => {
  const whole = [0, 1, 2, 9].map((failed) => nextRoundAt(NOW, failed, SETTINGS, 0.999_999_9) - NOW);
  expect(whole).toEqual([300_000, 600_000, 1_200_000, ROUND_PAUSE_MS_MAX]);
});

test('a pause that is configured longer than an hour stays as long as it is', () => {
  expect(nextRoundAt(NOW, 3, { ...SETTINGS, roundPauseMs: 7_200_000 }, 0.999_999_99) - NOW).toBe(7_200_000);
});

test('no pause is ever shorter than half its setting or longer than its limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), chance, (failed, drawn) => {
      const pause = nextAttemptAt(NOW, failed, SETTINGS, drawn) - NOW;
      expect(pause).toBeGreaterThanOrEqual(SETTINGS.pauseMs / 2);
      expect(pause).toBeLessThanOrEqual(SETTINGS.pauseMsMax);
      const round = nextRoundAt(NOW, failed, SETTINGS, drawn) - NOW;
      expect(round).toBeGreaterThanOrEqual(SETTINGS.roundPauseMs / 2);
      expect(round).toBeLessThanOrEqual(ROUND_PAUSE_MS_MAX);
    }),
  );
});
