import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { PRIORITIES } from '../../../../proto/words/priority.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

describe("the agent's file", () => {
  test('is readable by its owner only, with all that lies beside it: it holds the places of a person', () => {
    const file = join(tempDirectory(), 'agent.db');
    const database = openDatabase(file);
    database.prepare('INSERT INTO place (latitude, longitude, margin_m) VALUES (1, 2, 3)').run();
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o777, name).toBe(0o600);
  });

  test('waits for the disk at every commit', () => {
    const database = openDatabase();
    const setting = (name: string) => database.pragma(name, { simple: true });
    // 2 is FULL.
    expect([setting('journal_mode'), setting('synchronous')]).toEqual(['wal', 2]);
  });

  test('belongs to one agent at a time, and to the next once that has stopped', () => {
    const file = join(tempDirectory(), 'agent.db');
    const first = openAgentDatabase(file);
    expect(() => openAgentDatabase(file)).toThrow('locked');
    first.close();
    openAgentDatabase(file).close();
  });

  test('keeps what it holds when it is opened again', () => {
    const file = join(tempDirectory(), 'agent.db');
    const rows = (database: ReturnType<typeof openAgentDatabase>) =>
      database.prepare('SELECT * FROM lane ORDER BY lane').all();
    const first = openAgentDatabase(file);
    const meta = rows(first);
    first.close();
    const second = openAgentDatabase(file);
    expect(rows(second)).toEqual(meta);
    expect(meta).toMatchObject(PRIORITIES.map((_, lane) => ({ lane, next_sequence: 0 })));
    second.close();
  });

  test('a file of something else is not taken, and not touched', () => {
    const file = join(tempDirectory(), 'photo.jpg');
    writeFileSync(file, 'x'.repeat(5_000));
    expect(() => openAgentDatabase(file)).toThrow('not a database');
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(5_000));
  });

  test('a directory that is missing is an error, and is not made', () => {
    const directory = join(tempDirectory(), 'none');
    expect(() => openAgentDatabase(join(directory, 'agent.db'))).toThrow('ENOENT');
    expect(existsSync(directory)).toBe(false);
  });
});
