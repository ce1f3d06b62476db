import { type SpoolSettings, sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import type { AgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import type { AppendedBatch, Spool, SpoolStatus, Spools } from '../../../edge/ports/spool.ts';
import { LEAST_PRIORITY, type Priority } from '../../../proto/words/priority.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** One queue of a spool as if it were the whole of it; what it appends was sealed at the beginning of time. */
export interface OneSpool extends Omit<Spool, 'append'> {
  append(appended: Omit<AppendedBatch, 'sealedAt'> & Partial<AppendedBatch>): ReturnType<Spool['append']>;
  status(): SpoolStatus;
  close(): void;
}

export function sqliteSpool(
  database: AgentDatabase,
  settings: SpoolSettings,
  priority: Priority = LEAST_PRIORITY,
): OneSpool {
  return oneOf(sqliteSpools(database, settings), priority);
}

export function oneOf(spools: Spools, priority: Priority = LEAST_PRIORITY): OneSpool {
  const queue = spools.of[priority];
  return {
    ...queue,
    append: (appended) => queue.append({ sealedAt: 0 as Instant, ...appended }),
    status: spools.status,
    close: spools.close,
  };
}
