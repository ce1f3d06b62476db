import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import { fileExists } from './file-exists.ts';
import { isTransferId, type TransferId } from './names.ts';
import { revokedBy } from './revocation.ts';

export interface Outbox {
  /** True while an emergency stop is in force. */
  readonly isStopped: boolean;
  /** Entries whose name is a transfer id, whatever they are; other names are never looked into. */
  readonly ids: readonly TransferId[];
  /** Transfers whose permit the cloud has withdrawn. */
  readonly revoked: readonly TransferId[];
  /** How many other names there are. */
  readonly strangers: number;
}

/** A file or directory of this name in the outbox is an emergency stop: nothing is sent while it exists. */
export const STOP_NAME = 'STOP';

/** Entries looked at in one go; those beyond wait until the cloud has cleaned up. */
export const OUTBOX_ENTRIES_MAX = 10_000;

/** Lists the outbox. A fault means that nobody knows whether a stop is in force, so it is one. */
export async function listOutbox(directory: string): Promise<Result<Outbox, ExporterFault>> {
  try {
    const isStopped = await fileExists(join(directory, STOP_NAME));
    const ids: TransferId[] = [];
    const revoked: TransferId[] = [];
    let seen = 0;
    for await (const { name } of await opendir(directory)) {
      if (name === STOP_NAME) continue;
      const withdrawn = revokedBy(name);
      if (isTransferId(name)) ids.push(name);
      else if (withdrawn !== undefined) revoked.push(withdrawn);
      seen += 1;
      if (seen >= OUTBOX_ENTRIES_MAX) break;
    }
    return ok({ isStopped, ids: ids.sort(), revoked, strangers: seen - ids.length - revoked.length });
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(exporterFault('OUTBOX_UNREADABLE', errorCode(cause)));
  }
}
