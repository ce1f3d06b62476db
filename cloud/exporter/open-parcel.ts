import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import { MANIFEST_BYTES_MAX, type ManifestFile, type ParcelLimits, parseManifest } from './manifest.ts';
import { type FileName, isFileName, MANIFEST_NAME, PERMIT_NAME, type TransferId } from './names.ts';
import { readPieces, readSmallFile, withPlainFile } from './parcel-file.ts';
import { createMarker, MARK_BYTES, type Marker, PIECE_BYTES } from './piece-marks.ts';

/** A parcel whose every byte has been read and found to be what the permit names. */
export type OpenParcel = Parcel<CheckedFile>;

/** A parcel whose files somebody has checked. */
export interface Parcel<File> {
  /** The manifest first. */
  readonly files: readonly File[];
  /** Of all files, the manifest included. */
  readonly totalBytes: number;
}

export interface CheckedFile {
  readonly name: FileName;
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /**
   * One mark for each piece. Whoever sends the file reads it a second time and compares piece by piece, so that a change
   * between checking and sending cannot leave.
   */
  readonly marks: Buffer;
  readonly mark: Marker;
}

/**
 * Opens a parcel: the manifest must have the hash of the permit, every file it names must be there with its length and
 * hash, and nothing else may be in the directory.
 *
 * @param directory - `outbox/<transfer id>`
 */
export function openParcel(directory: string, expected: Expected): Promise<Result<OpenParcel, ExporterFault>> {
  return openFiles(directory, expected, checkFile);
}

export interface Expected {
  readonly id: TransferId;
  readonly manifestSha256: Uint8Array;
  readonly limits: ParcelLimits;
}

/** As `openParcel`, with another way to see that a file is what the manifest names. */
export async function openFiles<File>(
  directory: string,
  expected: Expected,
  check: (path: string, named: ManifestFile) => Promise<Result<File, ExporterFault>>,
): Promise<Result<Parcel<File>, ExporterFault>> {
  const path = join(directory, MANIFEST_NAME);
  const manifestBytes = await readSmallFile(path, {
    bytesMax: MANIFEST_BYTES_MAX,
    missing: 'MANIFEST_MISSING',
    tooLong: 'MANIFEST_MALFORMED',
  });
  if (!manifestBytes.ok) return manifestBytes;
  const digest = sha256(manifestBytes.value);
  if (Buffer.compare(digest, expected.manifestSha256) !== 0) return fail(exporterFault('MANIFEST_HASH'));
  const manifest = parseManifest(manifestBytes.value, expected.id, expected.limits);
  if (!manifest.ok) return manifest;
  const names = new Set<string>([PERMIT_NAME, MANIFEST_NAME, ...manifest.value.files.map((file) => file.name)]);
  const stranger = await findStranger(directory, names);
  if (stranger !== undefined) return fail(stranger);

  const own = { name: MANIFEST_NAME, bytes: manifestBytes.value.length, sha256: digest.toString('hex') };
  const files: File[] = [];
  let totalBytes = 0;
  for (const named of [own, ...manifest.value.files]) {
    const checked = await check(join(directory, named.name), named);
    if (!checked.ok) return checked;
    files.push(checked.value);
    totalBytes += named.bytes;
  }
  return ok({ files, totalBytes });
}

/** Looks at every entry of the directory until one does not belong; reads at most one entry more than may be there. */
async function findStranger(directory: string, names: ReadonlySet<string>): Promise<ExporterFault | undefined> {
  try {
    for await (const entry of await opendir(directory)) {
      const fault = judgeEntry(entry, names);
      if (fault !== undefined) return fault;
    }
    return undefined;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return exporterFault('PARCEL_UNREADABLE', errorCode(cause));
  }
}

function judgeEntry(entry: Dirent, names: ReadonlySet<string>): ExporterFault | undefined {
  if (!isFileName(entry.name)) return exporterFault('PARCEL_FILE_NAME');
  if (!names.has(entry.name)) return exporterFault('PARCEL_EXTRA_FILE', entry.name);
  return entry.isFile() ? undefined : exporterFault('PARCEL_NOT_A_FILE', entry.name);
}

/** Reads the file once, for its length, its hash and its marks; memory grows by 16 bytes a piece and no more. */
async function checkFile(path: string, named: ManifestFile): Promise<Result<CheckedFile, ExporterFault>> {
  return withPlainFile(path, 'PARCEL_FILE_MISSING', async (handle, bytes) => {
    if (bytes !== named.bytes) return fail(exporterFault('PARCEL_FILE_HASH', named.name));
    const whole = createHash('sha256');
    const mark = createMarker();
    const marks = Buffer.alloc(Math.ceil(bytes / PIECE_BYTES) * MARK_BYTES);
    let index = 0;
    for await (const piece of readPieces(handle, bytes)) {
      whole.update(piece);
      mark(index, piece).copy(marks, index * MARK_BYTES);
      index += 1;
    }
    if (whole.digest('hex') !== named.sha256) return fail(exporterFault('PARCEL_FILE_HASH', named.name));
    return ok({ ...named, path, marks, mark });
  });
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
