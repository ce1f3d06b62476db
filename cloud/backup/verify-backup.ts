import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { causeText } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { verifyLog } from '../log/verify.ts';
import { type BackupFault, backupFault } from './backup-fault.ts';
import { digestFile, filesBelow, LOG_NAMES } from './backup-files.ts';
import { countsOf, readManifestFiles } from './create-backup.ts';
import { digestOfManifest, MANIFEST_FILE, type Manifest, openManifest, SIGNATURE_FILE } from './manifest.ts';

export interface VerifiedBackup {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, hexadecimal: names the backup. */
  readonly digest: string;
}

export interface VerifyBackupOptions {
  readonly directory: string;
  readonly origin: string;
  /** Ed25519, of the logs. */
  readonly publicKey: KeyObject;
}

/**
 * Derives everything a backup says of itself again: signature, files and their hashes, counts, both logs. Writes nothing and needs
 * no key of a zone.
 *
 * Faults: BACKUP_DAMAGED with the first thing found wrong, BACKUP_FAILED when it cannot be read.
 */
export function verifyBackup(options: VerifyBackupOptions): Result<VerifiedBackup, BackupFault> {
  try {
    return verifyFiles(options);
  } catch (cause) {
    return fail(backupFault('BACKUP_FAILED', causeText(cause)));
  }
}

function verifyFiles({ directory, origin, publicKey }: VerifyBackupOptions): Result<VerifiedBackup, BackupFault> {
  const { text, signature } = readManifestFiles(directory);
  const manifest = openManifest(text, signature, createPublicKeyOf(publicKey));
  if (manifest === undefined) return damaged('its manifest is not signed with the key of the logs');
  const found = filesBelow(directory).filter((name) => name !== MANIFEST_FILE && name !== SIGNATURE_FILE);
  const listed = manifest.files.map(({ name }) => name);
  if (JSON.stringify(found) !== JSON.stringify(listed)) return damaged('it has other files than its manifest names');
  for (const { name, bytes, sha256 } of manifest.files) {
    const digest = digestFile(join(directory, name));
    if (digest.bytes !== bytes || digest.sha256 !== sha256) return damaged(`\`${name}\` was changed`);
  }
  for (const name of LOG_NAMES) {
    const head = verifyLog({ directory: join(directory, 'log', name), origin: `${origin}/${name}`, publicKey });
    if (!head.ok || Buffer.from(head.value.rootHash).toString('hex') !== manifest.logs[name].root)
      return damaged(`the log \`${name}\` does not hold`);
  }
  const counts = countsOf(join(directory, 'stores'));
  const isSame = Object.entries(counts).every(
    ([name, count]) => manifest.counts[name as keyof typeof counts] === count,
  );
  return isSame
    ? ok({ manifest, digest: digestOfManifest(text) })
    : damaged('it holds other counts than its manifest says');
}

const createPublicKeyOf = (key: KeyObject): KeyObject => (key.type === 'public' ? key : createPublicKey(key));

const damaged = (detail: string) => fail(backupFault('BACKUP_DAMAGED', detail));
