import { describe, expect, test } from 'vitest';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { createConditions } from '../../../edge/conditions.ts';
import { ACKNOWLEDGE_TIMEOUT_MS, createDrain, IN_FLIGHT_MAX } from '../../../edge/drain.ts';
import type { Uplink } from '../../../edge/ports/uplink.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { openDatabase } from '../../support/edge/databases.ts';
import { oneOf } from '../../support/edge/one-spool.ts';
import { batchAt } from '../../support/edge/spooled.ts';

/** A drain on a spool of so many batches of two frames, with an uplink that notes what it is given. */
function rigOf(batches: number) {
  const spools = sqliteSpools(openDatabase(), { maxSize: 1_000_000, strategyOnFull: 'RejectNewData' });
  const spool = oneOf(spools);
  const add = (): void => {
    const appended = spool.append({ batch: batchAt(spool.nextSequence(), 2, 50), released: [], told: [] });
    if (!appended.ok) throw new Error(appended.fault.code);
  };
  for (let index = 0; index < batches; index += 1) add();
  const sent: number[] = [];
  const faults: string[] = [];
  const clock = { now: 1_000_000 };
  let reconnects = 0;
  const uplink: Uplink = {
    send: ({ firstSequence }) => void sent.push(firstSequence),
    reconnect: () => {
      reconnects += 1;
    },
    close: async () => undefined,
  };
  const drain = createDrain({
    spools,
    uplink: () => uplink,
    clock: { now: () => clock.now as Instant },
    conditions: createConditions(undefined),
    onFault: ({ code }) => void faults.push(code),
    settings: { order: 'fifo', rules: {} },
  });
  const acknowledge = (firstSequence: number, epoch = spool.epoch): void => {
    const acknowledgement = { epoch, ranges: [{ firstSequence, count: 2, quarantined: false }] };
    if (epoch === spool.epoch) spool.acknowledge(firstSequence, 2);
    drain.acknowledged(acknowledgement);
  };
  return { add, spool, sent, faults, clock, drain, acknowledge, reconnects: () => reconnects };
}

const evenUpTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => 2 * index);

describe('drain', () => {
  test('sends nothing before it is connected', () => {
    const { drain, sent } = rigOf(3);
    drain.pump();
    expect([sent, drain.isConnected()]).toEqual([[], false]);
    drain.connected();
    expect([sent, drain.isConnected()]).toEqual([[0, 2, 4], true]);
  });

  test('keeps a window in flight, oldest first, and fills it as acknowledgements come', () => {
    const { drain, sent, acknowledge } = rigOf(20);
    drain.connected();
    drain.pump();
    expect(sent).toEqual(evenUpTo(IN_FLIGHT_MAX));
    acknowledge(4);
    drain.pump();
    expect(sent).toEqual(evenUpTo(IN_FLIGHT_MAX + 1));
    for (const sequence of evenUpTo(20)) {
      acknowledge(sequence);
      drain.pump();
    }
    expect(sent).toEqual(evenUpTo(20));
  });

  test('sends again after a break what was not acknowledged, and only that', () => {
    const { drain, sent, acknowledge, add } = rigOf(4);
    drain.connected();
    acknowledge(2);
    drain.disconnected();
    add();
    drain.pump();
    expect(sent).toEqual([0, 2, 4, 6]);
    drain.connected();
    expect(sent.slice(4)).toEqual([0, 4, 6, 8]);
  });

  test('a connection that acknowledges nothing is opened anew, once for each time-out', () => {
    const { drain, clock, reconnects, faults } = rigOf(2);
    drain.connected();
    clock.now += ACKNOWLEDGE_TIMEOUT_MS;
    drain.pump();
    expect(reconnects()).toBe(0);
    clock.now += 1;
    drain.pump();
    drain.pump();
    expect(reconnects()).toBe(1);
    clock.now += ACKNOWLEDGE_TIMEOUT_MS + 1;
    drain.pump();
    expect(reconnects()).toBe(2);
    expect(faults).toEqual(['UPLINK_SILENT', 'UPLINK_SILENT']);
  });

  test('an idle connection is left alone, however long, and the time-out begins with the next batch', () => {
    const { drain, clock, reconnects, add, sent } = rigOf(0);
    drain.connected();
    clock.now += 100 * ACKNOWLEDGE_TIMEOUT_MS;
    drain.pump();
    add();
    drain.pump();
    clock.now += ACKNOWLEDGE_TIMEOUT_MS;
    drain.pump();
    expect([reconnects(), sent]).toEqual([0, [0]]);
  });

  test('acknowledgements of another epoch free no place in the window and are no sign of life', () => {
    const { drain, clock, sent, acknowledge, spool, reconnects } = rigOf(20);
    drain.connected();
    clock.now += ACKNOWLEDGE_TIMEOUT_MS + 1;
    acknowledge(0, spool.epoch + 1);
    drain.pump();
    expect([sent.length, reconnects()]).toEqual([IN_FLIGHT_MAX, 1]);
  });

  test('deletes nothing by itself', () => {
    const { drain, spool, acknowledge } = rigOf(3);
    drain.connected();
    drain.pump();
    drain.disconnected();
    expect(spool.status().framesWaiting).toBe(6);
    acknowledge(0, spool.epoch + 1);
    expect(spool.status().framesWaiting).toBe(6);
  });
});
