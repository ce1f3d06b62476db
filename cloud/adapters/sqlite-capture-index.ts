import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { AddressRange } from '../capture/address.ts';
import { parseAddress } from '../capture/address.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import {
  CATALOGUE_FILE,
  type CatalogueEntry,
  CHAIN_START,
  type ConnectionCapture,
  decodeEntry,
} from '../capture/capture-record.ts';
import { partOfFile } from '../capture/segment.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

/** Which connections are meant: all that were under way at some moment of a time, with an address of a range, of a transfer. */
export interface CaptureQuery {
  readonly from: Instant;
  readonly to: Instant;
  /** Of the other side. */
  readonly peers?: AddressRange;
  readonly transferId?: string;
}

/** An index over the list of captures, which it can be made from again at any time. */
export interface CaptureIndex {
  /** Takes in what the list has gained. Fails when a line does not follow the one before it. */
  readonly follow: (directory: string) => Result<undefined, CaptureFault>;
  /** Ascending by start; captures that were deleted are not among them. */
  readonly find: (query: CaptureQuery) => Generator<ConnectionCapture, void>;
  readonly close: () => void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS followed (
    id INTEGER PRIMARY KEY CHECK (id = 0), bytes INTEGER NOT NULL, chain TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS connection (
    number INTEGER PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, peer BLOB NOT NULL,
    transfer_id TEXT NOT NULL, entry TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS by_end ON connection (end_ms, start_ms);
  CREATE INDEX IF NOT EXISTS by_peer ON connection (peer, end_ms, start_ms);
  CREATE INDEX IF NOT EXISTS by_transfer ON connection (transfer_id);
`;

const CHUNK_BYTES = 4_194_304;
const NEW_LINE = 0x0a;

/** @param file - or `:memory:` @throws SqliteError when it cannot be opened */
export function sqliteCaptureIndex(file: string): CaptureIndex {
  const database = openDatabase(file, SCHEMA);
  return {
    follow: (directory) =>
      isBlank(database, directory) ? ok(undefined) : follow(database, join(directory, CATALOGUE_FILE)),
    find: (query) => find(database, query),
    close: () => database.close(),
  };
}

/** Before the first connection there is neither list nor segment. A list that is gone from beside segments, or was followed before, is missing. */
function isBlank(database: StoreDatabase, directory: string): boolean {
  if (database.prepare('SELECT id FROM followed').get() !== undefined) return false;
  return !readdirSync(directory).some((name) => name === CATALOGUE_FILE || partOfFile(name) !== undefined);
}

function follow(database: StoreDatabase, path: string): Result<undefined, CaptureFault> {
  const put = database.prepare('INSERT OR REPLACE INTO connection VALUES (?, ?, ?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM connection WHERE number = ?');
  const mark = database.prepare('INSERT OR REPLACE INTO followed VALUES (0, ?, ?)');
  const take = (entry: CatalogueEntry, text: string): void => {
    if (entry.kind === 'deleted') {
      drop.run(entry.connection);
      return;
    }
    const peer = parseAddress(entry.peerIp);
    assert(peer !== undefined, 'the address of a captured connection is one');
    put.run(entry.connection, entry.startMs, entry.endMs, Buffer.from(peer), entry.transferId, text);
  };
  const fd = openSync(path, 'r');
  try {
    return database.transaction((): Result<undefined, CaptureFault> => {
      const marked = database.prepare('SELECT bytes, chain FROM followed').get() as Place | undefined;
      const place = { bytes: marked?.bytes ?? 0, chain: marked?.chain ?? CHAIN_START };
      if (fstatSync(fd).size < place.bytes) return fail(captureFault('CAPTURE_LIST_CHANGED', CATALOGUE_FILE));
      for (const line of lines(fd, place.bytes)) {
        const decoded = decodeEntry(line.text, place.chain);
        if (decoded === undefined) return fail(captureFault('CAPTURE_LIST_CHANGED', CATALOGUE_FILE));
        take(decoded.entry, line.text);
        place.chain = decoded.chain;
        place.bytes = line.end;
      }
      mark.run(place.bytes, place.chain);
      return ok(undefined);
    })();
  } finally {
    closeSync(fd);
  }
}

interface Place {
  readonly bytes: number;
  readonly chain: string;
}

/** Whole lines from a place on; what is being written has no end yet. */
function* lines(fd: number, from: number): Generator<{ readonly text: string; readonly end: number }> {
  let rest = Buffer.alloc(0);
  let end = from;
  for (let at = from; ; at += CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(fd, chunk, 0, CHUNK_BYTES, at);
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    let start = 0;
    for (let stop = bytes.indexOf(NEW_LINE); stop >= 0; stop = bytes.indexOf(NEW_LINE, start)) {
      end += stop + 1 - start;
      yield { text: bytes.toString('utf8', start, stop), end };
      start = stop + 1;
    }
    rest = bytes.subarray(start);
    if (read < CHUNK_BYTES) return;
  }
}

function* find(database: StoreDatabase, query: CaptureQuery): Generator<ConnectionCapture, void> {
  const { from, to, peers, transferId } = query;
  const conditions = ['end_ms >= @from', 'start_ms <= @to'];
  if (peers !== undefined) conditions.push('peer BETWEEN @low AND @high');
  if (transferId !== undefined) conditions.push('transfer_id = @transferId');
  const named = { from, to, low: bytesOf(peers?.low), high: bytesOf(peers?.high), transferId: transferId ?? '' };
  const found = database
    .prepare(`SELECT entry FROM connection WHERE ${conditions.join(' AND ')} ORDER BY start_ms, number`)
    .pluck()
    .iterate(named) as IterableIterator<string>;
  // What stands in the index was parsed on its way in.
  for (const entry of found) yield JSON.parse(entry) as ConnectionCapture;
}

const bytesOf = (address: Uint8Array | undefined): Buffer => Buffer.from(address ?? []);
