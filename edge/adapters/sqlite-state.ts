import { randomInt } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';

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
  database.exec(SCHEMA);
  database
    .prepare("INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('next-sequence', 0)")
    .run(randomInt(1, EPOCH_LIMIT));
  return database;
}

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
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS batch (first_sequence INTEGER PRIMARY KEY, count INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS held (
    id INTEGER PRIMARY KEY, not_before INTEGER NOT NULL, content BLOB NOT NULL, paths TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS held_by_time ON held (not_before);
  CREATE TABLE IF NOT EXISTS drop_notice (first_sequence INTEGER PRIMARY KEY, count INTEGER NOT NULL, cause TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY, latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, margin_m INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS policy (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, bytes BLOB NOT NULL);
`;
