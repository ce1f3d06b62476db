import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import type { BundledFile, BundleSink } from '../ports/bundle.ts';

const PIECE_BYTES = 1_048_576;
const MODE = 0o640;

/**
 * A bundle in an empty or absent directory.
 *
 * @param look - throws for a line that must not stand in a bundle
 * @throws Error when the directory holds anything: a bundle is written over nothing
 */
export function bundleDirectory(directory: string, look: (name: string, line: string) => void): BundleSink {
  makeDirectory(directory, 0o750);
  if (readdirSync(directory).length > 0) throw new Error('the directory is not empty');
  return {
    open: (name) => {
      const file = begin(directory, name);
      let waiting = '';
      return {
        line: (text) => {
          look(name, text);
          waiting += `${text}\n`;
          if (waiting.length < PIECE_BYTES) return;
          file.append(Buffer.from(waiting));
          waiting = '';
        },
        close: () => {
          file.append(Buffer.from(waiting));
          return file.close();
        },
      };
    },
    put: (name, content) => {
      const file = begin(directory, name);
      file.append(content);
      return file.close();
    },
    copy: (name, from) => {
      const file = begin(directory, name);
      const source = openSync(from, 'r');
      try {
        const piece = Buffer.allocUnsafe(PIECE_BYTES);
        for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
          file.append(piece.subarray(0, read));
        }
      } finally {
        closeSync(source);
      }
      return file.close();
    },
  };
}

function begin(directory: string, name: string) {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  const file = openSync(path, 'wx', MODE);
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    append: (piece: Uint8Array): void => {
      hash.update(piece);
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
      bytes += piece.length;
    },
    close: (): BundledFile => {
      fsyncSync(file);
      closeSync(file);
      return { name, bytes, sha256: hash.digest('hex') };
    },
  };
}
