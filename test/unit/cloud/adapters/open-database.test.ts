import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../../cloud/adapters/open-database.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS t (a)';

describe('openDatabase', () => {
  test('commits reach the disk before they return: write-ahead log, synchronous FULL', () => {
    const database = openDatabase(join(scratchDirectory(), 'a.sqlite'), SCHEMA);
    onTestFinished(() => {
      database.close();
    });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
  });

  test('refuses a file that is no database, and a directory that is not there', () => {
    const directory = scratchDirectory();
    writeFileSync(
      join(directory, 'b.sqlite'),
      'this is no database, and it is longer than a header of one hundred bytes'.repeat(3),
    );
    expect(() => openDatabase(join(directory, 'b.sqlite'), SCHEMA)).toThrow('not a database');
    expect(() => openDatabase(join(directory, 'absent', 'c.sqlite'), SCHEMA)).toThrow('directory');
  });
});
