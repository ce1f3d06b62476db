import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { ZONES } from '../../proto/words/data-class.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { backupAgreement, backupPublicKey } from '../adapters/backup-key.ts';
import { sqliteTransferRegister } from '../adapters/sqlite-transfer-register.ts';
import { openLog } from '../log/open-log.ts';
import { openSealed } from '../zones/envelope.ts';
import { backupFault } from './backup-fault.ts';
import {
  copyDirectories,
  copyNew,
  isEmptyOrAbsent,
  LOG_NAMES,
  OPTIONAL_STORE_FILES,
  STORE_FILES,
  sealedVault,
  writeNew,
} from './backup-files.ts';
import { vaultContext } from './create-backup.ts';
import { type VerifiedBackup, verifyBackup } from './verify-backup.ts';

export interface RestoreOptions {
  readonly directory: string;
  /** Gets `stores`, `vaults` and `log`. */
  readonly to: string;
  /** Key directory: the backup key opens the vaults. */
  readonly keys: string;
  /** A later backup whose vaults are taken, when those of this one were forgotten. */
  readonly keysFrom: string | undefined;
  readonly origin: string;
  /** Ed25519, of the logs. */
  readonly signingKey: KeyObject;
  readonly clock: Clock;
  /** Who restores, as the log will name them. */
  readonly actor: string;
}

/**
 * Lays a verified backup out in an empty directory. Records whose keys were destroyed since stay unreadable: their keys are in no
 * vault that opens.
 *
 * Faults: RESTORE_EXISTS, BACKUP_DAMAGED, BACKUP_FORGOTTEN, BACKUP_FAILED and those of the log.
 */
export function restoreBackup(options: RestoreOptions): Result<VerifiedBackup, Fault> {
  const { directory, to, origin, signingKey, keysFrom = directory } = options;
  if (!isEmptyOrAbsent(to)) return fail(backupFault('RESTORE_EXISTS'));
  const publicKey = createPublicKey(signingKey);
  const verified = verifyBackup({ directory, origin, publicKey });
  if (!verified.ok) return verified;
  const later = keysFrom === directory ? verified : verifyBackup({ directory: keysFrom, origin, publicKey });
  if (!later.ok) return later;
  try {
    const vaults = openVaults(keysFrom, options.keys);
    if (vaults === undefined) return fail(backupFault('BACKUP_FORGOTTEN'));
    makeDirectory(to, 0o700);
    const configured = OPTIONAL_STORE_FILES.filter((name) => existsSync(join(directory, 'stores', name)));
    for (const name of [...STORE_FILES, ...configured])
      copyNew(join(directory, 'stores', name), join(to, 'stores', name));
    const below = (place: string) => ({ stores: join(place, 'stores'), log: join(place, 'log') });
    copyDirectories(below(directory), below(to));
    for (const { zone, bytes } of vaults) writeNew(join(to, 'vaults', `vault-${zone}.sqlite`), bytes);
    for (const name of LOG_NAMES)
      for (const file of ['entries.log', 'checkpoint'])
        copyNew(join(directory, 'log', name, file), join(to, 'log', name, file));
    countPermitted(join(to, 'stores', 'transfers.sqlite'));
    const entered = enterRestoration(options, verified.value);
    return entered.ok ? verified : entered;
  } catch (cause) {
    return fail(backupFault('BACKUP_FAILED', causeText(cause)));
  }
}

/** Opened before anything is written; undefined when this installation no longer has their key. */
function openVaults(directory: string, keys: string) {
  const agree = backupAgreement(keys);
  const publicKey = backupPublicKey(keys);
  const opened = ZONES.map((zone) => {
    const sealed = readFileSync(join(directory, 'vaults', sealedVault(zone)));
    return { zone, bytes: openSealed(agree, publicKey, vaultContext(zone), sealed) };
  });
  return opened.every((one): one is { zone: (typeof ZONES)[number]; bytes: Buffer } => one.bytes !== undefined)
    ? opened
    : undefined;
}

/**
 * A transfer that was permitted when the backup was made may have been sent since. Nobody here knows, so its persons count; it
 * is not sent again, since the border is in no backup.
 */
function countPermitted(file: string): void {
  const transfers = sqliteTransferRegister(file);
  for (const { transferId, state } of transfers.list())
    if (state === 'permitted') transfers.close(transferId, 'failed', 'counted');
  transfers.shut();
}

/** The log says where its history was taken up again: what was entered after the backup is missing from there on. */
function enterRestoration(
  { to, origin, signingKey, clock, keysFrom, actor }: RestoreOptions,
  { manifest, digest }: VerifiedBackup,
): Result<void, Fault> {
  const log = openLog({ directory: join(to, 'log', 'operations'), origin: `${origin}/operations`, signingKey, clock });
  if (!log.ok) return log;
  const document = { manifestSha256: digest, createdAt: manifest.createdAt, keysFromLater: keysFrom !== undefined };
  const entered = log.value.append([{ kind: 'restored', transferId: '', actor, document }]);
  log.value.close();
  return entered.ok ? ok(undefined) : entered;
}
