import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { openArchive, tarOf } from '../../../../cloud/adapters/open-archive.ts';
import { buildFileParcel } from '../../../../cloud/datasets/build-file-parcel.ts';
import { contentsOf } from '../../../../cloud/datasets/contents.ts';
import { treeHash } from '../../../../cloud/datasets/tree-hash.ts';
import type { FileRecord } from '../../../../cloud/ports/file-store.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const IMPORTED = {
  id: 'brake-source',
  title: 'x',
  kind: 'ota-source',
  purposes: ['recall'],
  importedAt: '2026-03-01T00:00:00.000Z',
  entry: { id: 'recall-1', authority: 'SAMR' },
} as const;
const DATASET = {
  kind: 'files',
  id: 'brake-source',
  title: 'x',
  purposes: ['recall'],
  fileKind: 'ota-source',
  entry: 'recall-1',
} as const;
const ORDER = {
  transferId: 't1',
  at: 0 as Instant,
  recipientId: 'lab',
  purpose: 'recall',
  findings: 'unknown',
  contents: contentsOf(DATASET),
  digests: { rules: 'r', catalogue: 'c' },
  dataset: DATASET,
} as const;

const text = (content: string): Uint8Array => Buffer.from(content);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A store whose hashes agree with what is in it, but for what is given otherwise. */
async function storeOf(held: Readonly<Record<string, string>>, record: Partial<FileRecord> = {}, tar?: Buffer) {
  const contents = Object.entries(held).map(([path, content]) => ({ path, content: Buffer.from(content) }));
  const files = contents.map(({ path, content }) => ({ path, bytes: content.length, sha256: sha256(content) }));
  const content = tar ?? Buffer.from(await tarOf(contents));
  const stated: FileRecord = {
    ...{ version: 1 as const, ...IMPORTED, files, treeSha256: treeHash(files) },
    content: { bytes: content.length, sha256: sha256(content) },
    ...record,
  };
  return { find: () => stated, content: () => [content] };
}

const a = { 'a.c': 'int a;\n' };
const b = { 'b.c': 'int b;\n' };
const fileOf = (path: string, content: string) => ({ path, bytes: content.length, sha256: sha256(text(content)) });
const padded = async () => {
  const tar = Buffer.from(await tarOf([{ path: 'a.c', content: text(a['a.c']) }]));
  const before = { bytes: tar.length, sha256: sha256(tar) };
  // Behind the text of the file, where nobody reads.
  tar[512 + 100] = 0x41;
  return storeOf(a, { content: before }, tar);
};
const list = (files: FileRecord['files']) => ({ files, treeSha256: treeHash(files) });

test.each<readonly [string, () => ReturnType<typeof storeOf>, string]>([
  ['as it was', () => storeOf({ ...a, ...b }), 'ok'],
  ['with a VIN in it, every hash made anew', () => storeOf({ 'a.c': testVin(1) }), 'FILE_PARCEL_REFUSED'],
  ['another text of a file', () => storeOf(a, list([fileOf('a.c', 'int c;\n')])), 'FILE_PARCEL_CHANGED'],
  ['a file less', () => storeOf(a, list([fileOf('a.c', a['a.c']), fileOf('b.c', b['b.c'])])), 'FILE_PARCEL_CHANGED'],
  ['a file more', () => storeOf({ ...a, ...b }, list([fileOf('a.c', a['a.c'])])), 'FILE_PARCEL_CHANGED'],
  ['another list under the hash of the tree', () => storeOf(a, { treeSha256: treeHash([]) }), 'FILE_PARCEL_CHANGED'],
  ['bytes between the files', padded, 'FILE_PARCEL_CHANGED'],
])('is looked through and hashed again: %s', async (_, store, code) => {
  const directory = scratchDirectory();
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name));
  const parts = { files: await store(), open: openArchive, border: borderDirectory(directory) };
  const built = await buildFileParcel(ORDER, parts);
  expect(built.ok ? 'ok' : built.fault.code).toBe(code);
});
