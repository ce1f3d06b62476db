import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RosterTables, rosterReader, rosterWriter } from '../../cloud/adapters/sql/roster-store.ts';
import { sqliteDatabase } from '../../cloud/adapters/sql/sqlite-database.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { describeRoster } from './roster.contract.ts';

/** The other dialect of the builder, so that what does not need a server is tried without one. */
const SCHEMA = `
  CREATE TABLE known_device (device TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, public_key TEXT NOT NULL,
    revoked INTEGER NOT NULL, trust TEXT NOT NULL, vin BLOB NOT NULL, revision INTEGER NOT NULL);
  CREATE TABLE roster (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, revision INTEGER NOT NULL);
  INSERT INTO roster VALUES (0, 0, 0);
`;

describeRoster('SQLite', () => {
  const database = sqliteDatabase<RosterTables>(join(scratchDirectory(), 'roster.sqlite'), SCHEMA);
  onTestFinished(() => database.close());
  return { writer: rosterWriter(database), reader: () => rosterReader(database) };
});
