import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FileRecord, FileStore } from '../ports/file-store.ts';
import { renameDurably, syncNames, writeDurably } from './durable-files.ts';

const RECORD = 'record.json';
const CONTENT = 'content.tar';
const PIECE_BYTES = 1_048_576;
/** A record lists up to 50,000 files. */
const RECORD_BYTES_MAX = 67_108_864;

/** A directory for each import; it is there whole or not at all. */
export function fileParcelsDirectory(directory: string): FileStore {
  const at = (id: string, name = '') => join(directory, id, name);
  const find = (id: string): FileRecord | undefined => {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id) || !existsSync(at(id, RECORD))) return undefined;
    if (statSync(at(id, RECORD)).size > RECORD_BYTES_MAX) return undefined;
    return JSON.parse(readFileSync(at(id, RECORD), 'utf8')) as FileRecord;
  };
  return {
    find,
    list: () =>
      existsSync(directory)
        ? readdirSync(directory)
            .sort()
            .flatMap((id) => find(id) ?? [])
        : [],
    content: (id) => piecesOf(at(id, CONTENT)),
    add: (record, content) => {
      if (existsSync(at(record.id))) return false;
      const draft = at(`.${record.id}.draft`);
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { recursive: true, mode: 0o750 });
      writeDurably(join(draft, CONTENT), content);
      writeDurably(join(draft, RECORD), [Buffer.from(JSON.stringify(record))]);
      syncNames(draft);
      renameDurably(draft, at(record.id));
      return true;
    },
  };
}

function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.alloc(PIECE_BYTES);
      const read = readSync(file, piece, 0, PIECE_BYTES, null);
      if (read === 0) return;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
