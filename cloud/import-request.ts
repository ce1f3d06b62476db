import { bilingual, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { CloudConfig } from './config/config.ts';
import { FILE_KIND_NAMES, type FileKind } from './datasets/file-kinds.table.ts';
import type { FileRecord } from './ports/file-store.ts';
import { entryOfFiles, registerOfFiles } from './registers/entry-of-files.ts';
import type { RegisterEntry } from './registers/kind.ts';

/** What is to be imported, before it was looked at. */
export type ImportRequest = Pick<FileRecord, 'id' | 'title' | 'kind' | 'purposes' | 'entry' | 'importedAt'>;

/** The same as somebody says it. */
export interface ImportWish extends Pick<ImportRequest, 'id' | 'title' | 'purposes' | 'importedAt'> {
  readonly kind: string;
  /** An entry of `fileEntries`, or `ID` or `KIND/ID` of the register that covers files of the kind. */
  readonly entry: string;
}

type FindEntry = (register: string, id: string) => RegisterEntry | undefined;

/** A wish with the entry that covers it. Faults: FILE_IMPORT_USAGE. */
export function importRequestOf(
  { kind: kindName, entry: entryName, id, title, purposes, importedAt }: ImportWish,
  config: Pick<CloudConfig, 'fileEntries' | 'datasets'>,
  find: FindEntry,
): Result<ImportRequest, Fault> {
  const kind = FILE_KIND_NAMES.find((one) => one === kindName);
  const entry = kind === undefined ? undefined : entryOf(config, kind, entryName, find);
  const isNamed = /^[a-z0-9][a-z0-9-]{0,63}$/.test(id) && !config.datasets.some((one) => one.id === id);
  if (kind === undefined || entry === undefined || !isNamed || purposes.length === 0)
    return fail(usageFault(kind, entry !== undefined, isNamed));
  return ok({ id, title, kind, purposes, entry, importedAt });
}

function entryOf(
  { fileEntries }: Pick<CloudConfig, 'fileEntries'>,
  kind: FileKind,
  name: string,
  find: FindEntry,
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

function usageFault(kind: FileKind | undefined, hasEntry: boolean, isNamed: boolean): Fault<'FILE_IMPORT_USAGE'> {
  const kinds = FILE_KIND_NAMES.join(', ');
  const problem =
    kind === undefined
      ? bilingual(`the kind is none of ${kinds}`, `类型应为 ${kinds} 之一`)
      : !hasEntry
        ? bilingual(
            'neither `fileEntries` nor the register has such an entry of this kind that was reported or filed',
            '`fileEntries` 和登记中均没有该类型的、已报送或备案的此条目',
          )
        : isNamed
          ? bilingual('no purpose was named', '未填写目的')
          : bilingual('the id is taken by a dataset or not well formed', '编号已被数据集占用或格式有误');
  return {
    code: 'FILE_IMPORT_USAGE',
    problem,
    remedy: bilingual('see docs/datasets.md', '请参阅 docs/datasets.md'),
    retry: 'after-remedy',
  };
}
