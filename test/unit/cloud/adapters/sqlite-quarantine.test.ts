import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteQuarantine } from '../../../../cloud/adapters/sqlite-quarantine.ts';
import type { Quarantine, QuarantinedPayload } from '../../../../cloud/ports/zone-store.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { QUARANTINED, type QuarantineRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testKeys } from '../../../support/cloud/zones.ts';

function open(directory: string): Quarantine {
  const { keys, vault } = testKeys(directory, 'quarantine');
  const quarantine = sqliteQuarantine(join(directory, 'zone-quarantine.sqlite'), keys);
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
