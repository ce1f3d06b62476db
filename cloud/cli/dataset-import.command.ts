import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { toIso } from '../../proto/words/time.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { CloudConfig } from '../config/config.ts';
import { type ImportRequest, importRequestOf } from '../import-request.ts';
import type { FileRecord } from '../ports/file-store.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import type { Language } from '../transfer/explain.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface ImportArgs {
  readonly config: string;
  readonly path: string;
  readonly kind: string;
  readonly entry: string;
  readonly id: string;
  readonly title: string;
  readonly purposes: readonly string[];
  readonly json: boolean;
  readonly language: Language;
}

export interface ImportIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly access: AskToRead;
  readonly importFiles: (
    path: string,
    request: ImportRequest,
    storesDirectory: string,
    note: NoteProgress,
  ) => Promise<Result<FileRecord, Fault>>;
  readonly note: NoteProgress;
  /** An entry of a register, as the cloud has it. */
  readonly findEntry: (loaded: LoadedConfig<CloudConfig>, register: string, id: string) => RegisterEntry | undefined;
}

/**
 * `tongguan dataset import PATH --config cloud.yaml --kind KIND --entry ID --id ID --purpose ID`: files into the store, once
 * and for good. It stands in the operations log before anything is kept, and what came of it afterwards.
 *
 * @returns 0 imported, 3 refused for what is in them or who runs it, 2 usage or configuration, 1 another fault
 */
export async function datasetImportCommand(args: ImportArgs, io: ImportIo): Promise<ExitStatus> {
  const tell = (fault: Fault): void => io.err(renderFault('dataset', fault, args.language));
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) tell(fault);
    return EXIT.usage;
  }
  const { config, path } = loaded.value;
  const { id, kind, entry } = args;
  const entered = await io.access(loaded.value, { act: 'files-import', detail: { id, kind, entry } });
  if (!entered.ok) {
    tell(entered.fault);
    return EXIT.withheld;
  }
  const ended = (outcome: string, detail: object = {}) =>
    entered.value.ended({ id, kind, entry, outcome, treeSha256: '', ...detail });
  const importedAt = toIso(io.clock.now());
  const request = importRequestOf({ ...args, importedAt }, config, (...of) => io.findEntry(loaded.value, ...of));
  if (!request.ok) {
    await ended(request.fault.code);
    tell(request.fault);
    return EXIT.usage;
  }
  const imported = await io.importFiles(args.path, request.value, path(config.stores.directory), io.note);
  if (!imported.ok) {
    await ended(imported.fault.code);
    tell(imported.fault);
    return REFUSALS.includes(imported.fault.code) ? EXIT.withheld : EXIT.fault;
  }
  const { treeSha256, files, content } = imported.value;
  const logged = await ended('imported', { treeSha256, bytes: content.bytes });
  if (!logged.ok) {
    tell(logged.fault);
    return EXIT.fault;
  }
  const covering = request.value.entry.id;
  const answer = { id, kind, entry: covering, treeSha256, files: files.length, bytes: content.bytes };
  if (args.json) io.out(JSON.stringify(answer));
  else for (const [name, value] of Object.entries(answer)) io.out(`${name.padEnd(12)} ${value}`);
  return EXIT.done;
}

const REFUSALS = ['FILE_PARCEL_REFUSED', 'FILE_HASH_DIFFERS'];
