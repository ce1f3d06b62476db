import { diffieHellman, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncNames } from './durable-files.ts';
import { destroyFile, readPrivate, readPublic, writeKeyPair } from './file-zone-keys.ts';

/**
 * The pair that key vaults are sealed to in a backup. It is changed whenever data keys were destroyed, and its private half is
 * overwritten: what older backups hold of the vaults nobody opens again, whatever else he has.
 */
const PRIVATE = 'backup.key';
const PUBLIC = 'backup.pub';
const OLD = 'backup.key.old';

/** Makes the pair where there is none. */
export function makeBackupKey(directory: string): void {
  if (!existsSync(join(directory, PRIVATE))) replaceBackupKey(directory);
}

export function backupPublicKey(directory: string): KeyObject {
  return readPublic(join(directory, PUBLIC));
}

/** @throws Error when the private half is missing or can be read by others */
export function backupAgreement(directory: string): (theirs: KeyObject) => Uint8Array {
  const privateKey = readPrivate(join(directory, PRIVATE), 'backup');
  return (theirs) => diffieHellman({ privateKey, publicKey: theirs });
}

/**
 * Puts a new pair in place of the old one and destroys the old private half. A crash on the way leaves a pair that is whole or
 * that the next call makes whole.
 */
export function replaceBackupKey(directory: string): void {
  const at = (name: string) => join(directory, name);
  for (const name of ['backup.key.new', 'backup.pub.new']) rmSync(at(name), { force: true });
  writeKeyPair(at('backup.key.new'), at('backup.pub.new'));
  destroyFile(at(OLD));
  if (existsSync(at(PRIVATE))) linkSync(at(PRIVATE), at(OLD));
  // The private half first: with the old public half in place until then, nothing is sealed to a key that nobody has.
  renameSync(at('backup.key.new'), at(PRIVATE));
  renameSync(at('backup.pub.new'), at(PUBLIC));
  destroyFile(at(OLD));
  syncNames(directory);
}
