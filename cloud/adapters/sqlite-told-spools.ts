import type { ToldSpool } from '../../proto/words/spool-standing.ts';
import type { BatchNote, Ledger } from '../ports/ledger.ts';
import { openReadOnly, type StoreDatabase } from './open-database.ts';

export const TOLD_SPOOL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS told_spool (
    device INTEGER PRIMARY KEY, file INTEGER NOT NULL, sealed_before INTEGER NOT NULL, eighths INTEGER NOT NULL,
    offline_class INTEGER NOT NULL, received_at INTEGER NOT NULL);
`;

/**
 * What each device told last of its spool, one row a device, in the ledger's file.
 *
 * Of one file of the vehicle the standing after more frames is the newer, in whatever order batches of its queues arrive. A
 * vehicle that tells of another file has lost the one before, so that counts no more.
 */
export function sqliteToldSpools(database: StoreDatabase): {
  /** Within the transaction of the ledger. */
  readonly keep: (notes: readonly BatchNote[]) => void;
  readonly of: Ledger['spool'];
} {
  const keep = database.prepare(`
    INSERT INTO told_spool VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET
      file = excluded.file, sealed_before = excluded.sealed_before, eighths = excluded.eighths,
      offline_class = excluded.offline_class, received_at = excluded.received_at
    WHERE excluded.file <> file OR excluded.sealed_before > sealed_before`);
  return {
    keep: (notes) => {
      for (const { deviceNumber, receivedAt, spool } of notes) {
        if (spool === undefined) continue;
        keep.run(deviceNumber, spool.file, spool.sealedBefore, spool.eighths, spool.offlineClass, receivedAt);
      }
    },
    of: reader(database),
  };
}

function reader(database: StoreDatabase): Ledger['spool'] {
  const select = database.prepare(
    'SELECT eighths, offline_class AS offlineClass, received_at AS receivedAt FROM told_spool WHERE device = ?',
  );
  return (device) => select.get(device) as ToldSpool | undefined;
}

/** @throws SqliteError for a ledger that is not there, or of a version that kept nothing told */
export function readToldSpools(ledgerFile: string): Pick<Ledger, 'spool' | 'close'> {
  const database = openReadOnly(ledgerFile);
  try {
    return { spool: reader(database), close: () => void database.close() };
  } catch (cause) {
    database.close();
    throw cause;
  }
}
