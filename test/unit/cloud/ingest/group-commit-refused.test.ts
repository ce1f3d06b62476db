import { describe, expect, test } from 'vitest';
import { EXTENTS_MAX } from '../../../../cloud/ingest/extents.ts';
import { commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import type { Arrival } from '../../../../cloud/ingest/sort-out.ts';
import type { SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { arrivalOf, sequencesIn, speedsOf, ZONE_NAMES } from '../../../support/cloud/arrivals.ts';
import { batchOf, NOW } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { QUARANTINED, type QuarantineRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const device = testDevice(1);

const arrival = (batch: SealedBatch, rejection?: RejectionCode): Arrival => arrivalOf(device, batch, rejection);

describe('what is refused', () => {
  const quarantined = (directory: string) => rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED);

  test('is kept whole with its reason, acknowledged as quarantined, and is in no zone', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const refused = arrival(speedsOf(0, 4), 'CELL_NOT_ON_GRID');
    const [told] = commitGroup([refused], stores);
    expect(told?.ranges).toEqual([{ firstSequence: 0, count: 4, quarantined: true }]);
    expect(quarantined(directory)).toEqual([
      { device: 1, reason: 'CELL_NOT_ON_GRID', frames: 4, payload: Buffer.from(refused.payload) },
    ]);
    for (const zone of ZONE_NAMES) expect(sequencesIn(directory, zone)).toEqual([]);
  });

  test('counts as a duplicate when it is sent again, also after a restart', () => {
    const directory = scratchDirectory();
    const before = scratchStores([device], directory);
    const refused = arrival(speedsOf(0, 4), 'TIME_IN_FUTURE');
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
    commitGroup([arrival(speedsOf(0, 4), 'VIN_MISMATCH'), arrival(speedsOf(2, 6))], stores);
    expect(sequencesIn(directory)).toEqual([4, 5]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 2, framesQuarantined: 4, duplicates: 2 });
  });

  test('is kept as evidence even if its sequences are held already; its frames count once', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    commitGroup([arrival(speedsOf(0, 10))], stores);
    commitGroup([arrival(speedsOf(2, 8), 'VIN_MISMATCH'), arrival(speedsOf(5, 15), 'PATH_FORBIDDEN')], stores);
    expect(new Map(quarantined(directory).map(({ reason, frames }) => [reason, frames]))).toEqual(
      new Map([
        ['VIN_MISMATCH', 0],
        ['PATH_FORBIDDEN', 5],
      ]),
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

  test('for its signature alone is told to its sender, and does not take the place of the signed one', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    const { payload } = arrival(speedsOf(0, 4));
    const unsigned: Arrival = {
      device: device.registered,
      payload,
      receivedAt: NOW,
      batch: undefined,
      rejection: 'SIGNATURE_INVALID',
      claim: { epoch: 11, firstSequence: 0, count: 4 },
    };
    const [told] = commitGroup([unsigned, unsigned], stores);
    expect(told?.ranges).toEqual(Array(2).fill({ firstSequence: 0, count: 4, quarantined: true }));
    commitGroup([arrival(speedsOf(0, 4))], stores);
    expect(sequencesIn(directory)).toEqual([0, 1, 2, 3]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 4, framesQuarantined: 4, duplicates: 0 });
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
    const frames = Array.from({ length: EXTENTS_MAX }, (_, at) => arrival(speedsOf(at * 2, at * 2 + 1)));
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
    const [told] = commitGroup([arrival(speedsOf(far, far + 1))], stores);
    expect(told?.ranges).toEqual([{ firstSequence: far, count: 1, quarantined: true }]);
    expect(reasonsIn(directory)).toEqual(['SEQUENCE_GAPS']);
    expect(stores.ledger.extents(1, 11)).toHaveLength(EXTENTS_MAX);
  });

  test('may fill its gaps and go on where it stopped, as the remedy asks of it', () => {
    const directory = scratchDirectory();
    const stores = scratchStores([device], directory);
    scatter(stores);
    const next = EXTENTS_MAX * 2 - 1;
    commitGroup([arrival(speedsOf(next, next + 3)), arrival(speedsOf(1, 2)), arrival(speedsOf(3, 9))], stores);
    expect(reasonsIn(directory)).toEqual([]);
    expect(stores.ledger.extents(1, 11)[0]).toEqual([0, 9]);
    expect(stores.ledger.extents(1, 11).at(-1)).toEqual([next - 1, next + 3]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: EXTENTS_MAX + 3 + 1 + 3, duplicates: 3 });
  });
});
