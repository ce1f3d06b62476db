import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../cloud/adapters/open-database.ts';
import { sqliteRegisters } from '../../../cloud/adapters/sqlite-registers.ts';
import type { RegisterEntry } from '../../../cloud/registers/kind.ts';
import { replayRegisters } from '../../../cloud/registers/record-change.ts';
import { registersAsLogged } from '../../../cloud/registers-as-logged.ts';
import { entryOf } from '../../support/cloud/registers/entries.ts';
import { scratchDirectory } from '../../support/cloud/stores.ts';

/** A register of one entry that the log has, and the hand of somebody who has SQLite. */
function scene() {
  const file = join(scratchDirectory(), 'registers.sqlite');
  const store = sqliteRegisters(file);
  const log: { readonly index: number; readonly leaf: { readonly kind: string; readonly document: Uint8Array } }[] = [];
  const change = (after: RegisterEntry): void => {
    log.push({ index: log.length, leaf: { kind: 'register', document: Buffer.from(JSON.stringify({ after })) } });
    store.apply(after, log.length - 1);
  };
  const size = () => log.length;
  const { differing } = registersAsLogged((from) => log.slice(from), store, ['processor', 'principal'], size);
  change({ ...entryOf('processor', { name: 'Maker' }), version: 1 });
  const sql = (text: string): void => {
    const database = openDatabase(file, '');
    database.exec(text);
    database.close();
  };
  return {
    store,
    change,
    differing,
    sql,
    again: () =>
      registersAsLogged((from) => log.slice(from), sqliteRegisters(file), ['processor', 'principal'], size).differing(),
  };
}

test('registers that are as the log has them hold nothing up, through every change', () => {
  const { change, differing } = scene();
  expect(differing()).toBeUndefined();
  change({ ...entryOf('processor', { name: 'Other' }), version: 2 });
  expect(differing()).toBeUndefined();
});

test.each([
  ['changed', `UPDATE entry SET document = replace(document, 'Maker', 'Taker')`, /^processor\//],
  ['taken away', 'DELETE FROM entry', /^processor\//],
  [
    'added',
    `INSERT INTO entry SELECT 'principal', 'lab', 1, replace(replace(document, '"kind":"processor"', '"kind":"principal"'), '"id":"', '"id":"x') FROM entry`,
    /^principal$/,
  ],
])(
  'an entry that was %s by another hand is told, at the next start and, once the file is read again, at once',
  (_, text, key) => {
    const { differing, sql, again } = scene();
    expect(differing()).toBeUndefined();
    sql(text);
    expect(again()).toMatch(key);
    sql('UPDATE applied SET log_index = log_index + 1');
    expect(differing()).toMatch(key);
  },
);

test('what a start replays is read once: the view holds every entry, those that were applied long ago too', () => {
  const log = ['Maker', 'Other'].map((name, index) => {
    const after = { ...entryOf('processor', { name }), version: index + 1 };
    return { index, leaf: { kind: 'register', document: Buffer.from(JSON.stringify({ after })) }, after };
  });
  const store = sqliteRegisters(join(scratchDirectory(), 'registers.sqlite'));
  if (log[0] !== undefined) store.apply(log[0].after, 0);
  let read = 0;
  function* entries(from: number) {
    for (const one of log.slice(from)) {
      read += 1;
      yield one;
    }
  }
  const { differing, following } = registersAsLogged(entries, store, ['processor'], () => log.length);
  expect(replayRegisters(following, store)).toBe(1);
  expect(differing()).toBeUndefined();
  expect(read).toBe(log.length);
  store.close();
});
