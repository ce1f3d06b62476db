import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../cloud/adapters/open-database.ts';
import { copyStore, countStore, digestStore, type NamedTables } from '../../../../cloud/adapters/sql/copy-tables.ts';
import { MOVED_STORES } from '../../../../cloud/adapters/sql/moved-stores.table.ts';
import { sqliteDatabase, sqliteReadOnly } from '../../../../cloud/adapters/sql/sqlite-database.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import { commandAccess } from '../../../../cloud/composition/open-access.ts';
import { CloudConfig } from '../../../../cloud/config/config.ts';
import { openPostgres } from '../../../../cloud/database/open-postgres.ts';
import { RETIRED_FILE, retire, retiredMoves, setAside } from '../../../../cloud/database/retired-stores.ts';
import { readConfig } from '../../../../proto/config/read-config.ts';
import { assert } from '../../../../proto/words/result.ts';
import { hold, row } from '../../../contract/transfer-register.contract.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { installedCloud } from '../../../support/cloud/installed-cloud.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const clock = { now: () => NOW };
const MOVE = {
  id: '0'.repeat(32),
  database: 'db.example.cn:5432/tongguan tongguan',
  stores: [{ store: 'transfers', file: 'transfers.sqlite', rows: 3, sha256: 'a'.repeat(64) }],
};

test('the tables that are moved are those of the files, column for column, in the order of their keys', () => {
  const directory = scratchDirectory();
  scratchStores([], directory).close();
  for (const { file, tables } of MOVED_STORES) {
    const database = openDatabase(join(directory, file), '');
    const named = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    expect(new Set(named)).toEqual(new Set(tables.map(({ name }) => name)));
    for (const { name, columns, key } of tables) {
      const there = database.pragma(`table_info(${name})`) as readonly { readonly name: string; readonly pk: number }[];
      expect(there.map((column) => column.name)).toEqual(columns);
      const own = there.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      expect(own.map((column) => column.name)).toEqual(key);
    }
    database.close();
  }
});

test('a copy reads as what was copied; one bit, one row or a text for a number is another', () => {
  const directory = scratchDirectory();
  const [from, to] = [join(directory, 'from.sqlite'), join(directory, 'to.sqlite')];
  for (const file of [from, to]) {
    const register = sqliteTransferRegister(file);
    register.add(row(file === from ? 'é' : 'gone'));
    register.permit(file === from ? 'é' : 'gone', hold([1, 2, 3]), 0);
    register.shut();
  }
  const [transfers] = MOVED_STORES;
  assert(transfers !== undefined, 'transfers are moved first');
  const source = sqliteReadOnly<NamedTables>(from);
  const target = sqliteDatabase<NamedTables>(to, '');
  const copied = target.transaction(() => copyStore(source, target, transfers));
  expect(digestStore(target, transfers.tables)).toEqual(copied);
  expect(countStore(target, transfers.tables)).toEqual(copied.map(({ rows }) => rows));
  const change = openDatabase(to, '');
  let before = JSON.stringify(copied);
  for (const text of ['UPDATE volume SET bytes = 1', "UPDATE volume SET bytes = 'a'", 'DELETE FROM holding']) {
    expect(change.prepare(text).run().changes).toBe(1);
    const after = JSON.stringify(digestStore(target, transfers.tables));
    expect(after).not.toBe(before);
    before = after;
  }
  for (const one of [source, target, change]) one.close();
});

test('from the mark on nobody starts over the files, and who may read is nobody; a mark that cannot be read is no start', () => {
  const cloud = installedCloud(NOW);
  const stores = cloud.layout.cloud('stores');
  const loaded = readConfig(CloudConfig, cloud.config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  const read = () => commandAccess('zones', loaded.value, { uid: process.getuid?.(), remote: undefined }, { clock });
  expect(openPostgres(loaded.value, clock)).toEqual({ ok: true, value: undefined });
  expect(read()).toMatchObject({ ok: true });
  retire(stores, MOVE);
  expect(openPostgres(loaded.value, clock)).toMatchObject({ fault: { code: 'STORES_MOVED' } });
  expect(read).toThrow('were moved to db.example.cn');
  writeFileSync(join(stores, RETIRED_FILE), '{');
  expect(() => openPostgres(loaded.value, clock)).toThrow();
});

test('files are set aside once; what comes back under their name stays', () => {
  const directory = scratchDirectory();
  retire(directory, MOVE);
  retire(directory, { ...MOVE, id: '1'.repeat(32), stores: [] });
  expect(retiredMoves(directory).map(({ stores }) => stores.length)).toEqual([1, 0]);
  const file = join(directory, 'transfers.sqlite');
  for (const name of [file, `${file}-wal`]) writeFileSync(name, '');
  setAside(directory, MOVE);
  expect([file, `${file}-wal`, `${file}.retired`].map((name) => existsSync(name))).toEqual([false, false, true]);
  writeFileSync(file, '');
  setAside(directory, MOVE);
  expect(existsSync(file)).toBe(true);
});
