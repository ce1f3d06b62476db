import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteQuarantine } from '../../../../cloud/adapters/sqlite-quarantine.ts';
import type { Quarantine, QuarantinedPayload, QuarantineLimits } from '../../../../cloud/ports/zone-store.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { QUARANTINED, type QuarantineRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testKeys } from '../../../support/cloud/zones.ts';

/** What a seal adds to a payload. */
const SEAL_BYTES = 16;

function open(directory: string, limits?: QuarantineLimits): Quarantine {
  const { keys, vault } = testKeys(directory, 'quarantine');
  const quarantine = sqliteQuarantine(join(directory, 'zone-quarantine.sqlite'), { keys, limits });
  onTestFinished(() => {
    quarantine.close();
    vault.close();
  });
  return quarantine;
}

const payload = (text: string, change: Partial<QuarantinedPayload> = {}): QuarantinedPayload => ({
  deviceNumber: 1,
  receivedAt: NOW,
  reason: 'FRAME_SCHEMA',
  frames: 3,
  payload: Buffer.from(text),
  ...change,
});

describe('sqliteQuarantine', () => {
  test('keeps a payload of a device once, and counts the frames of what is new', () => {
    const directory = scratchDirectory();
    const quarantine = open(directory);
    expect(quarantine.insert([payload('a'), payload('a'), payload('b', { frames: 4 })])).toBe(7);
    expect(quarantine.insert([payload('a', { reason: 'VIN_MISMATCH' }), payload('c')])).toBe(3);
    expect(quarantine.count()).toBe(10);
    const rows = rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED);
    expect(rows.map((row) => [String(row.payload), row.reason]).sort()).toEqual([
      ['a', 'FRAME_SCHEMA'],
      ['b', 'FRAME_SCHEMA'],
      ['c', 'FRAME_SCHEMA'],
    ]);
  });

  test('keeps the same payload of two devices twice', () => {
    const quarantine = open(scratchDirectory());
    expect(quarantine.insert([payload('a'), payload('a', { deviceNumber: 2 })])).toBe(6);
  });

  test('keeps the empty payload', () => {
    const quarantine = open(scratchDirectory());
    expect(quarantine.insert([payload('', { frames: 1 })])).toBe(1);
  });

  test('counts the same after it was opened again', () => {
    const directory = scratchDirectory();
    const before = open(directory);
    before.insert([payload('a'), payload('b', { frames: 0 })]);
    before.close();
    const after = open(directory);
    expect(after.count()).toBe(3);
    expect(after.insert([payload('a')])).toBe(0);
  });
});

describe('limits', () => {
  const limits = { bytesMax: 4_000, ageMsMax: 1_000 };
  const kilo = (text: string, change: Partial<QuarantinedPayload> = {}) =>
    payload(text.padEnd(744 - SEAL_BYTES, '.'), change);
  const names = (directory: string) =>
    rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED).map(
      ({ device, payload }) => `${device}${String(payload)[0]}`,
    );

  test('a flood of one device washes away itself: how it began, its last, and what others left stay', () => {
    const directory = scratchDirectory();
    const quarantine = open(directory, limits);
    quarantine.insert([kilo('a', { deviceNumber: 2 })]);
    for (const [at, text] of [...'bcdefghij'].entries())
      quarantine.insert([kilo(text, { receivedAt: (NOW + at + 1) as Instant })]);
    expect(names(directory)).toEqual(['2a', '1b', '1c', '1j']);
    expect(quarantine.held()).toEqual({ frames: 12, bytes: 4_000 });
    expect(quarantine.fallen()).toEqual([
      { cause: 'full', reason: 'FRAME_SCHEMA', payloads: 6, frames: 18, sealed: 0, bytes: 6 * 744 },
    ]);
  });

  test('what fell out stays in the count, and is counted by cause and reason over a restart', () => {
    const directory = scratchDirectory();
    const quarantine = open(directory, limits);
    const signed = { isSealed: true, reason: 'VALUE_OFF_GRID' };
    quarantine.insert([...'abcde'].map((text, at) => kilo(text, { ...signed, receivedAt: (NOW + at) as Instant })));
    quarantine.expire((NOW + 1_001) as Instant);
    quarantine.close();
    const again = open(directory, limits);
    expect([again.count(), again.sealedCount(), again.held().frames]).toEqual([15, 15, 9]);
    expect(again.fallen().map(({ cause, payloads, sealed }) => ({ cause, payloads, sealed }))).toEqual([
      { cause: 'age', payloads: 1, sealed: 3 },
      { cause: 'full', payloads: 1, sealed: 3 },
    ]);
  });

  test('without limits everything is kept', () => {
    const directory = scratchDirectory();
    const quarantine = open(directory);
    quarantine.insert([...'abcdefgh'].map((text) => kilo(text)));
    quarantine.expire((NOW + 1e12) as Instant);
    expect([names(directory).length, quarantine.fallen()]).toEqual([8, []]);
  });

  test('a file from before payloads were sealed is refused, and left as it is', () => {
    const directory = scratchDirectory();
    const file = join(directory, 'zone-quarantine.sqlite');
    const old = new (loadSqlite())(file);
    old.exec('CREATE TABLE payload (device INTEGER NOT NULL, digest BLOB NOT NULL, payload BLOB NOT NULL)');
    old.close();
    const before = readFileSync(file);
    expect(() => open(directory, limits)).toThrow('not sealed');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('what is deleted frees what it held, stays in the count and is told apart', () => {
    const directory = scratchDirectory();
    const { keys, vault } = testKeys(directory, 'quarantine');
    const quarantine = sqliteQuarantine(join(directory, 'zone-quarantine.sqlite'), { keys, limits });
    quarantine.insert([kilo('a', { isSealed: true }), kilo('b', { deviceNumber: 2 })]);
    const doomed = vault.select({ deviceNumbers: [1] });
    expect([doomed.length, quarantine.drop(doomed), quarantine.drop(doomed)]).toEqual([1, 1, 0]);
    expect([quarantine.held(), quarantine.count()]).toEqual([{ frames: 3, bytes: 1_000 }, 6]);
    expect(quarantine.fallen()).toMatchObject([{ cause: 'deleted', payloads: 1, frames: 3, sealed: 3 }]);
    expect(names(directory)).toEqual(['2b']);
    quarantine.close();
    vault.close();
  });

  test('a payload is read with what was known of it; a row that was changed is not', () => {
    const directory = scratchDirectory();
    open(directory).insert([payload('a', { isSealed: true })]);
    const { keys, vault } = testKeys(directory, 'quarantine');
    const file = join(directory, 'zone-quarantine.sqlite');
    const reader = sqliteQuarantine(file, { keys, readonly: true });
    expect([...reader.payloads()]).toMatchObject([{ deviceNumber: 1, isSealed: true, reason: 'FRAME_SCHEMA' }]);
    const other = new (loadSqlite())(file);
    other.exec('UPDATE payload SET sealed = 0');
    other.close();
    expect(() => [...reader.payloads()]).toThrow('as it was written');
    reader.close();
    vault.close();
  });

  test('what a device signed is told apart from what anybody can write', () => {
    const quarantine = open(scratchDirectory());
    quarantine.insert([payload('noise'), payload('batch', { isSealed: true, frames: 5 })]);
    expect([quarantine.count(), quarantine.sealedCount()]).toEqual([8, 5]);
  });
});
