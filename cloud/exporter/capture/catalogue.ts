import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import {
  CATALOGUE_FILE,
  type CaptureDeletion,
  type CatalogueEntry,
  CHAIN_START,
  type ConnectionCapture,
  decodeEntry,
  encodeEntry,
} from '../../capture/capture-record.ts';
import { FILE_MODE, writeWhole } from '../../log/durable-file.ts';
import { cutBack } from '../../log/entry-file.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';

export type NewCatalogueEntry = Omit<ConnectionCapture, 'previous'> | Omit<CaptureDeletion, 'previous'>;

/** The list of captured connections, open for its one writer. */
export interface Catalogue {
  /** Durable once it returns `ok`; else nothing of it stays. */
  readonly append: (entry: NewCatalogueEntry) => Result<undefined, ExporterFault>;
  readonly chain: () => string;
  /** Those whose segments are kept, in the order in which they ended. */
  readonly kept: () => readonly ConnectionCapture[];
  readonly find: (connection: number) => ConnectionCapture | undefined;
  readonly isDeleted: (connection: number) => boolean;
  readonly close: () => void;
}

/**
 * Opens the list in a directory that has to be there, or begins one. A line that a crash left by halves is cut off: nobody was told
 * of it. Any other line that does not fit the one before it is damage, and then nothing is captured, and so nothing sent.
 */
export function openCatalogue(directory: string): Result<Catalogue, ExporterFault> {
  try {
    const path = join(directory, CATALOGUE_FILE);
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC, FILE_MODE);
    const read = readEntries(readFileSync(path));
    if (read === undefined) {
      closeSync(fd);
      return fail(exporterFault('CAPTURE_DAMAGED', CATALOGUE_FILE));
    }
    if (read.bytes < fstatSync(fd).size) cutBack(fd, read.bytes);
    return ok(createCatalogue(fd, read));
  } catch (cause) {
    return fail(exporterFault('CAPTURE_UNWRITABLE', errorCode(cause)));
  }
}

interface ReadCatalogue {
  readonly entries: readonly CatalogueEntry[];
  readonly chain: string;
  readonly bytes: number;
}

function readEntries(content: Buffer): ReadCatalogue | undefined {
  const entries: CatalogueEntry[] = [];
  let chain = CHAIN_START;
  let bytes = 0;
  for (let end = content.indexOf(NEW_LINE); end >= 0; end = content.indexOf(NEW_LINE, bytes)) {
    const decoded = decodeEntry(content.toString('utf8', bytes, end), chain);
    if (decoded === undefined) return undefined;
    entries.push(decoded.entry);
    chain = decoded.chain;
    bytes = end + 1;
  }
  return { entries, chain, bytes };
}

const NEW_LINE = 0x0a;

function createCatalogue(fd: number, read: ReadCatalogue): Catalogue {
  const kept = new Map<number, ConnectionCapture>();
  const deleted = new Set<number>();
  let { chain, bytes } = read;
  let isBroken = false;

  const take = (entry: CatalogueEntry): void => {
    if (entry.kind === 'connection') kept.set(entry.connection, entry);
    else {
      kept.delete(entry.connection);
      deleted.add(entry.connection);
    }
  };
  for (const entry of read.entries) take(entry);

  return {
    append: (fields) => {
      if (isBroken) return fail(exporterFault('CAPTURE_UNWRITABLE', 'an earlier line'));
      const entry: CatalogueEntry = { ...fields, previous: chain };
      const encoded = encodeEntry(entry);
      try {
        writeWhole(fd, encoded.line, null);
      } catch (cause) {
        isBroken = !isCutBack(fd, bytes);
        return fail(exporterFault('CAPTURE_UNWRITABLE', errorCode(cause)));
      }
      ({ chain } = encoded);
      bytes += encoded.line.length;
      take(entry);
      return ok(undefined);
    },
    chain: () => chain,
    kept: () => [...kept.values()],
    find: (connection) => kept.get(connection),
    isDeleted: (connection) => deleted.has(connection),
    close: () => closeSync(fd),
  };
}

/** Takes away what a write that failed left; a disk that does not do that either takes no line any more. */
function isCutBack(fd: number, bytes: number): boolean {
  try {
    cutBack(fd, bytes);
    return true;
  } catch {
    return false;
  }
}
