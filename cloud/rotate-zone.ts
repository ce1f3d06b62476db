import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Zone } from '../proto/words/data-class.ts';
import { assert } from '../proto/words/result.ts';
import { syncNames } from './adapters/durable-files.ts';
import { destroyFile, privateKeyFile, publicKeyFile, readPrivate, writeKeyPair } from './adapters/file-zone-keys.ts';
import { keyVaultOwner, sqliteKeyVault } from './adapters/sqlite-key-vault.ts';
import { vaultFile } from './store-names.ts';
import { sessionContext } from './zones/data-keys.ts';
import { openSealed, publicKeyDigest, sealTo } from './zones/envelope.ts';

/**
 * Gives a zone another key pair. Data keys and records stay as they are: only the seals of the sessions, which the zone's key
 * opens, are made anew. A running cloud stores nothing more in that zone until it is started again, and says so.
 *
 * A crash on the way leaves the new pair beside the old one; the next call goes on from there.
 *
 * @returns how many sessions were sealed anew
 * @throws Error when a key or the vault cannot be used
 */
export function rotateZone(zone: Zone, keys: string, vaults: string): number {
  const [oldPrivate, oldPublic] = [privateKeyFile(keys, zone), publicKeyFile(keys, zone)];
  const [newPrivate, newPublic] = [`${oldPrivate}.new`, `${oldPublic}.new`];
  // Between the two renames of an earlier call: only the public half is left to be put in place.
  if (existsSync(newPublic) && !existsSync(newPrivate)) renameSync(newPublic, oldPublic);
  // A private half alone was left while the pair was written; nothing was sealed to it.
  if (!existsSync(newPublic)) rmSync(newPrivate, { force: true });
  if (!existsSync(newPrivate)) writeKeyPair(newPrivate, newPublic);
  const next = readPrivate(newPrivate, `${zone}.key.new`);
  const file = join(vaults, vaultFile(zone));
  const resealed = isSealedTo(zone, file, next) ? 0 : reseal(zone, file, readPrivate(oldPrivate, zone), next);
  // Also of a pair that an earlier call left: its names have to outlive the key that it takes the place of.
  syncNames(keys);
  destroyFile(oldPrivate);
  renameSync(newPrivate, oldPrivate);
  renameSync(newPublic, oldPublic);
  syncNames(keys);
  return resealed;
}

function isSealedTo(zone: Zone, file: string, key: KeyObject): boolean {
  return keyVaultOwner(file, zone).equals(publicKeyDigest(createPublicKey(key)));
}

function reseal(zone: Zone, file: string, before: KeyObject, after: KeyObject): number {
  const [oldKey, newKey] = [createPublicKey(before), createPublicKey(after)];
  const vault = sqliteKeyVault(file, { zone, publicKeyDigest: publicKeyDigest(oldKey) });
  try {
    const agree = (theirs: KeyObject) => diffieHellman({ privateKey: before, publicKey: theirs });
    const sessions = vault.sessions().map(({ id, sealed }) => {
      const key = openSealed(agree, oldKey, sessionContext(zone, id), sealed);
      assert(key !== undefined, 'the key of the zone opens what was sealed to it');
      return { id, sealed: sealTo(newKey, sessionContext(zone, id), key) };
    });
    vault.reseal(sessions, publicKeyDigest(newKey));
    return sessions.length;
  } finally {
    vault.close();
  }
}
