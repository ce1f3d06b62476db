import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { type Entry, fromBufferPromise } from 'yauzl';
import type { ArchiveEntry, OpenArchive } from '../ports/archives.ts';

/** Zip by yauzl, tar by tar-stream, gzip by Node. All three check sums and sizes, and none writes a file. */
export const openArchive: OpenArchive = (bytes, format) => {
  if (format === 'zip') return zipEntries(bytes);
  return format === 'tar' ? tarEntries(bytes) : gzipEntry(bytes);
};

async function* zipEntries(bytes: Uint8Array): AsyncIterable<ArchiveEntry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // It refuses absolute paths, `..` and backslashes by itself, and a size that is not the one declared.
  const zip = await fromBufferPromise(buffer, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
  for await (const entry of zip.eachEntry()) {
    yield {
      path: entry.fileName,
      kind: zipKind(entry),
      isEncrypted: entry.isEncrypted(),
      read: async (bytesMax) =>
        entry.uncompressedSize > bytesMax ? undefined : readAll(await zip.openReadStreamPromise(entry, {}), bytesMax),
    };
  }
}

/** Unix mode in the upper half of the attributes, where the archive was made on Unix. */
function zipKind({ fileName, externalFileAttributes }: Entry): ArchiveEntry['kind'] {
  const type = (externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return 'link';
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) return 'special';
  return fileName.endsWith('/') || type === 0o040000 ? 'directory' : 'file';
}

async function* tarEntries(bytes: Uint8Array): AsyncIterable<ArchiveEntry> {
  const archive = extract();
  archive.on('error', () => undefined);
  Readable.from([bytes]).pipe(archive);
  for await (const entry of archive) {
    let isRead = false;
    const { name, type, size = 0 } = entry.header;
    yield {
      path: name,
      kind: tarKind(type),
      isEncrypted: false,
      read: async (bytesMax) => {
        isRead = true;
        return readAll(entry, size > bytesMax ? -1 : bytesMax);
      },
    };
    // The next entry comes only after this one was taken from the stream.
    if (!isRead) entry.resume();
  }
}

function tarKind(type: string | null | undefined): ArchiveEntry['kind'] {
  if (type === 'file' || type === 'contiguous-file' || type === null || type === undefined) return 'file';
  if (type === 'directory') return 'directory';
  return type === 'link' || type === 'symlink' ? 'link' : 'special';
}

interface Unzipped {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** The one file within; it has no name that could be trusted. */
async function* gzipEntry(bytes: Uint8Array): AsyncIterable<ArchiveEntry> {
  yield {
    path: 'content',
    kind: 'file',
    isEncrypted: false,
    read: async (bytesMax) => {
      try {
        const { buffer, engine } = gunzipSync(bytes, { maxOutputLength: bytesMax, info: true }) as unknown as Unzipped;
        // It passes over what follows the end where that begins with a zero.
        if (engine.bytesWritten !== bytes.length) throw new Error('more bytes follow the end');
        return buffer;
      } catch (cause) {
        if (cause instanceof RangeError) return undefined;
        throw cause;
      }
    },
  };
}

async function readAll(stream: AsyncIterable<unknown>, bytesMax: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length <= bytesMax) pieces.push(piece);
  }
  return length > bytesMax ? undefined : Buffer.concat(pieces);
}

/**
 * Files as a tar archive in the order given. Times, owners and rights are all the same, so that the same files give the same
 * bytes.
 */
export async function tarOf(
  files: readonly { readonly path: string; readonly content: Uint8Array }[],
): Promise<Uint8Array> {
  const archive = pack();
  for (const { path, content } of files) {
    archive.entry({ name: path, mode: 0o644, mtime: new Date(0), type: 'file' }, Buffer.from(content));
  }
  archive.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of archive as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
