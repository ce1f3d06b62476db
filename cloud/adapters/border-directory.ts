import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Border, BorderFault, ExporterReturn, ParcelFile, StagedFile, StagedSource } from '../ports/border.ts';
import { FILE_MODE, renameDurably, syncNames, writeDurably, writeWhole } from './durable-files.ts';

/** Bytes gathered before they are written. */
const CHUNK_BYTES = 1_048_576;

/** A return holds a receipt or a fault. */
const RETURN_BYTES_MAX = 65_536;

export function borderDirectory(directory: string): Border {
  const staging = (transferId: string, name = '') => join(directory, 'staging', transferId, name);
  const outbox = (transferId: string, name = '') => join(directory, 'outbox', transferId, name);
  const returnsDirectory = join(directory, 'returns');
  const stage = (transferId: string, name: string, chunks: Iterable<Uint8Array>) =>
    attempt(() => {
      mkdirSync(staging(transferId), { recursive: true, mode: 0o750 });
      return writeFile(staging(transferId, name), name, chunks);
    });
  return {
    stageLines: (transferId, name, lines) => stage(transferId, name, chunksOf(lines)),
    stageBytes: (transferId, name, bytes) => stage(transferId, name, [bytes]),
    create: (transferId, name) => {
      mkdirSync(staging(transferId), { recursive: true, mode: 0o750 });
      return createFile(staging(transferId, name), name);
    },
    open: (transferId, name) => openSource(staging(transferId, name)),
    remove: (transferId, name) => rmSync(staging(transferId, name)),
    clear: (transferId) =>
      attempt(() => {
        syncNames(staging(transferId));
        renameDurably(staging(transferId), outbox(transferId));
      }),
    revoke: (transferId) =>
      attempt(() => {
        writeDurably(outbox(`${transferId}.revoked`), []);
        syncNames(join(directory, 'outbox'));
      }),
    isRevoked: (transferId) => existsSync(outbox(`${transferId}.revoked`)),
    isStaged: (transferId) => existsSync(staging(transferId)),
    staged: () => (existsSync(staging('')) ? readdirSync(staging('')) : []),
    isCleared: (transferId) => existsSync(outbox(transferId)),
    hasPermit: (transferId) => existsSync(staging(transferId, 'permit.bin')),
    discard: (transferId) => rmSync(staging(transferId), { recursive: true, force: true }),
    returns: () => readReturns(returnsDirectory),
    setApart: (transferId) =>
      renameSync(join(returnsDirectory, `${transferId}.json`), join(returnsDirectory, `${transferId}.disputed`)),
    settle: (transferId) => {
      // The parcel first: a return without a parcel is settled again at the next look, a parcel alone would be lost sight of.
      rmSync(outbox(transferId), { recursive: true, force: true });
      rmSync(join(returnsDirectory, `${transferId}.json`), { force: true });
      rmSync(outbox(`${transferId}.revoked`), { force: true });
    },
  };
}

function* chunksOf(lines: Iterable<string>): Generator<Uint8Array> {
  let waiting = '';
  for (const line of lines) {
    waiting += `${line}\n`;
    if (waiting.length < CHUNK_BYTES) continue;
    yield Buffer.from(waiting);
    waiting = '';
  }
  yield Buffer.from(waiting);
}

function writeFile(path: string, name: string, chunks: Iterable<Uint8Array>): ParcelFile {
  const file = createFile(path, name);
  for (const chunk of chunks) file.append(chunk);
  return file.close();
}

/** A write that fails closes the file, so that a full disk costs no descriptors. */
function createFile(path: string, name: string): StagedFile {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = openSync(path, 'w', FILE_MODE);
  const orClose = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      closeSync(file);
      throw cause;
    }
  };
  return {
    append: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      orClose(() => writeWhole(file, chunk));
    },
    close: () => {
      orClose(() => fsyncSync(file));
      closeSync(file);
      return { name, bytes, sha256: hash.digest('hex') };
    },
  };
}

function openSource(path: string): StagedSource {
  const file = openSync(path, 'r');
  return {
    bytes: fstatSync(file).size,
    slice: (start, end) => {
      const piece = Buffer.alloc(end - start);
      let filled = 0;
      while (filled < piece.length) {
        const read = readSync(file, piece, filled, piece.length - filled, start + filled);
        if (read === 0) break;
        filled += read;
      }
      return piece.subarray(0, filled);
    },
    close: () => closeSync(file),
  };
}

function readReturns(directory: string): readonly ExporterReturn[] {
  const found: ExporterReturn[] = [];
  for (const name of readdirSync(directory)) {
    const text = name.endsWith('.json') ? readSmallFile(join(directory, name)) : undefined;
    if (text === undefined) continue;
    const document = parse(text);
    const { transferId, outcome } = document;
    const isNamed = typeof transferId === 'string' && name === `${transferId}.json`;
    if (isNamed && isOutcome(outcome)) found.push({ transferId, outcome, document });
  }
  return found;
}

/**
 * Undefined for what is no small plain file. One that cannot be read must not keep the others from being settled, nor permits from
 * being revoked: O_NOFOLLOW, since a link could lead to whatever the cloud may read; O_NONBLOCK, since a named pipe would hang it.
 */
function readSmallFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile() || status.size > RETURN_BYTES_MAX) return undefined;
    const bytes = Buffer.alloc(RETURN_BYTES_MAX + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return length > RETURN_BYTES_MAX ? undefined : bytes.toString('utf8', 0, length);
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** A return holds objects three deep; what is deeper than the stack would throw where it is entered in the log, at every look anew. */
const RETURN_DEPTH_MAX = 16;

/** Brackets that are open at once at most; those within texts count as well. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  if (depthOf(text) > RETURN_DEPTH_MAX) return {};
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const isOutcome = (value: unknown): value is ExporterReturn['outcome'] =>
  value === 'delivered' || value === 'refused' || value === 'failed';

function attempt<T>(work: () => T): Result<T, BorderFault> {
  try {
    return ok(work());
  } catch (cause) {
    return fail({
      code: 'BORDER_UNAVAILABLE',
      problem: bilingual(`a parcel cannot be written: ${causeText(cause)}`, `无法写入数据包：${causeText(cause)}`),
      remedy: bilingual(
        'free space in the border directory, then request the transfer again',
        '请释放出境目录空间，然后重新申请',
      ),
      retry: 'after-remedy',
    });
  }
}
