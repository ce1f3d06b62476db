import { createHash } from 'node:crypto';
import type { TreeFile } from '../ports/file-store.ts';

/**
 * One hash for a tree of files: SHA-256 of the line `tongguan-tree-v1`, then for each file, in the order of its path's UTF-8
 * bytes, a line of its SHA-256, its length and its path with single spaces between. Directories, times and rights are no
 * part of it, so that `sha256sum`, `wc` and `sort` give the same (docs/datasets.md).
 */
export function treeHash(files: readonly TreeFile[]): string {
  const hash = createHash('sha256').update('tongguan-tree-v1\n');
  for (const { path, bytes, sha256 } of inTreeOrder(files)) hash.update(`${sha256} ${bytes} ${path}\n`);
  return hash.digest('hex');
}

export function inTreeOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  return [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
