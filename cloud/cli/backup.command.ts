import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { backupFault } from '../backup/backup-fault.ts';
import { createBackup } from '../backup/create-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { verifyBackup } from '../backup/verify-backup.ts';
import { CloudConfig } from '../config/config.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface BackupArgs {
  readonly config: string;
  readonly directory: string;
  readonly json: boolean;
}

export interface RestoreArgs extends BackupArgs {
  readonly to: string;
  readonly keysFrom: string | undefined;
}

export type BackupIo = Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'>;

export interface BackupCreateIo extends BackupIo {
  readonly exportStores: (loaded: LoadedConfig<CloudConfig>, directory: string) => Result<readonly string[], Fault>;
  readonly access: AskToRead;
  readonly note?: NoteProgress;
}

export interface RestoreIo extends BackupIo {
  /** Who restores; there may be no cloud yet whose log could take it, and the log that is restored says it. */
  readonly access: (loaded: LoadedConfig<CloudConfig>) => Result<{ readonly id: string }, Fault>;
}

/** `tongguan backup create DIR --config cloud.yaml`: copies a cloud, running or not. @returns 0, 1 a fault, 2 configuration, 3 may not read here */
export async function backupCreateCommand(args: BackupArgs, io: BackupCreateIo): Promise<ExitStatus> {
  return report(args, io, 'made', async (loaded) => {
    const granted = await io.access(loaded);
    if (!granted.ok) return fail({ closed: granted.fault });
    const { config, path } = loaded;
    const { stores, zones, log } = config;
    const places = {
      stores: path(stores.directory),
      vaults: path(zones.vaults),
      keys: path(zones.keys),
      log: path(log.directory),
    };
    const signingKey = createPrivateKey(readFileSync(path(log.signingKeyFile)));
    const made = await createBackup({
      places,
      directory: args.directory,
      origin: log.origin,
      signingKey,
      clock: io.clock,
      exportStores: (directory) => io.exportStores(loaded, directory),
      noted: (share) => io.note?.({ step: 'copying', share }),
    });
    const ended = await granted.value.ended({ made: made.ok });
    return ended.ok ? made : ended;
  });
}

/** `tongguan backup verify DIR --config cloud.yaml`: derives it again from disk. @returns 0, 1 damaged, 2 configuration */
export function backupVerifyCommand(args: BackupArgs, io: BackupIo): Promise<ExitStatus> {
  return report(args, io, 'whole', async ({ config: { log }, path }) => {
    const publicKey = createPublicKey(readFileSync(path(log.signingKeyFile)));
    const verified = verifyBackup({ directory: args.directory, origin: log.origin, publicKey });
    return verified.ok ? { ok: true, value: verified.value.manifest } : verified;
  });
}

/** `tongguan backup restore DIR --to DIR --config cloud.yaml`: lays it out where nothing is. @returns 0, 1 a fault, 2 usage, 3 may not read here */
export function backupRestoreCommand(args: RestoreArgs, io: RestoreIo): Promise<ExitStatus> {
  return report(args, io, 'restored', async (loaded) => {
    const granted = io.access(loaded);
    if (!granted.ok) return fail({ closed: granted.fault });
    const {
      config: { log, zones },
      path,
    } = loaded;
    const { directory, to, keysFrom } = args;
    const signingKey = createPrivateKey(readFileSync(path(log.signingKeyFile)));
    const own = { origin: log.origin, signingKey, clock: io.clock, keys: path(zones.keys), actor: granted.value.id };
    const restored = restoreBackup({ directory, to, keysFrom, ...own });
    return restored.ok ? { ok: true, value: restored.value.manifest } : restored;
  });
}

/** Refused before anything was looked at. */
interface Closed {
  readonly closed: Fault;
}

type Counted = { readonly counts: Readonly<Record<string, number>>; readonly createdAt: string };

async function report(
  { config: file, directory, json }: BackupArgs,
  io: BackupIo,
  done: string,
  work: (loaded: LoadedConfig<CloudConfig>) => Promise<Result<Counted, Fault | Closed>>,
): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, file, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('backup', fault));
    return EXIT.usage;
  }
  const outcome = await work(loaded.value).catch((cause: unknown) =>
    fail(backupFault('BACKUP_FAILED', causeText(cause))),
  );
  if (!outcome.ok) {
    const isClosed = 'closed' in outcome.fault;
    io.err(renderFault('backup', 'closed' in outcome.fault ? outcome.fault.closed : outcome.fault));
    return isClosed ? EXIT.withheld : EXIT.fault;
  }
  const { counts, createdAt } = outcome.value;
  const listed = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  io.out(
    json
      ? JSON.stringify({ directory, ...outcome.value })
      : `${join(directory)}: ${done}, of ${createdAt}: ${listed.join(', ')}`,
  );
  return EXIT.done;
}
