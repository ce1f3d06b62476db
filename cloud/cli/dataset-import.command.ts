import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { toIso } from '../../proto/words/time.ts';
import { CloudConfig } from '../config/config.ts';
import { FILE_KIND_NAMES, type FileKind } from '../datasets/file-kinds.table.ts';
import type { FileRecord } from '../ports/file-store.ts';
import { entryOfFiles, registerOfFiles } from '../registers/entry-of-files.ts';
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

/** What is to be imported, before it was looked at. */
export type ImportRequest = Pick<FileRecord, 'id' | 'title' | 'kind' | 'purposes' | 'entry' | 'importedAt'>;

export interface ImportIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly importFiles: (
    path: string,
    request: ImportRequest,
    storesDirectory: string,
  ) => Promise<Result<FileRecord, Fault>>;
  /** An entry of a register, as the cloud has it. */
  readonly findEntry: (loaded: LoadedConfig<CloudConfig>, register: string, id: string) => RegisterEntry | undefined;
}

/**
 * `tongguan dataset import PATH --config cloud.yaml --kind KIND --entry ID --id ID --purpose ID`: files into the store, once
 * and for good.
 *
 * @returns 0 imported, 3 refused for what is in them, 2 usage or configuration, 1 another fault
 */
export async function datasetImportCommand(args: ImportArgs, io: ImportIo): Promise<ExitStatus> {
  const tell = (fault: Fault): void => io.err(renderFault('dataset', fault, args.language));
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) tell(fault);
    return EXIT.usage;
  }
  const { config, path } = loaded.value;
  const { id, title, purposes } = args;
  const kind = FILE_KIND_NAMES.find((one) => one === args.kind);
  const stores = path(config.stores.directory);
  const entry =
    kind === undefined ? undefined : entryOf(config, kind, args.entry, (...of) => io.findEntry(loaded.value, ...of));
  const isNamed = /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) && !config.datasets.some((one) => one.id === id);
  if (kind === undefined || entry === undefined || !isNamed || purposes.length === 0) {
    tell(usageFault(kind, entry !== undefined, isNamed));
    return EXIT.usage;
  }
  const importedAt = toIso(io.clock.now());
  const request = { id, title, kind, purposes, entry, importedAt };
  const imported = await io.importFiles(args.path, request, stores);
  if (!imported.ok) {
    tell(imported.fault);
    return REFUSALS.includes(imported.fault.code) ? EXIT.withheld : EXIT.fault;
  }
  const { treeSha256, files, content } = imported.value;
  const answer = { id, kind, entry: entry.id, treeSha256, files: files.length, bytes: content.bytes };
  if (args.json) io.out(JSON.stringify(answer));
  else for (const [name, value] of Object.entries(answer)) io.out(`${name.padEnd(12)} ${value}`);
  return EXIT.done;
}

/** An entry of the configuration, else `ID` or `KIND/ID` of the register that covers files of the kind. */
function entryOf(
  { fileEntries }: Pick<CloudConfig, 'fileEntries'>,
  kind: FileKind,
  name: string,
  find: (register: string, id: string) => RegisterEntry | undefined,
): FileRecord['entry'] | undefined {
  const configured = fileEntries.find((one) => one.id === name && one.kind === kind);
  if (configured !== undefined) {
    const { kind: _, ...filing } = configured;
    return filing;
  }
  const register = registerOfFiles(kind);
  const id = register !== undefined && name.startsWith(`${register}/`) ? name.slice(register.length + 1) : name;
  const entry = register === undefined ? undefined : find(register, id);
  return entry === undefined ? undefined : entryOfFiles(entry);
}

const REFUSALS = ['FILE_PARCEL_REFUSED', 'FILE_HASH_DIFFERS'];

function usageFault(kind: FileKind | undefined, hasEntry: boolean, isNamed: boolean): Fault<'FILE_IMPORT_USAGE'> {
  const kinds = FILE_KIND_NAMES.join(', ');
  const problem =
    kind === undefined
      ? bilingual(`\`--kind\` is none of ${kinds}`, `\`--kind\` 应为 ${kinds} 之一`)
      : !hasEntry
        ? bilingual(
            'neither `fileEntries` nor the register has such an entry of this kind that was reported or filed',
            '`fileEntries` 和登记中均没有该类型的、已报送或备案的此条目',
          )
        : isNamed
          ? bilingual('no `--purpose` was named', '未填写 `--purpose`')
          : bilingual('`--id` is taken by a dataset or not well formed', '`--id` 已被数据集占用或格式有误');
  return {
    code: 'FILE_IMPORT_USAGE',
    problem,
    remedy: bilingual('see docs/datasets.md', '请参阅 docs/datasets.md'),
    retry: 'after-remedy',
  };
}
