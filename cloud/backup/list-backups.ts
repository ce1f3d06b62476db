import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readManifestFiles } from './create-backup.ts';
import { MANIFEST_FILE, type Manifest, openManifest } from './manifest.ts';

/** Backups that are told of; older ones are still there. */
const LISTED_MAX = 200;

export interface SeenBackup extends Partial<Pick<Manifest, 'createdAt' | 'counts' | 'logs'>> {
  readonly name: string;
  readonly state: 'signed' | 'unsigned';
}

/**
 * Backups that lie in a directory, newest name first, by their manifests: their files are not looked at.
 *
 * @param key - Ed25519, of the logs
 */
export function listBackups(directory: string, key: KeyObject): readonly SeenBackup[] {
  if (!existsSync(directory)) return [];
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, MANIFEST_FILE)))
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? 1 : -1))
    .slice(0, LISTED_MAX)
    .map((name) => seen(name, join(directory, name), publicKey));
}

function seen(name: string, directory: string, publicKey: KeyObject): SeenBackup {
  try {
    const { text, signature } = readManifestFiles(directory);
    const manifest = openManifest(text, signature, publicKey);
    if (manifest === undefined) return { name, state: 'unsigned' };
    const { createdAt, counts, logs } = manifest;
    return { name, state: 'signed', createdAt, counts, logs };
  } catch {
    return { name, state: 'unsigned' };
  }
}
