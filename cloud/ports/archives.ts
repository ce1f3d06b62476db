/** One entry of an archive, as the archive says; whoever opens it trusts nothing of it. */
export interface ArchiveEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'special';
  readonly isEncrypted: boolean;
  /** Undefined when it would be longer than so many bytes. @throws Error when the archive is damaged */
  readonly read: (bytesMax: number) => Promise<Uint8Array | undefined>;
}

export type ArchiveFormat = 'zip' | 'tar' | 'gzip';

/** Opens archives in memory, entry by entry. @throws Error when the archive is damaged */
export type OpenArchive = (bytes: Uint8Array, format: ArchiveFormat) => AsyncIterable<ArchiveEntry>;
