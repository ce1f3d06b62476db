import { describe, expect, test } from 'vitest';
import { commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import type { Arrival } from '../../../../cloud/ingest/sort-out.ts';
import type { FrameContent, SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { arrivalOf, sequencesIn, speedsOf, type ZoneName } from '../../../support/cloud/arrivals.ts';
import { batchOf, cellFrame, NOW, signalFrame, tripRow } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { RECORDS, type RecordRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const device = testDevice(1);
const other = testDevice(2);

const arrival = (batch: SealedBatch, rejection?: RejectionCode, by = device): Arrival =>
  arrivalOf(by, batch, rejection);

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('a group', () => {
  test('goes to its zones, and is told to each device and epoch', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device, other], directory);
    const mixed: FrameContent[] = [
      signalFrame({ 'Vehicle.Speed': 1, 'Vehicle.Cabin.Unknown': 2 }),
      cellFrame(),
      tripRow(),
    ];
    const told = commitGroup(
      [arrival(batchOf(mixed)), arrival(speedsOf(0, 2, 12)), arrival(speedsOf(5, 6), undefined, other)],
      stores,
    );
    expect(told.map(({ device: { number }, epoch, ranges }) => ({ number, epoch, ranges }))).toEqual([
      { number: 1, epoch: 11, ranges: [{ firstSequence: 0, count: 3, quarantined: false }] },
      { number: 1, epoch: 12, ranges: [{ firstSequence: 0, count: 2, quarantined: false }] },
      { number: 2, epoch: 11, ranges: [{ firstSequence: 5, count: 1, quarantined: false }] },
    ]);
    const keys = (zone: ZoneName) =>
      rowsIn<RecordRow>(directory, zone, RECORDS).map(({ device: d, epoch, sequence }) => [d, epoch, sequence]);
    expect(keys('personal')).toEqual([
      [1, 11, 0],
      [1, 11, 2],
      [1, 12, 0],
      [1, 12, 1],
      [2, 11, 5],
    ]);
    expect(keys('important')).toEqual([[1, 11, 0]]);
    expect(keys('geographic')).toEqual([[1, 11, 1]]);
    expect(keys('general')).toEqual([]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 6, duplicates: 0, framesQuarantined: 0 });
  });

  test('that is empty changes nothing', () => {
    const stores = scratchStores([device]);
    expect(commitGroup([], stores)).toEqual([]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 0, duplicates: 0 });
  });

  test('keeps what the vehicle says it did, and counts what it says it lost', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const drops = [{ firstSequence: 3, count: 4, cause: 'spool-full' }];
    const batch = { ...speedsOf(7, 9), drops, removals: [{ cause: 'imagery', count: 2 }] };
    commitGroup([arrival(batch)], stores);
    commitGroup([arrival(batch)], stores);
    expect(stores.ledger.totals().framesDroppedByVehicles).toBe(4);
    // Told again and longer, as until it is known to have been heard; and then something of it comes after all.
    commitGroup(
      [arrival({ ...speedsOf(9, 10), drops: [{ firstSequence: 3, count: 5, cause: 'spool-full' }] })],
      stores,
    );
    expect(stores.ledger.totals().framesDroppedByVehicles).toBe(4);
    commitGroup([arrival(speedsOf(5, 6))], stores);
    expect(stores.ledger.totals().framesDroppedByVehicles).toBe(3);
    expect(scratchStores([], directory).ledger.dropped(1, 11)).toEqual([[3, 8]]);
    const notes = rowsIn(
      directory,
      'ledger',
      'SELECT * FROM batch JOIN provenance ON provenance = id WHERE first_sequence = 7',
    );
    expect(notes).toEqual([
      expect.objectContaining({
        device: 1,
        epoch: 11,
        first_sequence: 7,
        count: 2,
        received_at: NOW,
        removals: '[{"cause":"imagery","count":2}]',
        policy_id: 'test',
        policy_version: 1,
        steps: '[{"stage":"allow-signals","parameters":"paths=7"}]',
      }),
    ]);
  });
});

test('what a vehicle says it lost of sequences that it has not given yet counts for nothing', () => {
  const directory = scratchDirectory();
  const stores = scratchStores([device], directory);
  const drops = [
    { firstSequence: 3, count: 4_294_967_295, cause: 'consent-ended' },
    { firstSequence: 900, count: 5, cause: 'spool-full' },
  ];
  commitGroup([arrival({ ...speedsOf(7, 9), drops })], stores);
  expect(stores.ledger.totals().framesDroppedByVehicles).toBe(4);
  expect(scratchStores([], directory).ledger.dropped(1, 11)).toEqual([[3, 7]]);
});

describe('duplicates are stored once', () => {
  test('sent again later', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    for (let time = 0; time < 3; time += 1) {
      const [told] = commitGroup([arrival(speedsOf(0, 4))], stores);
      expect(told?.ranges).toEqual([{ firstSequence: 0, count: 4, quarantined: false }]);
    }
    expect(sequencesIn(directory)).toEqual(upTo(4));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 4, duplicates: 8 });
  });

  test('twice in one group', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const told = commitGroup([arrival(speedsOf(0, 4)), arrival(speedsOf(0, 4))], stores);
    expect(told).toHaveLength(1);
    expect(sequencesIn(directory)).toEqual(upTo(4));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 4, duplicates: 4 });
  });

  test('in ranges that overlap, in one group and over several', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(speedsOf(0, 10)), arrival(speedsOf(5, 15)), arrival(speedsOf(20, 25))], stores);
    commitGroup([arrival(speedsOf(12, 22)), arrival(speedsOf(0, 30))], stores);
    expect(sequencesIn(directory)).toEqual(upTo(30));
    expect(rowsIn<RecordRow>(directory, 'personal', RECORDS)).toHaveLength(30);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 30, duplicates: 35 });
  });

  test('after a restart', () => {
    const directory = scratchDirectory();
    const before = scratchStores([device], directory);
    commitGroup([arrival(speedsOf(0, 10)), arrival(speedsOf(12, 14))], before);
    before.close();
    const after = scratchStores([device], directory);
    commitGroup([arrival(speedsOf(0, 16))], after);
    expect(sequencesIn(directory)).toEqual(upTo(16));
    expect(after.ledger.totals()).toMatchObject({ framesAdmitted: 16, duplicates: 12 });
  });

  test('but the same epoch and sequence of two devices are two frames, and so are two epochs of one', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device, other], directory);
    commitGroup(
      [arrival(speedsOf(0, 3)), arrival(speedsOf(0, 3), undefined, other), arrival(speedsOf(0, 3, 12))],
      stores,
    );
    expect(sequencesIn(directory)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 9, duplicates: 0 });
  });

  test('and of two that contradict each other the first stays', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(speedsOf(0, 2))], stores);
    const first = rowsIn<RecordRow>(directory, 'personal', RECORDS);
    const lie = batchOf([cellFrame(), signalFrame({ 'Vehicle.Speed': 399 }), signalFrame({ 'Vehicle.Speed': 2 })]);
    const [told] = commitGroup([arrival(lie)], stores);
    expect(told?.ranges).toEqual([{ firstSequence: 0, count: 3, quarantined: false }]);
    const after = rowsIn<RecordRow>(directory, 'personal', RECORDS);
    expect(after.slice(0, 2)).toEqual(first);
    expect(after.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(sequencesIn(directory, 'geographic')).toEqual([]);
  });
});

describe('a store that breaks between the zones and the ledger', () => {
  const broken = (stores: ReturnType<typeof scratchStores>) => ({
    ...stores,
    ledger: {
      ...stores.ledger,
      commit: () => {
        throw new Error('power cut');
      },
    },
  });

  test('acknowledges nothing, and what is sent again is stored once and counted once', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    expect(() => commitGroup([arrival(speedsOf(0, 5))], broken(stores))).toThrow('power cut');
    expect(sequencesIn(directory)).toEqual(upTo(5));
    expect(stores.ledger.totals().framesAdmitted).toBe(0);
    commitGroup([arrival(speedsOf(0, 7))], stores);
    expect(sequencesIn(directory)).toEqual(upTo(7));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 7, duplicates: 0 });
    expect(stores.zones.personal.count()).toBe(7);
  });

  test('counts a refused payload once as well', () => {
    const stores = scratchStores([device]);
    const refused = arrival(speedsOf(0, 5), 'TIME_IN_FUTURE');
    expect(() => commitGroup([refused], broken(stores))).toThrow('power cut');
    commitGroup([refused], stores);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 0, framesQuarantined: 5, duplicates: 0 });
  });
});
