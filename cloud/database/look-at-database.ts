import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { type LeaderTables, leaderRecord } from '../adapters/sql/leader-record.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import { databaseFault } from './database-fault.ts';
import { checkMarks, type FilesOf, markedDirectories } from './files-mark.ts';
import { openPostgres, recordOf } from './open-postgres.ts';

/** What a database says of itself, once it is ours and could be started over. */
export interface DatabaseLook {
  /** As the server writes it, such as `15.14`. */
  readonly version: string;
  readonly isSupported: boolean;
  readonly isEncrypted: boolean;
  /** Of the transactions that count. */
  readonly isolation: string;
  /** How often stores were moved into it. */
  readonly moves: number;
  /** Machine whose process leads now; undefined while nobody does. */
  readonly leader: string | undefined;
  /**
   * Processes that stand by, on any machine, as far as the server knows: one beside the leader waits for the lock of their files first, and may have
   * asked for nothing else.
   */
  readonly standbys: number;
  /** What would keep a process over the files of this machine from leading. */
  readonly files: Fault | undefined;
}

/** As the server numbers it: 13.0. */
const VERSION_MIN = 130_000;

const LOOK = `SELECT current_setting('server_version'), current_setting('server_version_num')::int,
  current_setting('transaction_isolation'), (SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid())`;

/** By the locks of the thread `lock-thread.ts`, whose sessions carry the name of their machine. */
const LEADS = `SELECT max(substr(application_name, length('tongguan-leader ') + 1)) FILTER (WHERE objid = 1), count(*) FILTER (WHERE objid = 2)
  FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid = (hashtext('tongguan ' || current_schema())::bigint & 4294967295)::oid`;

/** For `tongguan doctor`; undefined where stores are files. Everything that would keep a cloud from starting is a fault here. */
export function lookAtDatabase(loaded: FilesOf, clock: Clock, program?: URL): Result<DatabaseLook | undefined, Fault> {
  try {
    const opened = openPostgres(loaded, clock, program);
    if (!opened.ok) return opened;
    if (opened.value === undefined) return ok(undefined);
    const { session, close } = opened.value;
    try {
      const [said] = session.transaction(() => session.ask([{ text: LOOK, values: [] }]));
      const [version, number, isolation, ssl] = said?.rows[0] ?? [];
      const moves = recordOf(session).moves().length;
      const [led] = session.ask([{ text: LEADS, values: [] }]);
      const [leader, standbys] = led?.rows[0] ?? [];
      const standing = leaderRecord(postgresDatabase<LeaderTables>(session)).standing();
      const files = checkMarks(markedDirectories(loaded), standing);
      const ledBy = { leader: leader === null ? undefined : String(leader), standbys: Number(standbys), files };
      const isSupported = Number(number) >= VERSION_MIN;
      return ok({
        version: `${version}`,
        isSupported,
        isEncrypted: ssl === 1,
        isolation: `${isolation}`,
        moves,
        ...ledBy,
      });
    } finally {
      close();
    }
  } catch (cause) {
    return fail(databaseFault('DATABASE_NOT_USABLE', causeText(cause)));
  }
}
