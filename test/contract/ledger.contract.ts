import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../cloud/classification/memory-store.ts';
import { openAggregates } from '../../cloud/classification/running-aggregates.ts';
import type { AggregateChanges, AggregateStore } from '../../cloud/ports/aggregate-store.ts';
import type { BatchNote, Extents, Ledger, LedgerTotals } from '../../cloud/ports/ledger.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type AnyRecord, anyRecord } from '../support/classification/any-records.ts';
import { RULES, summaryOf } from '../support/classification/summary.ts';
import { NOW } from '../support/cloud/batches.ts';

/** Opens the ledger; again after a restart, with what it held. Whoever had it open before writes it no more. */
export type OpenLedger = () => Ledger;

const totals: LedgerTotals = { framesAdmitted: 1, duplicates: 2, framesQuarantined: 3, framesDroppedByVehicles: 4 };
const nothing = { changes: [], notes: [], totals };

export const note = (change: Partial<BatchNote> = {}): BatchNote => ({
  ...{ deviceNumber: 1, epoch: 11, firstSequence: 0, count: 2, receivedAt: NOW, policyId: 'test', policyVersion: 1 },
  steps: [{ stage: 'allow-signals', parameters: 'paths=7' }],
  removals: [],
  ...change,
});

const changed = (extents: Extents, deviceNumber = 1, epoch = 11, dropped?: Extents) => ({
  ...{ deviceNumber, epoch, extents },
  ...(dropped && { dropped }),
});

/** What every adapter of this port must do. @param begin - an empty ledger */
export function describeLedger(name: string, begin: () => OpenLedger): void {
  describe(`Ledger contract: ${name}`, () => {
    describeSequences(begin);
    describeNotes(begin);
    describeFailure(begin);
    describeAggregates(begin);
  });
}

function describeSequences(begin: () => OpenLedger): void {
  test('knows nothing of a device it never saw, and has counted nothing', () => {
    const ledger = begin()();
    expect([ledger.extents(1, 11), ledger.dropped(1, 11), ledger.positions('books')]).toEqual([[], [], []]);
    expect([Object.values(ledger.totals()), ledger.removed(), ledger.latest(1, 9)]).toEqual([[0, 0, 0, 0], {}, []]);
    expect(ledger.spool(1)).toBeUndefined();
  });

  test('gives back sequences, positions and totals, at once and after it was opened again', () => {
    const open = begin();
    const [first, epoch] = [open(), 2 ** 48 - 1];
    const extents: Extents = [
      [0, 5],
      [9, Number.MAX_SAFE_INTEGER],
    ];
    const upTo = { topic: 'books', partition: 3, offset: 2 ** 40 };
    const changes = [changed(extents, 1, epoch, [[5, 9]]), changed([[1, 2]], 2), changed([[3, 4]], 1, 12)];
    first.commit({ ...nothing, changes, upTo });
    first.commit({ ...nothing, changes: [changed([[3, 7]], 1, 12)], upTo: { ...upTo, offset: upTo.offset + 1 } });
    const seen = (held: Ledger) => [
      ...[held.extents(1, epoch), held.dropped(1, epoch), held.extents(2, 11), held.extents(1, 12)],
      ...[held.dropped(1, 12), held.positions('books'), held.positions('zone'), held.totals()],
    ];
    const expected = [extents, [[5, 9]], [[1, 2]], [[3, 7]], [], [{ ...upTo, offset: 2 ** 40 + 1 }], [], totals];
    expect(seen(first)).toEqual(expected);
    expect(seen(open())).toEqual(expected);
  });
}

function describeNotes(begin: () => OpenLedger): void {
  test('what vehicles told of batches stands once, and what they removed is counted once', () => {
    const open = begin();
    const ledger = open();
    const later = note({ firstSequence: 4, receivedAt: (NOW + 9) as Instant, steps: [], policyVersion: 2 });
    const removing = note({ removals: [{ cause: 'imagery', count: 5 }] });
    ledger.commit({ ...nothing, changes: [changed([[0, 6]])], notes: [removing, note({ firstSequence: 2 }), later] });
    ledger.commit({ ...nothing, notes: [removing, note({ deviceNumber: 2, removals: removing.removals })] });
    for (const held of [ledger, open()]) {
      expect(held.removed()).toEqual({ imagery: 10 });
      const [newest, ...others] = held.latest(1, 2);
      expect(newest).toEqual({
        ...{ receivedAt: NOW + 9, count: 2, policyId: 'test', policyVersion: 2, steps: [], removals: [] },
      });
      expect(others).toMatchObject([{ policyVersion: 1, steps: note().steps }]);
      expect(held.latest(1, 9)).toHaveLength(3);
    }
  });

  test('of a spool the standing after more frames is the newer, whatever came last', () => {
    const ledger = begin()();
    const told = (file: number, sealedBefore: number, eighths: number) =>
      ledger.commit({ ...nothing, notes: [note({ spool: { file, sealedBefore, eighths, offlineClass: 3 } })] });
    told(7, 100, 2);
    told(7, 50, 8);
    expect(ledger.spool(1)).toEqual({ eighths: 2, offlineClass: 3, receivedAt: NOW });
    told(8, 1, 5);
    expect(ledger.spool(1)).toMatchObject({ eighths: 5 });
  });
}

function describeFailure(begin: () => OpenLedger): void {
  test('a commit that fails leaves everything as it was, and the next one goes on', () => {
    const open = begin();
    const ledger = open();
    const slots = ledger.aggregates.slots([{ item: 'a', digest: 'd' }]);
    const at = (offset: number) => ({ topic: 'books', partition: 0, offset });
    const vehicle = { deviceNumber: 1, items: [1, 0, 0, 0], distance: 1, duration: 1, flags: 1 };
    const counted = { vehicles: [vehicle], years: [], days: [], flows: [], counts: [], totals: undefined };
    ledger.commit({ ...nothing, changes: [changed([[0, 5]])], upTo: at(1), aggregates: counted });
    const bad = note({ count: undefined as never, policyId: 'never' });
    const twice = { ...counted, vehicles: [{ ...vehicle, distance: 2 }] };
    const failing = {
      ...{ changes: [changed([[0, 99]], 1, 11, [[1, 2]])], notes: [note({ policyId: 'never' }), bad] },
      ...{ totals: { ...totals, framesAdmitted: 99 }, upTo: at(2), aggregates: twice },
    };
    expect(() => ledger.commit(failing)).toThrow();
    const seen = (held: Ledger) => [
      ...[held.extents(1, 11), held.dropped(1, 11), held.totals(), held.positions('books'), held.latest(1, 9)],
      ...[vehicles(held.aggregates), held.aggregates.slots([{ item: 'a', digest: 'd' }])],
    ];
    const expected = [[[0, 5]], [], totals, [at(1)], [], [vehicle], slots];
    expect(seen(ledger)).toEqual(expected);
    ledger.commit({ ...nothing, notes: [note({ policyId: 'never' })], upTo: at(2) });
    expect(ledger.latest(1, 9)).toMatchObject([{ policyId: 'never' }]);
    expect(seen(open()).slice(0, 3)).toEqual(expected.slice(0, 3));
  });
}

function describeAggregates(begin: () => OpenLedger): void {
  test('an item keeps its slot; tested otherwise, or met after records, it is not whole any more', () => {
    const open = begin();
    const ledger = open();
    const one = { item: 'a', digest: '1' };
    expect(ledger.aggregates.slots([one])).toEqual([{ item: 'a', slot: 0, isWhole: true }]);
    expect(ledger.aggregates.slots([{ ...one, digest: '2' }])).toMatchObject([{ slot: 0, isWhole: true }]);
    ledger.commit(nothing);
    const both = [{ item: 'b', digest: '1' }, one];
    expect(ledger.aggregates.slots(both).map(({ slot, isWhole }) => [slot, isWhole])).toEqual([
      ...[
        [0, false],
        [1, false],
      ],
    ]);
    expect(open().aggregates.slots([one])).toHaveLength(2);
  });

  test('counts in any groups, over restarts, what is counted in memory at once', () => {
    const samples = fc.sample(fc.array(anyRecord, { minLength: 40, maxLength: 80 }), { numRuns: 6, seed: 40 });
    for (const records of samples) {
      const open = begin();
      let ledger = open();
      for (let from = 0; from < records.length; from += 9) {
        count(ledger.aggregates, records.slice(from, from + 9), (aggregates) =>
          ledger.commit({ ...nothing, aggregates }),
        );
        if (from % 2 === 0) ledger = open();
      }
      const memory = memoryStore();
      const expected = openAggregates(RULES, memory);
      expected.settle(count(memory, records, memory.write));
      expect(summaryOf(openAggregates(RULES, ledger.aggregates))).toEqual(summaryOf(expected));
      for (const { device } of records) expect(days(ledger.aggregates, device)).toEqual(days(memory, device));
    }
  });
}

/** Takes a group in; an aggregate that was opened over the store before is out of date. */
function count(
  store: AggregateStore,
  records: readonly AnyRecord[],
  write: (changes: AggregateChanges) => void,
): AggregateChanges {
  const group = openAggregates(RULES, store).begin();
  for (const { device, content, area } of records) group.take(device, content, area);
  const changes = group.changes();
  write(changes);
  return changes;
}

const days = (store: AggregateStore, device: number) =>
  store.daysOf(device).toSorted((one, other) => one.chunk - other.chunk);

/** What is loaded is read to its end. */
function vehicles(store: AggregateStore) {
  const { vehicles: rows, years, flows } = store.load();
  const read = [...rows];
  expect([[...years], [...flows]]).toEqual([[], []]);
  return read;
}
