import { describe, expect, test } from 'vitest';
import { campaignProgress } from '../../../../console/models/campaign-progress.ts';
import { WORDS } from '../../../../console/words/words.table.ts';
import { UPDATE_REASONS, UPDATE_STATES } from '../../../../proto/words/update.ts';

const count = (state: string, vehicles: number) => ({ state, reason: 'none', vehicles });

describe('how far a campaign is', () => {
  test('who told nothing is a row, so that rows add up to the vehicles', () => {
    const counts = [count('installed', 3), count('failed', 1)];
    expect(campaignProgress({ vehicles: 10, counts })).toEqual({
      installed: 3,
      share: 0.3,
      rows: [...counts, count('silent', 6)],
    });
  });

  test('a campaign of no vehicle has no share, and none is above the whole', () => {
    expect(campaignProgress({ vehicles: 0, counts: [] })).toEqual({ installed: 0, share: undefined, rows: [] });
    // Vehicles that were taken off the list after they had installed it.
    expect(campaignProgress({ vehicles: 2, counts: [count('installed', 3)] }).share).toBe(1);
  });

  test('every state and reason that vehicles tell has words', () => {
    const wanted = [
      ...UPDATE_STATES.map((state) => `update-state.${state}`),
      ...UPDATE_REASONS.filter((reason) => reason !== 'none').map((reason) => `update-reason.${reason}`),
    ];
    expect(wanted.filter((word) => !Object.hasOwn(WORDS, word))).toEqual([]);
  });
});
