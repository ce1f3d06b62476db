import { openArchive } from '../adapters/open-archive.ts';
import { FILE_LIMITS, type Objection } from '../datasets/inspect-files.ts';
import type { ArchiveFormat } from '../ports/archives.ts';

/** Files that were sent over the API, in one body. */
export interface SentFiles {
  /** Of the file, as who sent it has it; of an archive that is taken apart, only its ending counts. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The archive is not kept: what is in it is the tree, as if the directory itself had been imported. */
  readonly takesApart: boolean;
}

/** A file that was found, not read yet. @returns undefined for what is too large or no plain file */
export interface FoundFile {
  readonly path: string;
  readonly read: () => Uint8Array | undefined;
}

/** What an archive that is taken apart may come to, bytes: it is held in memory. */
const UNPACKED_BYTES_MAX = 268_435_456;

/** Files of what was sent; what may not be among them is objected to. */
export async function filesOf(sent: SentFiles, objections: Objection[]): Promise<readonly FoundFile[]> {
  const { name, bytes, takesApart } = sent;
  if (!takesApart) return [{ path: name, read: () => bytes }];
  const format = formatOf(name);
  const opened = format === 'gzip' ? await unzipped(bytes) : bytes;
  const files = new Map<string, Uint8Array>();
  if (format !== undefined && opened !== undefined) {
    try {
      await takeApart(opened, format === 'gzip' ? 'tar' : format, files, objections);
      return [...files].map(([path, content]) => ({ path, read: () => content }));
    } catch {
      // What the library says of a broken archive could repeat what is in it.
    }
  }
  objections.push({ path: 'the archive', because: 'archive-unreadable' });
  return [];
}

async function takeApart(
  bytes: Uint8Array,
  format: ArchiveFormat,
  files: Map<string, Uint8Array>,
  objections: Objection[],
): Promise<void> {
  let left = UNPACKED_BYTES_MAX;
  for await (const entry of openArchive(bytes, format)) {
    const path = entry.path.replace(/^\.\//, '');
    if (entry.kind === 'directory') continue;
    const because = objectionTo(entry, files.size, files.has(path));
    const content = because === undefined ? await entry.read(left) : undefined;
    if (content === undefined) return void objections.push({ path: 'a file', because: because ?? 'too-many-bytes' });
    left -= content.length;
    files.set(path, content);
  }
}

function objectionTo(
  { kind, isEncrypted }: { readonly kind: string; readonly isEncrypted: boolean },
  count: number,
  isTwice: boolean,
): string | undefined {
  if (kind !== 'file') return `holds-a-${kind}`;
  if (isEncrypted) return 'encrypted';
  if (count >= FILE_LIMITS.entries) return 'too-many-files';
  return isTwice ? 'path-twice' : undefined;
}

/** Of a `.tar.gz`, and of nothing else. */
function formatOf(name: string): ArchiveFormat | undefined {
  if (/\.zip$/i.test(name)) return 'zip';
  if (/\.tar$/i.test(name)) return 'tar';
  return /\.(?:tar\.gz|tgz)$/i.test(name) ? 'gzip' : undefined;
}

async function unzipped(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    for await (const entry of openArchive(bytes, 'gzip')) return await entry.read(UNPACKED_BYTES_MAX);
  } catch {
    // As above: nothing of it is repeated.
  }
  return undefined;
}
