import type { KeyObject } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { checkSealed } from './check-sealed.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import type { History } from './ledger.ts';
import type { ParcelLimits } from './manifest.ts';
import { PERMIT_NAME, type TransferId } from './names.ts';
import { type OpenParcel, openParcel } from './open-parcel.ts';
import { type OpenPermit, openPermit, PERMIT_BYTES_MAX, type Recipient } from './open-permit.ts';
import { readSmallFile } from './parcel-file.ts';
import { checkRevocation } from './revocation.ts';

export interface PrepareOptions {
  readonly clock: Clock;
  readonly outbox: string;
  readonly permitKey: KeyObject;
  /** Why no permit under this key is honoured. */
  readonly permitKeyFault: ExporterFault | undefined;
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly limits: ParcelLimits;
}

/** A transfer that may be sent now. */
export interface Prepared extends OpenPermit {
  readonly parcel: OpenParcel;
}

/** A transfer that was begun this often under one permit is given up. */
export const ATTEMPTS_MAX = 1000;

/**
 * Every check that stands before sending, made anew before every attempt. Reads and hashes the whole parcel.
 *
 * @param history - what the traffic log says; single use is judged by it and by nothing else
 */
export async function prepare(
  id: TransferId,
  history: History,
  options: PrepareOptions,
): Promise<Result<Prepared, ExporterFault>> {
  const directory = join(options.outbox, id);
  const misplaced = await checkDirectory(directory);
  if (misplaced !== undefined) return fail(misplaced);
  const revoked = checkRevocation(options.outbox, id);
  if (revoked !== undefined) return fail(revoked);
  const bytes = await readSmallFile(join(directory, PERMIT_NAME), {
    bytesMax: PERMIT_BYTES_MAX,
    missing: 'PERMIT_MISSING',
    tooLong: 'PERMIT_MALFORMED',
  });
  if (!bytes.ok) return bytes;
  const { permitKey: publicKey, permitKeyFault, recipients } = options;
  if (permitKeyFault !== undefined) return fail(permitKeyFault);
  const opened = openPermit(bytes.value, { id, now: options.clock.now(), publicKey, recipients });
  if (!opened.ok) return opened;
  const { permit, permitSha256 } = opened.value;
  if (permitSha256 !== (history.permitSha256 ?? permitSha256)) return fail(exporterFault('PERMIT_CHANGED'));
  if (history.attempts >= ATTEMPTS_MAX) return fail(exporterFault('ATTEMPTS_EXHAUSTED', String(history.attempts)));
  const { manifestSha256 } = permit;
  const parcel = await openParcel(directory, { id, manifestSha256, limits: options.limits });
  if (!parcel.ok) return parcel;
  const sealed = await checkSealed(parcel.value, { permit, cloudKey: publicKey });
  return sealed.ok ? ok({ ...opened.value, parcel: parcel.value }) : sealed;
}

async function checkDirectory(directory: string): Promise<ExporterFault | undefined> {
  try {
    return (await lstat(directory)).isDirectory() ? undefined : exporterFault('PARCEL_NOT_A_DIRECTORY');
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return exporterFault('PARCEL_UNREADABLE', errorCode(cause));
  }
}
