import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CELL_VEHICLES_MIN,
  DAY_OPEN_MS,
  type RunSecret,
  sqliteCellCounts,
} from '../../../../cloud/adapters/sqlite-cell-counts.ts';
import type { RecordKey } from '../../../../cloud/ports/zone-store.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { cellFrame, NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

/** 2026-02-27 in Shanghai. */
const HOUR = Math.floor((Date.UTC(2026, 1, 27) - 8 * HOUR_MS) / HOUR_MS);
const cell = (column = 48, hour = HOUR) => cellFrame({ sizeM: 10_000, row: 346, column, hour });
const place = { day: 20_260_227, zone: 40, row: 346, column: 48 };

function scene(isInLedger: (key: RecordKey) => boolean = () => true) {
  const file = join(scratchDirectory(), 'counts.sqlite');
  let sequence = 0;
  const open = (secret?: RunSecret) => {
    const counts = sqliteCellCounts(file, isInLedger, secret);
    onTestFinished(() => counts.close());
    /** Vehicles with these numbers were in a cell. */
    const drive = (devices: readonly number[], frame = cell()) => {
      const cells = devices.map((deviceNumber) => {
        sequence += 1;
        return { key: { deviceNumber, epoch: 11, sequence }, cell: frame };
      });
      counts.count(cells, NOW);
      counts.settle();
      return cells;
    };
    return { counts, drive };
  };
  const rows = (sql: string) => {
    const database = new (loadSqlite())(file, { readonly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  return { open, rows };
}

const vehicles = (count: number, from = 1) => Array.from({ length: count }, (_, at) => from + at);
const CLOSED = (NOW + DAY_OPEN_MS + DAY_MS) as Instant;

describe('counting', () => {
  test('releases a cell of a day with ten vehicles once the day is closed, and not before', () => {
    const { counts, drive } = scene().open();
    drive(vehicles(CELL_VEHICLES_MIN));
    counts.closeDays(NOW);
    expect([[...counts.released()], counts.totals().held]).toEqual([[], 1]);
    counts.closeDays(CLOSED);
    expect([...counts.released()]).toEqual([{ ...place, vehicles: CELL_VEHICLES_MIN }]);
    expect(counts.totals()).toEqual({ held: 0, released: 1, suppressed: 0, passedOver: 0 });
  });

  test('nine vehicles however often, and one vehicle in ten cells, are not ten', () => {
    const { counts, drive } = scene().open();
    for (let times = 0; times < 4; times += 1) drive(vehicles(CELL_VEHICLES_MIN - 1));
    for (const column of vehicles(10, 50)) drive([1], cell(column));
    counts.closeDays(CLOSED);
    expect([[...counts.released()], counts.totals().suppressed]).toEqual([[], 11]);
  });

  test('days are apart: nine vehicles today and others yesterday are no ten', () => {
    const { counts, drive } = scene().open();
    drive(vehicles(9));
    drive(vehicles(9, 10), cell(48, HOUR + 24));
    counts.closeDays(CLOSED);
    expect([...counts.released()]).toEqual([]);
  });

  test('what is released never changes: what comes for a closed day is passed over and counted', () => {
    const { counts, drive } = scene().open();
    drive(vehicles(12));
    counts.closeDays(CLOSED);
    drive(vehicles(20, 100));
    counts.closeDays(CLOSED);
    expect([...counts.released()]).toEqual([{ ...place, vehicles: 12 }]);
    expect(counts.totals().passedOver).toBe(20);
  });

  test('of a day that is closed nothing is left of the cells with fewer, nor of any vehicle', () => {
    const made = scene();
    const { counts, drive } = made.open();
    drive(vehicles(3));
    counts.closeDays(CLOSED);
    expect([made.rows('SELECT * FROM held'), made.rows('SELECT * FROM member')]).toEqual([[], []]);
  });
});

describe('crashes', () => {
  test('a group that the ledger did not get is passed over when it comes again', () => {
    const made = scene(() => false);
    const { counts } = made.open();
    const cells = vehicles(9).map((deviceNumber) => ({ key: { deviceNumber, epoch: 11, sequence: 1 }, cell: cell() }));
    counts.count(cells, NOW);
    // Killed here: the ledger knows nothing, and everything is sent again to the next process.
    counts.close();
    const next = made.open();
    next.counts.count(cells, NOW);
    next.counts.settle();
    expect(made.rows('SELECT sum(vehicles) AS vehicles FROM held')).toEqual([{ vehicles: 9 }]);
    expect(made.rows('SELECT * FROM unsettled')).toEqual([]);
  });

  test('a group that failed in the same process is not settled by the next one', () => {
    const made = scene();
    const { counts, drive } = made.open();
    const failed = [{ key: { deviceNumber: 1, epoch: 11, sequence: 99 }, cell: cell() }];
    counts.count(failed, NOW);
    drive([]);
    drive([2]);
    expect(made.rows('SELECT device FROM unsettled')).toEqual([{ device: 1 }]);
  });

  test('keys of a crash that the ledger has are gone at the next start', () => {
    const made = scene(({ sequence }) => sequence === 1);
    const { counts } = made.open();
    counts.count(
      [1, 2].map((sequence) => ({ key: { deviceNumber: 1, epoch: 11, sequence }, cell: cell() })),
      NOW,
    );
    counts.close();
    made.open();
    expect(made.rows('SELECT sequence FROM unsettled')).toEqual([{ sequence: 2 }]);
  });

  test('a vehicle that two runs counted never makes a tenth: what one run counted is what is sure', () => {
    const made = scene();
    const first = made.open();
    first.drive(vehicles(9));
    first.counts.close();
    expect(made.rows('SELECT count(*) AS marks FROM member')).toEqual([{ marks: 9 }]);
    const second = made.open();
    expect(made.rows('SELECT * FROM member')).toEqual([]);
    second.drive([9, 10]);
    second.counts.closeDays(CLOSED);
    expect([...second.counts.released()]).toEqual([]);
    expect(made.rows('SELECT * FROM member')).toEqual([]);
  });
});
