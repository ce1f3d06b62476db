import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import { isTransferId, type TransferId } from './names.ts';

/** The cloud withdraws a permit by an entry of this name beside the parcel; nothing in it is read. */
const REVOKED_SUFFIX = '.revoked';

/** The transfer that an entry of the outbox revokes, if it is such a mark. */
export function revokedBy(name: string): TransferId | undefined {
  const id = name.endsWith(REVOKED_SUFFIX) ? name.slice(0, -REVOKED_SUFFIX.length) : '';
  return isTransferId(id) ? id : undefined;
}

/** Asked before a connection, a request and every piece of a file. A mark that nobody can look for is a reason to wait. */
export function checkRevocation(outbox: string, id: TransferId): ExporterFault | undefined {
  try {
    lstatSync(join(outbox, `${id}${REVOKED_SUFFIX}`));
    return exporterFault('PERMIT_REVOKED');
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return errorCode(cause) === 'ENOENT' ? undefined : exporterFault('OUTBOX_UNREADABLE', errorCode(cause));
  }
}
