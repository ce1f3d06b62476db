import { constants, fstatSync, ftruncateSync } from 'node:fs';
import { join } from 'node:path';
import type { LogSigner } from './checkpoint.ts';
import { derivedFile } from './derived-file.ts';
import { withFile } from './durable-file.ts';
import { readAt } from './read-at.ts';
import type { TileIndex } from './tile-index.ts';
import {
  decodeTerms,
  encodeTerms,
  hasTerm,
  NO_TERMS,
  TERMS_FILE,
  type TermedTile,
  type TileTerms,
} from './tile-terms.ts';

/** Terms of a log that another process writes, or none does now. */
export interface ReadTerms extends TileTerms {
  /** Takes in what was written since, as far as it is signed and its tiles are known. */
  readonly catchUp: () => void;
}

/** Terms of a log that this process writes. */
export interface TermIndex extends TileTerms {
  /** Takes the next full tiles. Never fails: a file that cannot be written is left as it is, and made again at some opening. */
  readonly add: (tiles: readonly TermedTile[]) => void;
  readonly close: () => void;
}

/** @param index - of the log, whose tiles are known to be good */
export function readTerms(
  directory: string,
  log: Pick<LogSigner, 'origin' | 'publicKey'>,
  index: TileIndex,
): ReadTerms {
  const tiles: Uint32Array[] = [];
  let chain = NO_TERMS;
  return {
    count: () => tiles.length,
    mayHave: (tile, term) => hasTerm(tiles[tile], term),
    catchUp: () => {
      if (chain.tiles >= index.count()) return;
      const read = decodeTerms(readFrom(directory, chain.bytes), chain, log, index.rootOf);
      for (const terms of read.terms) tiles.push(terms);
      chain = read.chain;
    },
  };
}

/** The same for the writer: what is behind the last signature is cut off the file before anything follows it. */
export function openTerms(directory: string, signer: LogSigner, index: TileIndex): TermIndex {
  const path = join(directory, TERMS_FILE);
  const read = decodeTerms(readFrom(directory, 0), NO_TERMS, signer, index.rootOf);
  const tiles = [...read.terms];
  let { chain } = read;
  const file = derivedFile(path, { begin: (fd) => ftruncateSync(fd, read.chain.bytes) });
  return {
    count: () => tiles.length,
    mayHave: (tile, term) => hasTerm(tiles[tile], term),
    add: (more) => {
      if (more.length === 0) return;
      const encoded = encodeTerms(more, chain, signer);
      chain = encoded.chain;
      for (const { terms } of more) tiles.push(terms);
      file.append(encoded.records);
    },
    close: file.close,
  };
}

/** What a file that cannot be read has is nothing: then tiles are looked through. */
function readFrom(directory: string, from: number): Uint8Array {
  try {
    return withFile(join(directory, TERMS_FILE), constants.O_RDONLY, (fd) =>
      readAt(fd, from, Math.max(0, fstatSync(fd).size - from)),
    );
  } catch {
    return new Uint8Array(0);
  }
}
