import { describe, expect, test } from 'vitest';
import { EXTENTS_MAX } from '../../../../cloud/ingest/extents.ts';
import { type Arrival, commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import type { FrameContent, SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, tripRow } from '../../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../../support/cloud/devices.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, type RecordRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const device = testDevice(1);
const other = testDevice(2);

function arrival(batch: SealedBatch, rejection?: RejectionCode, by: TestDevice = device): Arrival {
  return { device: by.registered, payload: seal(batch, by.key), receivedAt: NOW, batch, rejection };
}

/** Rows whose speed is their sequence, so that content shows where it came from. */
const rows = (from: number, to: number, epoch = 11): SealedBatch =>
  batchOf(
    Array.from({ length: to - from }, (_, at) => signalFrame({ 'Vehicle.Speed': (from + at) % 400 })),
    { firstSequence: from, epoch },
  );

const sequencesIn = (directory: string, zone = 'personal'): readonly number[] =>
  rowsIn<RecordRow>(directory, zone, RECORDS).map(({ sequence }) => sequence);

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
      [arrival(batchOf(mixed)), arrival(rows(0, 2, 12)), arrival(rows(5, 6), undefined, other)],
      stores,
    );
    expect(told.map(({ device: { number }, epoch, ranges }) => ({ number, epoch, ranges }))).toEqual([
      { number: 1, epoch: 11, ranges: [{ firstSequence: 0, count: 3, quarantined: false }] },
      { number: 1, epoch: 12, ranges: [{ firstSequence: 0, count: 2, quarantined: false }] },
      { number: 2, epoch: 11, ranges: [{ firstSequence: 5, count: 1, quarantined: false }] },
    ]);
    const keys = (zone: string) =>
      rowsIn<RecordRow>(directory, zone, RECORDS).map(({ device: d, epoch, sequence }) => [d, epoch, sequence]);
    expect(keys('personal')).toEqual([[1, 11, 0], [1, 11, 2], [1, 12, 0], [1, 12, 1], [2, 11, 5]]);
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
    const batch = { ...rows(7, 9), drops, removals: [{ cause: 'imagery', count: 2 }] };
    commitGroup([arrival(batch)], stores);
    commitGroup([arrival(batch)], stores);
    expect(stores.ledger.totals().framesDroppedByVehicles).toBe(4);
    const notes = rowsIn(directory, 'ledger', 'SELECT * FROM batch JOIN provenance ON provenance = id');
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

describe('duplicates are stored once', () => {
  test('sent again later', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    for (let time = 0; time < 3; time += 1) {
      const [told] = commitGroup([arrival(rows(0, 4))], stores);
      expect(told?.ranges).toEqual([{ firstSequence: 0, count: 4, quarantined: false }]);
    }
    expect(sequencesIn(directory)).toEqual(upTo(4));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 4, duplicates: 8 });
  });

  test('twice in one group', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const told = commitGroup([arrival(rows(0, 4)), arrival(rows(0, 4))], stores);
    expect(told).toHaveLength(1);
    expect(sequencesIn(directory)).toEqual(upTo(4));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 4, duplicates: 4 });
  });

  test('in ranges that overlap, in one group and over several', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 10)), arrival(rows(5, 15)), arrival(rows(20, 25))], stores);
    commitGroup([arrival(rows(12, 22)), arrival(rows(0, 30))], stores);
    expect(sequencesIn(directory)).toEqual(upTo(30));
    expect(rowsIn<RecordRow>(directory, 'personal', RECORDS)).toHaveLength(30);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 30, duplicates: 35 });
  });

  test('after a restart', () => {
    const directory = scratchDirectory();
    const before = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 10)), arrival(rows(12, 14))], before);
    before.close();
    const after = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 16))], after);
    expect(sequencesIn(directory)).toEqual(upTo(16));
    expect(after.ledger.totals()).toMatchObject({ framesAdmitted: 16, duplicates: 12 });
  });

  test('but the same epoch and sequence of two devices are two frames, and so are two epochs of one', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device, other], directory);
    commitGroup([arrival(rows(0, 3)), arrival(rows(0, 3), undefined, other), arrival(rows(0, 3, 12))], stores);
    expect(sequencesIn(directory)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 9, duplicates: 0 });
  });

  test('and of two that contradict each other the first stays', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 2))], stores);
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
    expect(() => commitGroup([arrival(rows(0, 5))], broken(stores))).toThrow('power cut');
    expect(sequencesIn(directory)).toEqual(upTo(5));
    expect(stores.ledger.totals().framesAdmitted).toBe(0);
    commitGroup([arrival(rows(0, 7))], stores);
    expect(sequencesIn(directory)).toEqual(upTo(7));
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 7, duplicates: 0 });
    expect(stores.zones.personal.count()).toBe(7);
  });

  test('counts a refused payload once as well', () => {
    const stores = scratchStores([device]);
    const refused = arrival(rows(0, 5), 'TIME_IN_FUTURE');
    expect(() => commitGroup([refused], broken(stores))).toThrow('power cut');
    commitGroup([refused], stores);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 0, framesQuarantined: 5, duplicates: 0 });
  });
});

describe('what is refused', () => {
  const quarantined = (directory: string) => rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED);

  test('is kept whole with its reason, acknowledged as quarantined, and is in no zone', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const refused = arrival(rows(0, 4), 'CELL_NOT_ON_GRID');
    const [told] = commitGroup([refused], stores);
    expect(told?.ranges).toEqual([{ firstSequence: 0, count: 4, quarantined: true }]);
    expect(quarantined(directory)).toEqual([
      { device: 1, reason: 'CELL_NOT_ON_GRID', frames: 4, payload: Buffer.from(refused.payload) },
    ]);
    for (const zone of ['general', 'personal', 'geographic', 'important'])
      expect(sequencesIn(directory, zone)).toEqual([]);
  });

  test('counts as a duplicate when it is sent again, also after a restart', () => {
    const directory = scratchDirectory();
    const before = scratchStores([device], directory);
    const refused = arrival(rows(0, 4), 'TIME_IN_FUTURE');
    commitGroup([refused], before);
    commitGroup([refused], before);
    expect(before.ledger.totals()).toMatchObject({ framesAdmitted: 0, framesQuarantined: 4, duplicates: 4 });
    before.close();
    const after = scratchStores([device], directory);
    commitGroup([refused], after);
    expect(after.ledger.totals()).toMatchObject({ framesAdmitted: 0, framesQuarantined: 4, duplicates: 8 });
    expect(quarantined(directory)).toHaveLength(1);
  });

  test('has taken its sequences: an honest frame under one of them is a duplicate', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 4), 'VIN_MISMATCH'), arrival(rows(2, 6))], stores);
    expect(sequencesIn(directory)).toEqual([4, 5]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 2, framesQuarantined: 4, duplicates: 2 });
  });

  test('is kept as evidence even if its sequences are held already; its frames count once', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(rows(0, 10))], stores);
    commitGroup([arrival(rows(2, 8), 'VIN_MISMATCH'), arrival(rows(5, 15), 'PATH_FORBIDDEN')], stores);
    expect(new Map(quarantined(directory).map(({ reason, frames }) => [reason, frames]))).toEqual(
      new Map([['VIN_MISMATCH', 0], ['PATH_FORBIDDEN', 5]]),
    );
    // 26 frames were sent, and each is in one of the three.
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 10, framesQuarantined: 5, duplicates: 11 });
  });

  test('is kept even if it holds no frame at all', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(batchOf([]), 'VIN_IN_PAYLOAD')], stores);
    expect(quarantined(directory)).toMatchObject([{ reason: 'VIN_IN_PAYLOAD', frames: 0 }]);
  });

  test('and cannot be decoded is kept as one frame, and acknowledged to nobody', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const payload = Buffer.from('not a batch');
    const noise: Arrival = {
      device: device.registered,
      payload,
      receivedAt: NOW,
      batch: undefined,
      rejection: 'FRAME_SCHEMA',
    };
    expect(commitGroup([noise, noise], stores)).toEqual([]);
    commitGroup([noise], stores);
    expect(quarantined(directory)).toEqual([{ device: 1, reason: 'FRAME_SCHEMA', frames: 1, payload }]);
    expect(stores.ledger.totals()).toMatchObject({ framesQuarantined: 1, framesAdmitted: 0 });
  });
});

describe('a device with gaps', () => {
  /** One frame at every other sequence: as many ranges as are kept. */
  function scatter(stores: ReturnType<typeof scratchStores>): void {
    const frames = Array.from({ length: EXTENTS_MAX }, (_, at) => arrival(rows(at * 2, at * 2 + 1)));
    commitGroup(frames, stores);
    expect(stores.ledger.extents(1, 11)).toHaveLength(EXTENTS_MAX);
  }

  const reasonsIn = (directory: string) =>
    rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED).map(({ reason }) => reason);

  test('is refused one more gap than are kept', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    scatter(stores);
    expect(reasonsIn(directory)).toEqual([]);
    const far = EXTENTS_MAX * 2 + 10;
    const [told] = commitGroup([arrival(rows(far, far + 1))], stores);
    expect(told?.ranges).toEqual([{ firstSequence: far, count: 1, quarantined: true }]);
    expect(reasonsIn(directory)).toEqual(['SEQUENCE_GAPS']);
    expect(stores.ledger.extents(1, 11)).toHaveLength(EXTENTS_MAX);
  });

  test('may fill its gaps and go on where it stopped, as the remedy asks of it', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    scatter(stores);
    const next = EXTENTS_MAX * 2 - 1;
    commitGroup([arrival(rows(next, next + 3)), arrival(rows(1, 2)), arrival(rows(3, 9))], stores);
    expect(reasonsIn(directory)).toEqual([]);
    expect(stores.ledger.extents(1, 11)[0]).toEqual([0, 9]);
    expect(stores.ledger.extents(1, 11).at(-1)).toEqual([next - 1, next + 3]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: EXTENTS_MAX + 3 + 1 + 3, duplicates: 3 });
  });
});
