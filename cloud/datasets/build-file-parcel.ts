import { createHash } from 'node:crypto';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { OpenArchive } from '../ports/archives.ts';
import type { Border, ParcelFile } from '../ports/border.ts';
import type { FileRecord, FileStore } from '../ports/file-store.ts';
import { isSystemError, leakFault, type Parcel, type ParcelFault, stageManifest, unavailable } from './build-parcel.ts';
import type { FileParcel } from './file-kinds.table.ts';
import { inspectFile, newBudget, type Objection } from './inspect-files.ts';
import { leaksInText } from './leaks.ts';
import { type ManifestOrder, manifestText } from './parcel-manifest.ts';
import { treeHash } from './tree-hash.ts';

export interface FileParcelOrder extends ManifestOrder {
  readonly dataset: FileParcel;
}

export interface FileParcelParts {
  readonly files: Pick<FileStore, 'find' | 'content'>;
  readonly open: OpenArchive;
  readonly border: Pick<Border, 'create' | 'stageBytes'>;
}

export const FILES_NAME = 'files.tar';
export const FILE_LIST_NAME = 'files.ndjson';

/**
 * Stages imported files: one archive, the list of what is in it with its hashes, and a manifest. Everything is looked
 * through again and hashed again, so that a change in the store since the import cannot leave.
 */
export async function buildFileParcel(
  order: FileParcelOrder,
  parts: FileParcelParts,
): Promise<Result<Parcel, ParcelFault>> {
  const record = parts.files.find(order.dataset.id);
  if (record === undefined || treeHash(record.files) !== record.treeSha256) return fail(changed());
  try {
    return await stage(record, order, parts);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(unavailable(causeText(cause)));
  }
}

async function stage(
  record: FileRecord,
  order: FileParcelOrder,
  parts: FileParcelParts,
): Promise<Result<Parcel, ParcelFault>> {
  const content = copyContent(record, order, parts);
  if (content.file.sha256 !== record.content.sha256 || content.file.bytes !== record.content.bytes)
    return fail(changed());
  const looked = await lookThrough(content.bytes, record, parts.open);
  if (!looked.isSame) return fail(changed());
  if (looked.objections.length > 0) return fail(refusal(looked.objections));
  const list = record.files.map(({ path, bytes, sha256 }) => `${JSON.stringify({ bytes, path, sha256 })}\n`).join('');
  const leaks = leaksInText(list);
  if (leaks.length > 0) return fail(leakFault(leaks));
  const lines = parts.border.create(order.transferId, FILE_LIST_NAME);
  lines.append(Buffer.from(list));
  const files = [content.file, lines.close()];
  const text = manifestText(order, {
    datasetId: record.id,
    grain: 'files',
    files,
    rows: record.files.length,
    persons: [],
    schema: [],
    lineage: [{ importedAt: record.importedAt }],
    more: { tree: treeOf(record) },
  });
  const staged = stageManifest(text, { order, parts, rows: record.files.length, persons: [], families: [], files });
  return staged.ok ? ok({ ...staged.value, treeSha256: record.treeSha256 }) : staged;
}

const treeOf = ({ kind, treeSha256, entry }: FileRecord): object => ({
  kind,
  treeSha256,
  entry: {
    id: entry.id,
    authority: entry.authority,
    ...(entry.filingNumber === undefined ? {} : { filingNumber: entry.filingNumber }),
  },
});

function copyContent(
  record: FileRecord,
  { transferId }: FileParcelOrder,
  { files, border }: FileParcelParts,
): { readonly file: ParcelFile; readonly bytes: Uint8Array } {
  const target = border.create(transferId, FILES_NAME);
  const pieces: Uint8Array[] = [];
  for (const piece of files.content(record.id)) {
    target.append(piece);
    pieces.push(piece);
  }
  return { file: target.close(), bytes: Buffer.concat(pieces) };
}

async function lookThrough(
  archive: Uint8Array,
  { kind, files }: FileRecord,
  open: OpenArchive,
): Promise<{ readonly isSame: boolean; readonly objections: readonly Objection[] }> {
  const budget = newBudget();
  const left = new Map(files.map((file) => [file.path, file]));
  const objections: Objection[] = [];
  for await (const entry of open(archive, 'tar')) {
    const named = left.get(entry.path);
    const bytes = named === undefined ? undefined : await entry.read(named.bytes);
    if (named === undefined || bytes === undefined || entry.kind !== 'file') return { isSame: false, objections };
    if (createHash('sha256').update(bytes).digest('hex') !== named.sha256) return { isSame: false, objections };
    left.delete(entry.path);
    objections.push(...(await inspectFile(entry.path, bytes, { kind, open, budget })));
  }
  return { isSame: left.size === 0, objections };
}

function changed(): Fault<'FILE_PARCEL_CHANGED'> {
  return {
    code: 'FILE_PARCEL_CHANGED',
    problem: bilingual('the files are no longer those that were imported', '文件与导入时不一致'),
    remedy: bilingual(
      'find out who changed the store; import the files under another id',
      '请查明存储变更原因，并以新的编号重新导入',
    ),
    retry: 'after-remedy',
  };
}

/** The first objection and their number. */
export function refusal(objections: readonly Objection[]): Fault<'FILE_PARCEL_REFUSED'> {
  const [first] = objections;
  const where = `\`${first?.path ?? ''}\`: ${first?.because ?? ''}`;
  const more = objections.length - 1;
  return {
    code: 'FILE_PARCEL_REFUSED',
    problem: bilingual(
      `the files hold what their kind may not: ${where}${more > 0 ? ` and ${more} more` : ''}`,
      `文件含有该类型不允许的内容：${where}${more > 0 ? `，另有 ${more} 处` : ''}`,
    ),
    remedy: bilingual('take it out, and import the rest', '请剔除后重新导入'),
    retry: 'after-remedy',
  };
}
