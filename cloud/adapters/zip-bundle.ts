import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import JSZip from 'jszip';

/** Largest bundle that is packed: entries of this form of ZIP count to 4 GiB. A larger one is written as a directory. */
export const ZIP_BYTES_MAX = 4_000_000_000;

/** Day of every entry: the same bundle packs to the same bytes. */
const ENTRY_DATE = new Date('2000-01-01T00:00:00Z');
const MODE = 0o640;
/** What is sealed does not get smaller. */
const SEALED = 'captures/';

export interface PackedBundle {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Packs a directory into one file that is not there yet, and removes the directory. Files are read one after the other, piece by
 * piece, so memory does not grow with them.
 *
 * @param note - told of the share that is packed, 0 to 1
 * @throws Error for a bundle above `ZIP_BYTES_MAX`, or the system's error
 */
export async function zipBundle(
  directory: string,
  file: string,
  note: (share: number) => void = () => undefined,
): Promise<PackedBundle> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const size = names.reduce((sum, name) => sum + statSync(name).size, 0);
  if (size > ZIP_BYTES_MAX) throw new Error('the bundle is too large to pack; name a directory, or a shorter time');
  const zip = new JSZip();
  for (const path of names) {
    const name = path.slice(directory.length + 1);
    const compression = name.startsWith(SEALED) ? 'STORE' : 'DEFLATE';
    zip.file(name, pieces(path), { date: ENTRY_DATE, createFolders: false, compression });
  }
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  const packed = zip.generateNodeStream({ streamFiles: true }, ({ percent }) => note(percent / 100));
  await pipeline(packed, count, createWriteStream(file, { flags: 'wx', mode: MODE, flush: true }));
  rmSync(directory, { recursive: true });
  return { bytes, sha256: hash.digest('hex') };
}

/** A file that is opened once its turn has come: thousands are not open at once. */
function pieces(path: string): Readable {
  return Readable.from(
    (async function* () {
      yield* createReadStream(path) as AsyncIterable<Buffer>;
    })(),
  );
}
