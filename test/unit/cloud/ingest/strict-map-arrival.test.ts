import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteCellCounts } from '../../../../cloud/adapters/sqlite-cell-counts.ts';
import { commitGroup, type Stores } from '../../../../cloud/ingest/group-commit.ts';
import type { FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import type { SubjectTag } from '../../../../proto/words/subject.ts';
import { HOUR_MS } from '../../../../proto/words/time.ts';
import { arrivalOf } from '../../../support/cloud/arrivals.ts';
import { batchOf, cellFrame } from '../../../support/cloud/batches.ts';
import { filesOf, rejoin } from '../../../support/cloud/cell-files.ts';
import { type TestDevice, testDevice } from '../../../support/cloud/devices.ts';
import { RECORDS, type RecordRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const [first, second] = [testDevice(1), testDevice(2)];
const HOUR = Math.floor((Date.UTC(2026, 1, 27) - 8 * HOUR_MS) / HOUR_MS);
const DAY = 20_260_227;
const TAGS = [1, 2].map((byte) => new Uint8Array(16).fill(0xa0 + byte) as SubjectTag);

/** The trip of one vehicle through some columns, as `strict-map` or `fleet` seals it. */
function trip(by: TestDevice, columns: readonly number[], preset: 'strict-map' | 'fleet', firstSequence = 0) {
  const subjectTag = TAGS[by === first ? 0 : 1] ?? new Uint8Array(16);
  const frames = columns.map(
    (column): FrameContent =>
      cellFrame({ subjectTag: subjectTag as SubjectTag, sizeM: 10_000, row: 346, column, hour: HOUR }),
  );
  const steps = [{ stage: `position-${preset}`, parameters: '' }];
  return arrivalOf(by, batchOf(frames, { steps, firstSequence }));
}

const cellAt = (column: number) => ({ day: DAY, zone: 40, row: 346, column });
const CELLS = [44, 45, 46, 47].map(cellAt);

function scene() {
  const directory = scratchDirectory();
  const secret = { key: randomBytes(32), run: randomBytes(8) };
  const stores = scratchStores([first, second], directory);
  const cells = sqliteCellCounts(join(directory, 'counts.sqlite'), stores.isInLedger, secret);
  onTestFinished(() => cells.close());
  return { directory, secret, stores: { ...stores, cells } satisfies Stores, cells };
}

describe('cells under strict-map', () => {
  test('are counted once a vehicle, also when they are sent again, and lie in no zone', () => {
    const { directory, stores, cells } = scene();
    for (let times = 0; times < 3; times += 1) commitGroup([trip(first, [44, 45], 'strict-map')], stores);
    commitGroup([trip(first, [45], 'strict-map', 2), trip(second, [45, 46], 'strict-map')], stores);
    expect(cells.totals().held).toBe(3);
    expect(rowsIn(directory, 'geographic', 'SELECT * FROM record')).toEqual([]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 5, duplicates: 4 });
  });

  test('are counted once where the ledger failed and the group came again', () => {
    const { stores, cells } = scene();
    const failing = { ...stores, ledger: { ...stores.ledger, commit: () => expect.unreachable() } };
    expect(() => commitGroup([trip(first, [44], 'strict-map')], failing)).toThrow();
    commitGroup([trip(first, [44], 'strict-map')], stores);
    expect(cells.totals()).toMatchObject({ held: 1 });
    expect(stores.ledger.totals().framesAdmitted).toBe(1);
  });
});

describe('an attacker with every file and every zone key of the cloud', () => {
  /** The files as they lie, and what the keys open in the zones. */
  const everythingIn = (directory: string): readonly Buffer[] => [
    ...filesOf(directory),
    ...(['general', 'personal', 'geographic', 'important'] as const).flatMap((zone) =>
      rowsIn<RecordRow>(directory, zone, RECORDS).map(({ body }) => body),
    ),
  ];
  const holds = (files: readonly Buffer[], tag: Uint8Array | undefined): boolean =>
    files.some((file) => file.includes(Buffer.from(tag ?? [])));

  test('reads the track of a vehicle by its tag where cells are kept', () => {
    const { directory, stores } = scene();
    commitGroup([trip(first, [44, 45, 46], 'fleet'), trip(second, [47], 'fleet')], stores);
    expect(TAGS.map((tag) => holds(everythingIn(directory), tag))).toEqual([true, true]);
    expect(rowsIn(directory, 'geographic', 'SELECT device FROM record')).toHaveLength(4);
  });

  test('finds no tag where they are counted, and joins no cell to a vehicle; with the key of the process it would', () => {
    const { directory, secret, stores } = scene();
    commitGroup([trip(first, [44, 45, 46], 'strict-map'), trip(second, [47], 'strict-map')], stores);
    const files = everythingIn(directory);
    expect(TAGS.map((tag) => holds(files, tag))).toEqual([false, false]);
    const counts = filesOf(directory).filter((file) => file.includes('CREATE TABLE member'));
    expect(counts).toHaveLength(2);
    expect(rejoin(counts, [1, 2], CELLS)).toEqual([]);
    expect(rejoin(counts, [1, 2], CELLS, [secret.key])).toEqual([
      `1 ${DAY} 40 346 44`,
      `1 ${DAY} 40 346 45`,
      `1 ${DAY} 40 346 46`,
      `2 ${DAY} 40 346 47`,
    ]);
  });

  test('finds in the file of counts neither who sent a cell nor when, and no page of before beside it', () => {
    const { directory, stores } = scene();
    commitGroup([trip(first, [44], 'strict-map')], stores);
    commitGroup([trip(first, [45], 'strict-map', 1)], stores);
    const database = new (loadSqlite())(join(directory, 'counts.sqlite'), { readonly: true });
    const columns = database.prepare('SELECT * FROM held').columns();
    const unsettled = database.prepare('SELECT * FROM unsettled').all();
    database.close();
    expect(columns.map(({ name }) => name)).toEqual(['day', 'zone', 'row', 'column', 'run', 'vehicles']);
    expect(unsettled).toEqual([]);
    const beside = readdirSync(directory).filter((name) => name.startsWith('counts.sqlite-'));
    expect(beside.filter((name) => statSync(join(directory, name)).size > 0)).toEqual([]);
  });
});
