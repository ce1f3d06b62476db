import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { fileParcelsDirectory } from '../adapters/file-parcels-directory.ts';
import { openArchive, tarOf } from '../adapters/open-archive.ts';
import { refusal } from '../datasets/build-file-parcel.ts';
import { isSystemError } from '../datasets/build-parcel.ts';
import { inspectFile, newBudget, type Objection } from '../datasets/inspect-files.ts';
import { inTreeOrder, treeHash } from '../datasets/tree-hash.ts';
import type { FileRecord, TreeFile } from '../ports/file-store.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { FILE_PARCELS_DIRECTORY } from '../store-names.ts';
import { listFiles, readPlain } from './plain-files.ts';
import { type FoundFile, filesOf, type SentFiles } from './sent-files.ts';

type Request = Pick<FileRecord, 'id' | 'title' | 'kind' | 'purposes' | 'entry' | 'importedAt'>;

/**
 * Imports a file or a directory, or what was sent over the API: every file is looked through and hashed, the tree is held against what was filed, and all
 * of it goes into the store as one archive. Nothing is kept of an import that is refused.
 */
export async function importFiles(
  source: string | SentFiles,
  request: Request,
  storesDirectory: string,
  note: NoteProgress = () => undefined,
): Promise<Result<FileRecord, Fault>> {
  const store = fileParcelsDirectory(join(storesDirectory, FILE_PARCELS_DIRECTORY));
  try {
    if (store.find(request.id) !== undefined) return fail(importFault('FILE_PARCEL_EXISTS'));
    const read = await readTree(source, request, note);
    if (!read.ok) return read;
    const { files, archive } = read.value;
    const treeSha256 = treeHash(files);
    const filed = request.entry.filedTreeSha256;
    if (filed !== undefined && filed !== treeSha256) return fail(importFault('FILE_HASH_DIFFERS', treeSha256));
    note({ step: 'keeping', share: 0 });
    const content = { bytes: archive.length, sha256: sha256(archive) };
    const record: FileRecord = { version: 1, ...request, treeSha256, files, content };
    return store.add(record, [archive]) ? ok(record) : fail(importFault('FILE_PARCEL_EXISTS'));
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(importFault('FILE_IMPORT_UNREADABLE', causeText(cause)));
  }
}

interface Tree {
  readonly files: readonly TreeFile[];
  readonly archive: Uint8Array;
}

async function readTree(
  source: string | SentFiles,
  { kind }: Request,
  note: NoteProgress,
): Promise<Result<Tree, Fault>> {
  const objections: Objection[] = [];
  const found = typeof source === 'string' ? filesBelow(source, objections) : await filesOf(source, objections);
  const budget = newBudget();
  const files: (TreeFile & { readonly content: Uint8Array })[] = [];
  for (const [at, { path, read }] of inTreeOrder(found).entries()) {
    if (objections.length > 0) break;
    note({ step: 'looking', share: at / found.length });
    const content = read();
    if (content === undefined) {
      objections.push({ path: 'a file', because: 'too-many-bytes-or-not-plain' });
      break;
    }
    objections.push(...(await inspectFile(path, content, { kind, open: openArchive, budget })));
    files.push({ path, bytes: content.length, sha256: sha256(content), content });
  }
  if (objections.length === 0 && files.length === 0) objections.push({ path: '.', because: 'empty' });
  if (objections.length > 0) return fail(refusal(objections));
  const archive = await tarOf(files);
  return ok({ files: files.map(({ path, bytes, sha256: hash }) => ({ path, bytes, sha256: hash })), archive });
}

const filesBelow = (root: string, objections: Objection[]): readonly FoundFile[] =>
  listFiles(root, objections).map(({ path, at }) => ({ path, read: () => readPlain(at) }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type ImportFault = Fault<'FILE_PARCEL_EXISTS' | 'FILE_HASH_DIFFERS' | 'FILE_IMPORT_UNREADABLE'>;

function importFault(code: ImportFault['code'], detail = ''): ImportFault {
  const [problem, remedy] = TEXT[code];
  const told = detail === '' ? problem : bilingual(`${problem.en}: ${detail}`, `${problem.zh}：${detail}`);
  return { code, problem: told, remedy, retry: 'after-remedy' };
}

const TEXT: Readonly<Record<ImportFault['code'], readonly [Fault['problem'], Fault['remedy']]>> = {
  FILE_PARCEL_EXISTS: [
    bilingual('files were imported under this id already', '该编号下已导入过文件'),
    bilingual('choose another `--id`; an import is never changed', '请使用其他 `--id`；导入内容不可更改'),
  ],
  FILE_HASH_DIFFERS: [
    bilingual('the tree is not the one that was filed', '文件树与备案的不一致'),
    bilingual('import exactly what was filed, or file this tree first', '请导入与备案完全一致的文件，或先行备案'),
  ],
  FILE_IMPORT_UNREADABLE: [
    bilingual('the files cannot be read, or the store not be written', '无法读取文件或写入存储'),
    bilingual('check the path, its rights and the space of the store', '请检查路径、权限与存储空间'),
  ],
};
