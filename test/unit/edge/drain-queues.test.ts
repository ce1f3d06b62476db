import { describe, expect, test } from 'vitest';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { createConditions } from '../../../edge/conditions.ts';
import { createDrain, type DrainSettings, IN_FLIGHT_MAX } from '../../../edge/drain.ts';
import { PRIORITIES, type Priority } from '../../../proto/words/priority.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { openDatabase } from '../../support/edge/databases.ts';
import { oneOf } from '../../support/edge/one-spool.ts';
import { batchAt } from '../../support/edge/spooled.ts';

const UNMETERED = 'Vehicle.Connectivity.IsUnmetered';
const BATCH_BYTES = 1_000;

/** A drain on queues of every priority; what is sent is noted as priority and sequence. */
function rigOf(settings: Partial<DrainSettings> = {}) {
  const spools = sqliteSpools(openDatabase(), { maxSize: 10_000_000, strategyOnFull: 'RejectNewData' });
  const faults: string[] = [];
  const clock = { now: 1_000_000 as Instant };
  const conditions = createConditions(UNMETERED);
  const sent: string[] = [];
  const drain = createDrain({
    spools,
    uplink: () => ({
      send: ({ firstSequence }, { priority }) => void sent.push(`${priority} ${firstSequence}`),
      reconnect: () => undefined,
      close: async () => undefined,
    }),
    clock: { now: () => clock.now },
    conditions,
    onFault: ({ code }) => void faults.push(code),
    settings: { order: 'fifo', rules: {}, ...settings },
  });
  const add = (priority: Priority, times = 1): void => {
    const queue = oneOf(spools, priority);
    for (let index = 0; index < times; index += 1) {
      const batch = batchAt(queue.nextSequence(), 1, BATCH_BYTES);
      expect(queue.append({ batch, sealedAt: clock.now, released: [], told: [] }).ok).toBe(true);
    }
  };
  const acknowledge = (priority: Priority, firstSequence: number): void => {
    const { epoch } = spools.of[priority];
    spools.of[priority].acknowledge(firstSequence, 1);
    drain.acknowledged({ epoch, ranges: [{ firstSequence, count: 1, quarantined: false }] });
    drain.pump();
  };
  const wait = (ms: number): void => {
    clock.now = later(clock.now, ms);
    drain.pump();
  };
  const tell = (signals: Record<string, number | boolean>): void => {
    conditions.take({ kind: 'signals', at: MORNING, signals });
    drain.pump();
  };
  return { faults, spools, drain, sent, add, acknowledge, wait, tell };
}

test('the most urgent queue goes first, whatever came first; within one the oldest', () => {
  const { add, drain, sent } = rigOf();
  for (const priority of [...PRIORITIES].reverse()) add(priority, 2);
  drain.connected();
  expect(sent).toEqual(PRIORITIES.flatMap((priority) => [`${priority} 0`, `${priority} 1`]));
});

test('what becomes urgent later overtakes the backlog that is not in flight', () => {
  const { add, drain, sent, acknowledge } = rigOf();
  add('statistics', 20);
  drain.connected();
  add('emergency');
  acknowledge('statistics', 0);
  expect(sent.slice(IN_FLIGHT_MAX)).toEqual(['emergency 0']);
});

describe('order after an outage', () => {
  test('fifo: the backlog first', () => {
    const { add, drain, sent, acknowledge } = rigOf({ order: 'fifo' });
    add('statistics', 20);
    drain.connected();
    add('statistics');
    acknowledge('statistics', 0);
    expect(sent.at(-1)).toBe(`statistics ${IN_FLIGHT_MAX}`);
  });

  test('live-first: what is sealed from now on, and the backlog with the room that is left, all of it once', () => {
    const { add, drain, sent, acknowledge, spools } = rigOf({ order: 'live-first' });
    add('statistics', 20);
    drain.connected();
    add('statistics');
    acknowledge('statistics', 0);
    expect(sent.at(-1)).toBe('statistics 20');
    for (let turn = 0; turn < 40; turn += 1) acknowledge('statistics', Number(sent[turn]?.split(' ')[1] ?? 0));
    expect(spools.status().framesWaiting).toBe(0);
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toHaveLength(21);
  });
});

describe('rules of upload', () => {
  test('parked: nothing while nothing is known, nothing while moving, everything while standing', () => {
    const { add, drain, sent, tell } = rigOf({ rules: { statistics: { parked: true } } });
    add('statistics');
    drain.connected();
    expect(sent).toEqual([]);
    tell({ 'Vehicle.Speed': 0.5 });
    tell({ 'Vehicle.IsMoving': true });
    expect(sent).toEqual([]);
    tell({ 'Vehicle.Speed': 0 });
    expect(sent).toEqual(['statistics 0']);
  });

  test('a queue that waits holds up no other', () => {
    const { add, drain, sent } = rigOf({ rules: { safety: { parked: true } } });
    add('safety');
    add('statistics');
    drain.connected();
    expect(sent).toEqual(['statistics 0']);
  });

  test('unmetered: only on a link that says so, and no longer when it stops', () => {
    const { add, drain, sent, tell } = rigOf({ rules: { statistics: { unmetered: true } } });
    add('statistics');
    drain.connected();
    tell({ [UNMETERED]: 1 });
    expect(sent).toEqual([]);
    tell({ [UNMETERED]: true });
    expect(sent).toEqual(['statistics 0']);
    tell({ [UNMETERED]: false });
    add('statistics');
    drain.pump();
    expect(sent).toEqual(['statistics 0']);
  });

  test('minBytes: enough at the number and not below it, or the oldest has waited for maxDelay', () => {
    const { add, drain, sent } = rigOf({ rules: { statistics: { minBytes: 3 * BATCH_BYTES, maxDelay: 60 } } });
    add('statistics', 2);
    drain.connected();
    expect(sent).toEqual([]);
    add('statistics');
    drain.pump();
    expect(sent).toHaveLength(3);
    const other = rigOf({ rules: { statistics: { minBytes: 3 * BATCH_BYTES, maxDelay: 60 } } });
    other.add('statistics');
    other.drain.connected();
    other.wait(59_999);
    expect(other.sent).toEqual([]);
    other.wait(1);
    expect(other.sent).toEqual(['statistics 0']);
  });
});

describe('bandwidth', () => {
  test('over any time no more than what was saved and what the time brought', () => {
    const { add, drain, sent, wait, acknowledge } = rigOf({ maxBandwidth: 2_000 });
    add('statistics', 200);
    drain.connected();
    const drainAll = (): void => {
      for (const name of [...sent]) acknowledge('statistics', Number(name.split(' ')[1]));
    };
    for (let turn = 0; turn < 20; turn += 1) drainAll();
    // The bucket holds 65,536 bytes at first.
    expect(sent).toHaveLength(65);
    wait(1_000);
    for (let turn = 0; turn < 5; turn += 1) drainAll();
    expect(sent).toHaveLength(67);
  });

  test('a clock that jumps back gives nothing and stops nothing', () => {
    const { add, drain, sent, wait, acknowledge } = rigOf({ maxBandwidth: 2_000 });
    add('statistics', 100);
    drain.connected();
    for (let turn = 0; turn < 70; turn += 1) acknowledge('statistics', turn);
    const before = sent.length;
    wait(-10_000_000);
    expect(sent).toHaveLength(before);
    wait(2_000);
    expect(sent.length).toBeGreaterThan(before);
  });
});
