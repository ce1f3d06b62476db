import type { SeenFiles } from '../ports/seen-files.ts';
import type { AgentDatabase } from './sqlite-state.ts';

/** Files remembered of one directory: as many as are looked at in one round. */
export const SEEN_FILES_MAX = 65_536;

/** @param directory - the source that the files belong to; two of them may hold the same file */
export function sqliteSeenFiles(database: AgentDatabase, directory: string, filesMax = SEEN_FILES_MAX): SeenFiles {
  const select = database.prepare('SELECT 1 FROM seen_file WHERE directory = ? AND digest = ?').pluck();
  const insert = database.prepare('INSERT OR IGNORE INTO seen_file (directory, digest) VALUES (?, ?)');
  const forget = database.prepare(
    'DELETE FROM seen_file WHERE directory = ? AND id <= (SELECT id FROM seen_file WHERE directory = ? ORDER BY id DESC LIMIT 1 OFFSET ?)',
  );
  const addAll = database.transaction((digests: readonly Uint8Array[]) => {
    for (const digest of digests) insert.run(directory, digest);
    forget.run(directory, directory, filesMax);
  });
  return {
    has: (digest) => select.get(directory, digest) !== undefined,
    add: (digests) => {
      if (digests.length > 0) addAll(digests);
    },
  };
}
