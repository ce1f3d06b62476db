import type { Publications } from '../ports/publications.ts';
import { type PublicationTables, publicationStore } from './sql/publication-store.ts';
import { sqliteDatabase, sqliteReadOnly } from './sql/sqlite-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS family (
    shape TEXT NOT NULL, signal TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, models TEXT,
    models_digest TEXT NOT NULL, cells TEXT NOT NULL, transfer_id TEXT NOT NULL,
    PRIMARY KEY (signal, first_day, shape)) WITHOUT ROWID;
`;

/** One SQLite file. @param readonly - for a build, which only looks; what it found goes in with the permit */
export function sqlitePublications(file: string, readonly = false): Publications {
  const database = readonly ? sqliteReadOnly<PublicationTables>(file) : sqliteDatabase<PublicationTables>(file, SCHEMA);
  return publicationStore(database);
}
