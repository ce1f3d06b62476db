import { randomInt } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';
import { PRIORITIES } from '../../proto/words/priority.ts';

/** The agent's own file on the vehicle: spool, places, policy. The edge's only user of SQLite's binding. */
export type AgentDatabase = Database.Database;

/**
 * Opens the file, making it on first use, for its owner only: it holds the places where the vehicle stops. Every commit
 * reaches the disk before it returns (`synchronous = FULL`), since a vehicle loses power at any moment.
 *
 * One process has the file: two agents on one spool would count apart, and without company no index file is needed, so
 * that a full disk can still be opened.
 *
 * @throws SqliteError when the file is no database or cannot be written
 */
export function openAgentDatabase(path: string): AgentDatabase {
  closeSync(openSync(path, 'a', 0o600));
  const Sqlite = loadSqlite();
  const database = new Sqlite(path, { timeout: LOCK_WAIT_MS });
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma(`page_size = ${PAGE_BYTES}`);
  database.pragma('journal_mode = WAL');
  database.pragma(`wal_autocheckpoint = ${LOG_BYTES_MAX / PAGE_BYTES}`);
  database.pragma('synchronous = FULL');
  database.pragma(`cache_size = -${CACHE_KIB}`);
  const isNew = checkVersion(database);
  // One commit for all of it: a new file costs one wait for the disk, and one made by halves cannot be.
  database.transaction(() => {
    if (isNew) database.pragma(`user_version = ${FILE_VERSION}`);
    database.exec(SCHEMA);
    const addLane = database.prepare('INSERT OR IGNORE INTO lane VALUES (?, ?, 0)');
    for (const lane of PRIORITIES.keys()) addLane.run(lane, randomInt(1, EPOCH_LIMIT));
  })();
  return database;
}

/**
 * A file of another version is left alone: what waits in it would be lost, and margins drawn anew would average out.
 *
 * @returns whether there is nothing in it yet
 */
function checkVersion(database: AgentDatabase): boolean {
  const version = database.pragma('user_version', { simple: true });
  const isNew = database.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'").pluck().get() === 0;
  if (typeof version === 'number' && MIGRATIONS[version] !== undefined) migrate(database, version);
  else if (version !== FILE_VERSION && !isNew) {
    database.close();
    throw new Error(`the file has version ${version} and this agent reads ${FILE_VERSION}`);
  }
  // The version is written only when it changes something: a full disk takes no write, and can still be opened.
  return isNew;
}

function migrate(database: AgentDatabase, from: number): void {
  database.transaction(() => {
    for (let version = from; version < FILE_VERSION; version += 1) database.exec(MIGRATIONS[version] ?? '');
    database.pragma(`user_version = ${FILE_VERSION}`);
  })();
}

const FILE_VERSION = 4;

/** In place of a purpose and a consent that were not written down; no id has this form. */
export const UNKNOWN_BASIS = '?';

/**
 * From each version to the next. What lay in a file that did not say what a batch rests on rests on nobody knows what, and
 * goes with whatever is withdrawn first. Notices of drops were deleted once a batch told of them, whatever became of it.
 */
const MIGRATIONS: Readonly<Record<number, string>> = {
  2: `ALTER TABLE batch ADD COLUMN purpose TEXT NOT NULL DEFAULT '${UNKNOWN_BASIS}';
    ALTER TABLE batch ADD COLUMN consent TEXT NOT NULL DEFAULT '${UNKNOWN_BASIS}';
    ALTER TABLE held ADD COLUMN purpose TEXT NOT NULL DEFAULT '${UNKNOWN_BASIS}';
    ALTER TABLE held ADD COLUMN consent TEXT NOT NULL DEFAULT '${UNKNOWN_BASIS}';
    ALTER TABLE held ADD COLUMN attestation TEXT NOT NULL DEFAULT '';`,
  3: 'ALTER TABLE drop_notice ADD COLUMN told_with INTEGER; ALTER TABLE drop_notice ADD COLUMN told_count INTEGER;',
};

/** How long an agent that is just stopping may still hold the file. */
const LOCK_WAIT_MS = 1_000;

export const PAGE_BYTES = 4_096;

/** The write-ahead log is copied into the file at this size. */
export const LOG_BYTES_MAX = 2_097_152;

/** Small, because one process may run many simulated vehicles and a TCU has little memory. */
const CACHE_KIB = 512;

/** Epochs are drawn at random, so that a spool made anew never repeats a sequence of the old one. */
const EPOCH_LIMIT = 2 ** 48 - 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS lane (
    lane INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, next_sequence INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS batch (
    lane INTEGER NOT NULL, first_sequence INTEGER NOT NULL, count INTEGER NOT NULL, sealed_at INTEGER NOT NULL,
    bytes BLOB NOT NULL, purpose TEXT NOT NULL, consent TEXT NOT NULL, PRIMARY KEY (lane, first_sequence));
  CREATE INDEX IF NOT EXISTS batch_by_consent ON batch (consent, purpose) WHERE consent <> '';
  CREATE TABLE IF NOT EXISTS held (
    id INTEGER PRIMARY KEY, not_before INTEGER NOT NULL, content BLOB NOT NULL, paths TEXT NOT NULL,
    purpose TEXT NOT NULL, consent TEXT NOT NULL, attestation TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS consent (purpose TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS held_by_time ON held (not_before);
  CREATE TABLE IF NOT EXISTS drop_notice (
    lane INTEGER NOT NULL, first_sequence INTEGER NOT NULL, count INTEGER NOT NULL, cause TEXT NOT NULL,
    told_with INTEGER, told_count INTEGER, PRIMARY KEY (lane, first_sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY, latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, margin_m INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS trip (id INTEGER PRIMARY KEY CHECK (id = 0), header TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS trip_point (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, latitude INTEGER NOT NULL, longitude INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS seen_file (
    id INTEGER PRIMARY KEY, directory TEXT NOT NULL, digest BLOB NOT NULL, UNIQUE (directory, digest));
  CREATE TABLE IF NOT EXISTS software_update (id INTEGER PRIMARY KEY CHECK (id = 0), job TEXT NOT NULL, offer BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS fences (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS policy (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, bytes BLOB NOT NULL);
`;
