import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import type { FileName } from '../names.ts';
import { hashOf } from './check-arrived.ts';
import { type Layout, nameOfPart, type TransferKey } from './layout.ts';
import { isBrokenOff, type TakeOptions } from './take-file.ts';
import { checkRoom, moveIn } from './take-steps.ts';
import { writeBody } from './write-body.ts';

/** A file known by its hash, whatever part of it has come so far. */
export interface NamedFile {
  readonly key: TransferKey;
  readonly name: FileName;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string;
}

export interface ArrivingRest extends NamedFile {
  readonly from: number;
  /** Of the whole file. */
  readonly total: number;
  readonly body: Readable;
}

export interface Resumer {
  /** Bytes of this very file that are here: all of them once it is staged, else those of its part. */
  readonly held: (file: NamedFile) => Promise<number>;
  /** Takes what follows the bytes that are held; the file is staged only when all of it is here and has its hash. */
  readonly take: (file: ArrivingRest) => Promise<Result<undefined, ExporterFault>>;
}

/**
 * Files that arrive in more than one request. A part is kept when a connection breaks off, under the hash that the whole is
 * to have, and outlives a restart; it is in no parcel, and what is not of the announced hash in the end is thrown away.
 *
 * The later of two requests for one file wins: the earlier is of a connection that its sender has given up.
 */
export function createResumer(options: TakeOptions): Resumer {
  const { layout } = options;
  const arriving = new Map<string, { readonly body: Readable; readonly ended: Promise<unknown> }>();

  const endOther = async (part: string): Promise<void> => {
    const other = arriving.get(part);
    other?.body.destroy();
    await other?.ended;
  };

  return {
    held: async (file) => {
      const part = layout.part(file);
      await endOther(part);
      return existsSync(layout.wholeMark(file)) && existsSync(layout.stagedFile(file.key, file.name))
        ? sizeOf(layout.stagedFile(file.key, file.name))
        : sizeOf(part);
    },
    take: async (file) => {
      const part = layout.part(file);
      await endOther(part);
      const taken = takeRest(part, file, options);
      const own = { body: file.body, ended: taken.catch(() => undefined) };
      arriving.set(part, own);
      try {
        return await taken;
      } finally {
        if (arriving.get(part) === own) arriving.delete(part);
      }
    },
  };
}

async function takeRest(
  part: string,
  file: ArrivingRest,
  options: TakeOptions,
): Promise<Result<undefined, ExporterFault>> {
  const { layout } = options;
  if (existsSync(layout.receivedTransfer(file.key.id))) return fail(exporterFault('TRANSFER_ALREADY_RECEIVED'));
  const room = await checkRoom({ key: file.key, name: file.name, bytes: file.total }, 0, options);
  if (room !== undefined) return fail(room);
  await mkdir(layout.partsOf(file.key), { recursive: true, mode: 0o750 });
  // One part a name: a file that comes under another hash has taken the place of the one before.
  await removeOtherParts(layout, file);
  if (file.from > 0 && (await sizeOf(part)) !== file.from) return fail(exporterFault('FILE_OFFSET', file.name));
  const arrived = await append(part, file);
  if (!arrived.ok) return arrived;
  // What came in one go was hashed on its way; what was put together is read once more.
  const sha256 = file.from === 0 ? arrived.value : await hashOf(createReadStream(part, { highWaterMark: READ_BYTES }));
  if (sha256 !== file.sha256) {
    await rm(part, { force: true });
    return fail(exporterFault('PARCEL_FILE_HASH', file.name));
  }
  const moved = await moveIn(part, file, options);
  if (moved.ok) await writeFile(layout.wholeMark(file), '');
  return moved;
}

/** @returns SHA-256 of what arrived, lower-case hex */
async function append(part: string, file: ArrivingRest): Promise<Result<string, ExporterFault>> {
  const hash = createHash('sha256');
  try {
    await writeBody(file.body, { path: part, from: file.from }, (piece) => hash.update(piece));
  } catch (cause) {
    if (!isBrokenOff(cause)) throw cause;
    return fail(exporterFault('FILE_BROKEN_OFF', file.name));
  }
  const isWhole = (await sizeOf(part)) === file.total;
  return isWhole ? ok(hash.digest('hex')) : fail(exporterFault('FILE_BROKEN_OFF', file.name));
}

async function removeOtherParts(layout: Layout, file: NamedFile): Promise<void> {
  const directory = layout.partsOf(file.key);
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const isOfName = nameOfPart(name) === file.name;
    if (isOfName && path !== layout.part(file)) await rm(path, { force: true });
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    // Nothing of it is here.
    () => 0,
  );
}

const READ_BYTES = 1_048_576;
