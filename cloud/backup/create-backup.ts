import { createPublicKey, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { ZONES } from '../../proto/words/data-class.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, toIso } from '../../proto/words/time.ts';
import { backupPublicKey } from '../adapters/backup-key.ts';
import { copyDatabase, countIn } from '../adapters/copy-database.ts';
import { openCheckpoint } from '../log/checkpoint.ts';
import { CHECKPOINT_FILE, readCheckpointFile } from '../log/checkpoint-file.ts';
import { ENTRIES_FILE } from '../log/entry-file.ts';
import { readAt } from '../log/read-at.ts';
import { replayEntries } from '../log/replay.ts';
import { publicKeyDigest, sealTo } from '../zones/envelope.ts';
import { backupFault } from './backup-fault.ts';
import {
  type CloudPlaces,
  copyDirectories,
  digestFile,
  filesBelow,
  isEmptyOrAbsent,
  type LOG_NAMES,
  OPTIONAL_STORE_FILES,
  STORE_FILES,
  sealedVault,
  writeNew,
} from './backup-files.ts';
import { MANIFEST_FILE, type Manifest, SIGNATURE_FILE, signManifest } from './manifest.ts';
import { vaultBytes } from './vault-copy.ts';

export interface BackupOptions {
  readonly places: CloudPlaces;
  readonly directory: string;
  /** Prefix of the logs' names. */
  readonly origin: string;
  /** Ed25519, of the logs; signs the manifest. */
  readonly signingKey: KeyObject;
  readonly clock: Clock;
  /** Writes stores that are in no file of theirs into the backup; gives their names. */
  readonly exportStores: (directory: string) => Result<readonly string[], Fault>;
  /** Told of the share that is copied, 0 to 1. */
  readonly noted?: (share: number) => void;
}

/**
 * Copies the stores and logs of a cloud, running or not, into an empty directory. Records stay sealed; the key vaults, without
 * which they are noise, are sealed to the backup key.
 *
 * Faults: BACKUP_EXISTS, BACKUP_OVERTAKEN, those of a database. @throws the system's error; what was written is then no backup
 */
export async function createBackup(options: BackupOptions): Promise<Result<Manifest, Fault>> {
  const { places, directory } = options;
  if (!isEmptyOrAbsent(directory)) return fail(backupFault('BACKUP_EXISTS'));
  // Taken before any vault is read: keys destroyed after this moment are forgotten with this key.
  const backupKey = backupPublicKey(places.keys);
  makeDirectory(join(directory, 'stores'), 0o700);
  const configured = OPTIONAL_STORE_FILES.filter((name) => existsSync(join(places.stores, name)));
  const copy = (name: string) => copyDatabase(join(places.stores, name), join(directory, 'stores', name));
  // A database has the ledger beside them, and gives all that it has as of one moment: before any zone, as in the list.
  const exported = options.exportStores(join(directory, 'stores'));
  if (!exported.ok) return exported;
  const names = [...STORE_FILES, ...configured];
  for (const [at, name] of names.entries()) {
    if (!exported.value.includes(name)) await copy(name);
    options.noted?.((at + 1) / names.length);
  }
  copyDirectories(places, { stores: join(directory, 'stores'), log: join(directory, 'log') });
  for (const zone of ZONES) {
    const sealed = sealTo(backupKey, vaultContext(zone), vaultBytes(places.vaults, zone));
    writeNew(join(directory, 'vaults', sealedVault(zone)), sealed);
  }
  const logs = { operations: copyLog('operations', options), alerts: copyLog('alerts', options) };
  if (!backupPublicKey(places.keys).equals(backupKey)) return fail(backupFault('BACKUP_OVERTAKEN'));
  const manifest: Manifest = {
    backup: 1,
    createdAt: toIso(options.clock.now()),
    backupKeySha256: publicKeyDigest(backupKey).toString('hex'),
    counts: countsOf(join(directory, 'stores')),
    logs,
    files: filesBelow(directory).map((name) => ({ name, ...digestFile(join(directory, name)) })),
  };
  const { text, signature } = signManifest(manifest, options.signingKey);
  writeNew(join(directory, SIGNATURE_FILE), signature);
  // Last: a directory without it is no backup.
  writeNew(join(directory, MANIFEST_FILE), Buffer.from(text));
  return ok(manifest);
}

export const vaultContext = (zone: string): string => `tongguan.v1.backup-vault\0${zone}`;

/** Counts as the copies have them. */
export function countsOf(stores: string): Manifest['counts'] {
  const records = (zone: string) =>
    countIn(join(stores, `zone-${zone}.sqlite`), 'SELECT coalesce(sum(count), 0) FROM segment');
  const rows = (file: string, table: string) => countIn(join(stores, file), `SELECT count(*) FROM ${table}`);
  return {
    general: records('general'),
    personal: records('personal'),
    geographic: records('geographic'),
    important: records('important'),
    quarantine: rows('zone-quarantine.sqlite', 'payload'),
    framesAdmitted: countIn(join(stores, 'ledger.sqlite'), 'SELECT admitted FROM totals'),
    devices: rows('devices.sqlite', 'device'),
    transfers: rows('transfers.sqlite', 'transfer'),
    deletions: rows('deletions.sqlite', 'deletion'),
  };
}

/** The tree head first and then the entries it stands on, to the byte: what a writer adds in between is not part of it. */
function copyLog(
  name: (typeof LOG_NAMES)[number],
  { places, directory, origin, signingKey }: BackupOptions,
): { size: number; root: string } {
  const from = join(places.log, name);
  const note = readCheckpointFile(from);
  const head = openCheckpoint(note, { origin: `${origin}/${name}`, publicKey: createPublicKey(signingKey) });
  assert(head.ok, 'the tree head of a log is signed with its key');
  writeNew(join(directory, 'log', name, ENTRIES_FILE), entriesOf(join(from, ENTRIES_FILE), head.value.size));
  writeNew(join(directory, 'log', name, CHECKPOINT_FILE), note);
  return { size: head.value.size, root: Buffer.from(head.value.rootHash).toString('hex') };
}

function entriesOf(file: string, size: number): Uint8Array {
  const fd = openSync(file, 'r');
  try {
    const replayed = replayEntries(fd, size, () => undefined);
    assert(replayed.ok, 'a log holds the entries that its tree head counts');
    const bytes = readAt(fd, 0, replayed.value.bytes);
    assert(bytes.length === replayed.value.bytes, 'a log only grows');
    return bytes;
  } finally {
    closeSync(fd);
  }
}

export function readManifestFiles(directory: string): { readonly text: string; readonly signature: Uint8Array } {
  return {
    text: readFileSync(join(directory, MANIFEST_FILE), 'utf8'),
    signature: readFileSync(join(directory, SIGNATURE_FILE)),
  };
}
