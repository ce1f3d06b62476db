import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { databaseFault } from './database-fault.ts';
import { openPostgres, recordOf, type StoresOf } from './open-postgres.ts';

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
}

/** As the server numbers it: 13.0. */
const VERSION_MIN = 130_000;

const LOOK = `SELECT current_setting('server_version'), current_setting('server_version_num')::int,
  current_setting('transaction_isolation'), (SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid())`;

/** For `tongguan doctor`; undefined where stores are files. Everything that would keep a cloud from starting is a fault here. */
export function lookAtDatabase(loaded: StoresOf, clock: Clock, program?: URL): Result<DatabaseLook | undefined, Fault> {
  try {
    const opened = openPostgres(loaded, clock, program);
    if (!opened.ok) return opened;
    if (opened.value === undefined) return ok(undefined);
    const { session, close } = opened.value;
    try {
      const [said] = session.transaction(() => session.ask([{ text: LOOK, values: [] }]));
      const [version, number, isolation, ssl] = said?.rows[0] ?? [];
      const moves = recordOf(session).moves().length;
      const isSupported = Number(number) >= VERSION_MIN;
      return ok({ version: `${version}`, isSupported, isEncrypted: ssl === 1, isolation: `${isolation}`, moves });
    } finally {
      close();
    }
  } catch (cause) {
    return fail(databaseFault('DATABASE_NOT_USABLE', causeText(cause)));
  }
}
