import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Takes a SQLite database as the power leaves it in the middle of its last commit: the file, and its write-ahead log without
 * the second half of the last page. Nothing may have been told of that commit, since it is not durable.
 *
 * @returns puts both back, once the database is closed
 */
export function tearWrite(path: string): () => void {
  const log = `${path}-wal`;
  const [database, ahead] = [readFileSync(path), existsSync(log) ? readFileSync(log) : Buffer.alloc(0)];
  const torn = ahead.subarray(0, Math.max(0, ahead.length - HALF_PAGE_BYTES));
  return () => {
    writeFileSync(path, database);
    writeFileSync(log, torn);
  };
}

const HALF_PAGE_BYTES = 2_048;
