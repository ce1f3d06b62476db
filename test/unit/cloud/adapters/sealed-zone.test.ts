import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeZoneKeys } from '../../../../cloud/adapters/file-zone-keys.ts';
import type { NewZoneRecord, ZoneRecord } from '../../../../cloud/ports/zone-store.ts';
import { zoneFile } from '../../../../cloud/store-names.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import { cellFrame, signalFrame } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { type TestZone, testZone } from '../../../support/cloud/zones.ts';

const SENSITIVE = 'sensitive-on-request-10wd';
const MARK = 'MARKOFVEHICLE';

const record = (sequence: number, deviceNumber = 1, retention = SENSITIVE): NewZoneRecord => ({
  key: { deviceNumber, epoch: 11, sequence },
  content: signalFrame({ 'Vehicle.Speed': sequence, 'Vehicle.Note': `${MARK}${deviceNumber}` }),
  retention,
});

function open(directory = scratchDirectory()): { readonly directory: string; readonly zone: TestZone } {
  const zone = testZone(directory, 'personal');
  onTestFinished(() => zone.close());
  return { directory, zone };
}

const named = (records: Iterable<ZoneRecord>): readonly string[] =>
  [...records].map(({ key }) => `${key.deviceNumber}/${key.sequence}`).sort();

/** Bytes of a file and of its write-ahead log. */
function bytesOf(file: string): Buffer {
  return Buffer.concat([file, `${file}-wal`].filter(existsSync).map((one) => readFileSync(one)));
}

function sql(directory: string, statement: string): void {
  const database = new (loadSqlite())(join(directory, zoneFile('personal')));
  database.exec(statement);
  database.close();
}

describe('a sealed zone', () => {
  test('holds nothing of its records in the clear, in the file or in its write-ahead log', () => {
    const { directory, zone } = open();
    zone.insert([record(0), record(1)]);
    expect(bytesOf(join(directory, zoneFile('personal'))).includes(MARK)).toBe(false);
    expect(bytesOf(join(directory, 'keys', 'vault-personal.sqlite')).includes(MARK)).toBe(false);
    expect(named(zone.records())).toEqual(['1/0', '1/1']);
  });

  test('is read beside its writer, names of signals that came since included', () => {
    const { directory, zone } = open();
    zone.insert([record(0)]);
    const reader = open(directory).zone;
    expect(named(reader.records())).toEqual(['1/0']);
    zone.insert([{ ...record(1), content: signalFrame({ 'Vehicle.Other': 1 }) }]);
    const contents = [...reader.records()].map(({ content }) => content.kind === 'signals' && content.signals);
    expect(contents.at(-1)).toEqual([{ path: 'Vehicle.Other', value: 1 }]);
  });

  const swaps = {
    'the device of a row': 'UPDATE segment SET device = 2 WHERE device = 1',
    'the sequence of a row': 'UPDATE segment SET first = first + 1, last = last + 1 WHERE device = 1',
    'the day of a row': 'UPDATE segment SET day = day + 1 WHERE device = 1',
    'the kind of a row': 'UPDATE segment SET kind = 3 WHERE device = 1',
    'the class of a row': "UPDATE segment SET retention = 'domestic-operations' WHERE device = 1",
    'what two rows hold': `UPDATE segment SET sealed = (SELECT sealed FROM segment AS other WHERE other.device = 3 - segment.device)`,
    'what two rows hold, with their keys': `UPDATE segment SET
       sealed = (SELECT sealed FROM segment AS other WHERE other.device = 3 - segment.device),
       key = (SELECT key FROM segment AS other WHERE other.device = 3 - segment.device)`,
    'the names of signals': "UPDATE path SET path = 'Vehicle.IsMoving' WHERE path = 'Vehicle.Speed'",
  };
  test.each(Object.entries(swaps))('does not read on when somebody changed %s', (_, statement) => {
    const { directory, zone } = open();
    zone.insert([record(0), record(0, 2)]);
    zone.close();
    sql(directory, statement);
    expect(() => [...open(directory).zone.records()]).toThrow('as it was written');
  });

  test('does not take a row of another zone, sealed with the same sequence for the same device', () => {
    const directory = scratchDirectory();
    const [personal, important] = [testZone(directory, 'personal'), testZone(directory, 'important')];
    personal.insert([record(0)]);
    important.insert([record(0)]);
    for (const zone of [personal, important]) zone.close();
    sql(
      directory,
      `ATTACH '${join(directory, zoneFile('important'))}' AS other; UPDATE segment SET sealed = (SELECT sealed FROM other.segment)`,
    );
    expect(() => [...open(directory).zone.records()]).toThrow('as it was written');
  });

  test('a row whose key is in no vault is passed over, and the others are read', () => {
    const { zone } = open();
    zone.insert([record(0), record(0, 2)]);
    zone.vault.destroy(zone.vault.select({ deviceNumbers: [1] }).map(({ id }) => id));
    expect(named(zone.records())).toEqual(['2/0']);
  });

  test('drops the records of a device and class and no others, and their bytes are gone from the files', () => {
    const { directory, zone } = open();
    zone.insert([record(0), record(1), record(2, 1, 'domestic-operations'), record(0, 2)]);
    zone.insert([{ ...record(3), content: cellFrame() }]);
    const doomed = zone.vault.select({ deviceNumbers: [1], retention: SENSITIVE });
    const files = [join(directory, zoneFile('personal')), join(directory, 'keys', 'vault-personal.sqlite')];
    const sealed = sealedOf(directory);
    expect(bytesOf(files[0] ?? '').includes(sealed)).toBe(true);
    for (const { wrapped } of doomed) expect(bytesOf(files[1] ?? '').includes(Buffer.from(wrapped))).toBe(true);

    expect(zone.drop(doomed)).toBe(3);
    zone.vault.destroy(doomed.map(({ id }) => id));
    expect(named(zone.records())).toEqual(['1/2', '2/0']);
    expect(zone.count()).toBe(2);
    expect(bytesOf(files[0] ?? '').includes(sealed)).toBe(false);
    for (const { wrapped } of doomed) expect(bytesOf(files[1] ?? '').includes(Buffer.from(wrapped))).toBe(false);
    // What comes later is kept, under another key.
    zone.insert([record(9)]);
    expect(named(zone.records())).toEqual(['1/2', '1/9', '2/0']);
  });

  test('refuses a file from before zones had keys, and does not touch it', () => {
    const directory = scratchDirectory();
    sql(directory, "CREATE TABLE record (device INTEGER, body BLOB); INSERT INTO record VALUES (1, x'00')");
    const before = readFileSync(join(directory, zoneFile('personal')));
    expect(() => testZone(directory, 'personal')).toThrow('records that are not sealed');
    expect(readFileSync(join(directory, zoneFile('personal'))).equals(before)).toBe(true);
  });

  test('refuses a vault that was made for another key of the zone: nobody could read what it would take', () => {
    const { directory, zone } = open();
    zone.close();
    for (const name of ['personal.key', 'personal.pub']) writeFileSync(join(directory, 'keys', name), '');
    const fresh = scratchDirectory();
    makeZoneKeys(fresh);
    for (const name of ['personal.key', 'personal.pub'])
      writeFileSync(join(directory, 'keys', name), readFileSync(join(fresh, name)));
    expect(() => testZone(directory, 'personal')).toThrow('another key of that zone');
  });
});

/** The first bytes of what is sealed for device 1: enough to find them again. */
function sealedOf(directory: string): Buffer {
  const database = new (loadSqlite())(join(directory, zoneFile('personal')), { readonly: true });
  const sealed = database
    .prepare('SELECT sealed FROM segment WHERE device = 1 AND retention = ?')
    .pluck()
    .get(SENSITIVE);
  database.close();
  return (sealed as Buffer).subarray(0, 64);
}
