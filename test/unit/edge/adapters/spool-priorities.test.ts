import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteSpools } from '../../../../edge/adapters/sqlite-spool.ts';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import type { StrategyOnFull } from '../../../../edge/ports/spool.ts';
import { PRIORITIES, type Priority } from '../../../../proto/words/priority.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { oneOf } from '../../../support/edge/one-spool.ts';
import { batchAt } from '../../../support/edge/spooled.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const at = (ms: number): Instant => ms as Instant;

function rigOf(strategyOnFull: StrategyOnFull, file = join(tempDirectory(), 'agent.db')) {
  const spools = sqliteSpools(openAgentDatabase(file), { maxSize: 10_000, strategyOnFull });
  const add = (priority: Priority, sealedAt = 0, size = 1_000) => {
    const queue = oneOf(spools, priority);
    const batch = batchAt(queue.nextSequence(), 2, size);
    return queue.append({ batch, sealedAt: at(sealedAt), released: [], told: queue.dropNotices() });
  };
  const firsts = (priority: Priority) => spools.of[priority].read(-1, 99).map(({ firstSequence }) => firstSequence);
  return { spools, add, firsts, file };
}

test('each queue counts for itself, under an epoch of its own, over restarts', () => {
  const first = rigOf('RejectNewData');
  for (const priority of PRIORITIES) expect(first.add(priority).ok).toBe(true);
  expect(first.add('safety').ok).toBe(true);
  const epochs = PRIORITIES.map((priority) => first.spools.of[priority].epoch);
  expect(new Set(epochs).size).toBe(PRIORITIES.length);
  first.spools.close();
  const { spools, firsts } = rigOf('RejectNewData', first.file);
  expect(PRIORITIES.map((priority) => spools.of[priority].epoch)).toEqual(epochs);
  expect(PRIORITIES.map((priority) => spools.of[priority].nextSequence())).toEqual([2, 4, 2, 2]);
  expect(firsts('safety')).toEqual([0, 2]);
  expect(spools.status()).toEqual({ framesWaiting: 10, framesHeld: 0, bytes: 5_000 });
  spools.close();
});

test('an acknowledgement takes from its own queue only', () => {
  const { spools, add, firsts } = rigOf('RejectNewData');
  add('emergency');
  add('statistics');
  expect(spools.of.emergency.acknowledge(0, 2)).toBe(2);
  expect([firsts('emergency'), firsts('statistics')]).toEqual([[], [0]]);
  spools.close();
});

describe('a full spool', () => {
  test('OverwriteOldestData gives up the oldest of the least priority first, and each queue tells its own losses', () => {
    const { spools, add, firsts } = rigOf('OverwriteOldestData');
    for (let index = 0; index < 5; index += 1) add('statistics');
    for (let index = 0; index < 5; index += 1) add('diagnostics');
    for (let index = 0; index < 7; index += 1) expect(add('emergency').ok).toBe(true);
    expect([firsts('statistics'), firsts('diagnostics'), firsts('emergency').length]).toEqual([[], [4, 6, 8], 7]);
    expect(spools.of.statistics.dropNotices()).toEqual([{ firstSequence: 0, count: 10, cause: 'spool-full' }]);
    expect(spools.of.diagnostics.dropNotices()).toEqual([{ firstSequence: 0, count: 4, cause: 'spool-full' }]);
    expect(spools.of.emergency.dropNotices()).toEqual([]);
    spools.close();
  });

  test('OverwriteOldestData never gives up something more urgent than what comes in', () => {
    const { spools, add, firsts } = rigOf('OverwriteOldestData');
    for (let index = 0; index < 10; index += 1) add('safety');
    expect(add('statistics')).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    expect([firsts('safety').length, spools.of.safety.dropNotices()]).toEqual([10, []]);
    spools.close();
  });

  test('nothing is given up for what would not fit even so', () => {
    const { spools, add, firsts } = rigOf('OverwriteOldestData');
    for (let index = 0; index < 6; index += 1) add('safety');
    for (let index = 0; index < 4; index += 1) add('statistics');
    expect(add('diagnostics', 0, 4_001)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    expect(firsts('statistics')).toHaveLength(4);
    expect(add('diagnostics', 0, 4_000).ok).toBe(true);
    expect([firsts('statistics'), firsts('safety').length]).toEqual([[], 6]);
    spools.close();
  });

  test('RejectNewData refuses whatever its priority', () => {
    const { spools, add } = rigOf('RejectNewData');
    for (let index = 0; index < 10; index += 1) add('statistics');
    expect(add('emergency')).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    spools.close();
  });
});

describe('age', () => {
  test('gives up what was sealed before the moment of its priority, and not at it; the queue tells it as expired', () => {
    const { spools, add, firsts } = rigOf('RejectNewData');
    for (const sealedAt of [100, 200, 300]) add('statistics', sealedAt);
    for (const sealedAt of [100, 200]) add('diagnostics', sealedAt);
    expect(spools.expire({ statistics: at(300) })).toEqual({ ok: true, value: 4 });
    expect([firsts('statistics'), firsts('diagnostics')]).toEqual([[4], [0, 2]]);
    expect(spools.of.statistics.dropNotices()).toEqual([{ firstSequence: 0, count: 4, cause: 'expired' }]);
    expect(spools.status().bytes).toBe(3_000);
    spools.close();
  });

  test('losses of different causes are different notices, neighbours or not', () => {
    const { spools, add } = rigOf('OverwriteOldestData');
    for (let index = 0; index < 10; index += 1) add('statistics', index);
    expect(spools.expire({ statistics: at(1) }).ok).toBe(true);
    for (let index = 0; index < 2; index += 1) {
      const queue = oneOf(spools, 'statistics');
      queue.append({ batch: batchAt(queue.nextSequence(), 2, 1_000), released: [], told: [] });
    }
    expect(spools.of.statistics.dropNotices()).toEqual([
      { firstSequence: 0, count: 2, cause: 'expired' },
      { firstSequence: 2, count: 2, cause: 'spool-full' },
    ]);
    spools.close();
  });

  test.each([
    ['after all the others, from the front', [35, 34, 33, 0, 20, 10]],
    ['in the order of their sealing', [1, 3, 34, 35]],
    ['between the others', [17, 16, 15]],
  ])('past the most notices every loss stays named, whichever batch goes: %s', (_, order) => {
    const { spools } = rigOf('RejectNewData');
    const queue = spools.of.statistics;
    const add = (consent: string): void => {
      const batch = batchAt(queue.nextSequence(), 2, 100);
      const basis = { purpose: 'journeys', consent };
      expect(queue.append({ batch, sealedAt: at(0), released: [], told: [], basis }).ok).toBe(true);
    };
    for (let index = 0; index < 36; index += 1) add(`c${index}`);
    const lost: number[] = [];
    const lose = (index: number): void => {
      const consent = { purpose: 'journeys', consent: `c${index}`, cause: 'consent-ended', letGo: 0 } as const;
      expect(spools.removeUnder({ ...consent, isNews: false, alongside: () => undefined }).ok).toBe(true);
      lost.push(index * 2);
    };
    // Sixteen apart from each other, so that none joins another: no more of them fit into a batch.
    const apart = Array.from({ length: 16 }, (_, index) => 2 + 2 * index).filter((index) => !order.includes(index));
    for (const index of [...apart, ...order]) {
      lose(index);
      const notices = queue.dropNotices();
      expect(notices.length).toBeLessThanOrEqual(16);
      for (const first of lost)
        expect(notices).toSatisfy((all: typeof notices) =>
          all.some(({ firstSequence, count }) => firstSequence <= first && first + 2 <= firstSequence + count),
        );
      // Of nothing that was not sealed yet.
      for (const { firstSequence, count } of notices) expect(firstSequence + count).toBeLessThanOrEqual(72);
    }
    spools.close();
  });

  test('how much waits and since when', () => {
    const { spools, add } = rigOf('RejectNewData');
    expect(spools.of.safety.waiting()).toEqual({ bytes: 0, oldestAt: undefined });
    add('safety', 500);
    add('safety', 400);
    expect(spools.of.safety.waiting()).toEqual({ bytes: 2_000, oldestAt: 400 });
    spools.close();
  });
});
