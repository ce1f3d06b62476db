import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyStore, digestStore, type NamedTables } from '../../../../../cloud/adapters/sql/copy-tables.ts';
import type { MovedStore, MovedTable } from '../../../../../cloud/adapters/sql/moved-stores.table.ts';
import { sqliteDatabase } from '../../../../../cloud/adapters/sql/sqlite-database.ts';
import { scratchDirectory } from '../../../../support/cloud/stores.ts';

const SCHEMA = 'CREATE TABLE thing (number INTEGER PRIMARY KEY, name TEXT, bytes BLOB, part REAL)';
const TABLE: MovedTable = { name: 'thing', columns: ['number', 'name', 'bytes', 'part'], key: ['number'] };
const STORE: MovedStore = { store: 'parts', file: 'things.sqlite', tables: [TABLE] };

type Thing = readonly [number: number, name: string | null, bytes: Buffer | null, part: number];

/** More than are written together, and not a multiple of any statement's rows; text of several bytes a sign. */
const THINGS: readonly Thing[] = Array.from({ length: 1_301 }, (_, at) => [
  at + 1,
  at % 5 === 0 ? null : `${'车'.repeat(at % 90)}${at}`,
  at % 3 === 0 ? Buffer.alloc(at % 200, at) : null,
  at / 7,
]);

function database(name: string, things: readonly Thing[] = []) {
  const made = sqliteDatabase<NamedTables>(join(scratchDirectory(), name), SCHEMA);
  onTestFinished(() => made.close());
  const put = made.prepare<Record<string, Thing[number]>, never>((at) =>
    made.tables
      .insertInto('thing')
      .values({ number: at['number'], name: at['name'], bytes: at['bytes'], part: at['part'] } as never),
  );
  for (const [number, name_, bytes, part] of things) put.run({ number, name: name_, bytes, part });
  return made;
}

/** Value for value, as the log of every installation that moved has it. */
function expected(things: readonly Thing[]): string {
  const hash = createHash('sha256').update(JSON.stringify([TABLE.name, TABLE.columns]));
  for (const [number, name, bytes, part] of things)
    for (const [kind, content] of [
      ['n', Buffer.from(String(number))],
      [name === null ? '-' : 't', Buffer.from(String(name))],
      [bytes === null ? '-' : 'b', bytes ?? Buffer.from('null')],
      ['n', Buffer.from(String(part))],
    ] as const)
      hash.update(`${kind}${content.length}:`).update(content);
  return hash.digest('hex');
}

test('a store is copied row for row in place of what was there, and its digest is over every value', () => {
  const from = database('from.sqlite', THINGS);
  const to = database('to.sqlite', [[77, 'from before', null, 0]]);
  const digest = { table: 'thing', rows: THINGS.length, sha256: expected(THINGS) };
  expect(copyStore(from, to, STORE)).toEqual([digest]);
  expect(digestStore(to, [TABLE])).toEqual([digest]);
});

test('another digest for one value that moved to the next column, and for one that is missing', () => {
  const digests = (
    [
      [[1, 'ab', null, 0]],
      [[1, 'a', Buffer.from('b'), 0]],
      [[1, null, Buffer.from('ab'), 0]],
      [[1, 'null', Buffer.from('ab'), 0]],
    ] satisfies Thing[][]
  ).map((things, at) => digestStore(database(`${at}.sqlite`, things), [TABLE])[0]?.sha256);
  expect(new Set(digests).size).toBe(4);
});
