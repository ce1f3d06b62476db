import type { FileKind } from '../datasets/file-kinds.table.ts';

/** One file of a tree; `path` has forward slashes and is relative. */
export interface TreeFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What was imported, and under which entry of which register. */
export interface FileRecord {
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  readonly kind: FileKind;
  readonly purposes: readonly string[];
  readonly entry: {
    readonly id: string;
    readonly authority: string;
    readonly filingNumber?: string | undefined;
    readonly filedOn?: string | undefined;
    readonly filedTreeSha256?: string | undefined;
  };
  /** RFC 3339. */
  readonly importedAt: string;
  /** docs/datasets.md says how it is made. */
  readonly treeSha256: string;
  readonly files: readonly TreeFile[];
  /** All files as one tar archive, which is what a parcel holds. */
  readonly content: { readonly bytes: number; readonly sha256: string };
}

/** Files that were imported, each id once and for good. */
export interface FileStore {
  find(id: string): FileRecord | undefined;
  list(): readonly FileRecord[];
  /** The archive of an import, piece by piece. @throws the system's error */
  content(id: string): Iterable<Uint8Array>;
  /** Durable once it returns; false when the id is there already. @throws the system's error */
  add(record: FileRecord, content: Iterable<Uint8Array>): boolean;
}
