import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';

const NODE_OF_NEWER_BINDING = 22;

/**
 * The SQLite binding that works on this Node. Version 13 needs Node 22 and crashes on 20; version 12 is ended by Node 24.19 and
 * later whenever a statement is collected as garbage (docs/adr/0018). Both give the same interface.
 *
 * @throws Error when the binding is not installed
 */
export function loadSqlite(): typeof Database {
  const [major] = process.versions.node.split('.');
  const name = Number(major) >= NODE_OF_NEWER_BINDING ? 'better-sqlite3-node22' : 'better-sqlite3';
  return createRequire(import.meta.url)(name) as typeof Database;
}
