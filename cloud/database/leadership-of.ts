import { join } from 'node:path';
import { postgresLeadership } from '../adapters/postgres-leadership.ts';
import { sqliteLeadership } from '../adapters/sqlite-leadership.ts';
import { bothOf } from '../lead.ts';
import type { Leadership } from '../ports/leadership.ts';
import { LEADER_FILE } from '../store-names.ts';
import { type StoresOf, settingsOf } from './open-postgres.ts';

/**
 * Who leads an installation: the holder of the lock beside its logs and, where its stores are in a database, of the lock of the server too. The
 * first keeps processes of one machine apart, also from those that have no database; the second those of several, whatever their files say.
 *
 * @param program - of the thread of the second lock; the compiled one in tests
 * @throws the system's error when a certificate or the password cannot be read
 */
export function leadershipOf(
  { config, path }: StoresOf,
  program?: URL,
): { readonly leadership: Leadership; readonly close: () => void } {
  const own = sqliteLeadership(join(path(config.log.directory), LEADER_FILE));
  const { database } = config.stores;
  if (database.kind === 'sqlite') return { leadership: own, close: () => undefined };
  const shared = postgresLeadership(settingsOf(database, path), program);
  return { leadership: bothOf(own, shared), close: shared.close };
}
