import { hash, sign, verify } from 'node:crypto';
import { assert } from '../../proto/words/result.ts';
import type { LogSigner } from './checkpoint.ts';
import { leafFields } from './leaf.ts';
import { HASH_BYTES, TILE_ENTRIES } from './merkle.ts';

/**
 * `entries.terms`: for each full tile, in order, by which kinds, transfers and actors its entries are found. A record is the number of terms
 * (4 bytes), the terms (4 bytes each, ascending) and 64 bytes of signature, which are zeros in all but the last record of an append;
 * numbers are little-endian. The signature is the log's own over a chain of all records up to here, each with the root of
 * its tile, so nobody else can have a reader pass over an entry. Like the index it is derived, and made again where it is lost or wrong.
 */
export const TERMS_FILE = 'entries.terms';

/** What some entries of a tile are found by: 32 bits of a hash. Two texts of one term cost a look at a tile that has no such entry. */
export type Term = number;
export type TermField = 'kind' | 'transferId' | 'actor';

/** By which terms the tiles of a log are found. */
export interface TileTerms {
  /** Tiles that are known, from the first on. */
  readonly count: () => number;
  /** False only for a tile that is known and has no entry with the term. */
  readonly mayHave: (tile: number, term: Term) => boolean;
}

const FIELDS = ['kind', 'transferId', 'actor'] as const satisfies readonly TermField[];
const TERMS_MAX = FIELDS.length * TILE_ENTRIES;
const COUNT_BYTES = 4;
const TERM_BYTES = 4;
const SIGNATURE_BYTES = 64;
const UNSIGNED = Buffer.alloc(SIGNATURE_BYTES);

/** FNV-1a, begun with the place of the field. */
function termOfBytes(field: number, text: Uint8Array): Term {
  let mixed = Math.imul(0x811c9dc5 ^ field, 0x01000193);
  for (const byte of text) mixed = Math.imul(mixed ^ byte, 0x01000193);
  return mixed >>> 0;
}

export const termOf = (field: TermField, text: string): Term => termOfBytes(FIELDS.indexOf(field), Buffer.from(text));

/** @param leaf - bytes that are a leaf */
export function termsOfLeaf(leaf: Uint8Array): readonly Term[] {
  const fields = leafFields(leaf);
  return FIELDS.flatMap((field, at) => (fields[field].length === 0 ? [] : [termOfBytes(at, fields[field])]));
}

/** Each once, ascending. */
export const tileTerms = (terms: Iterable<Term>): Uint32Array => new Uint32Array(new Set(terms)).sort();

/** By halves. Nothing is known of a tile without a term, since every entry has some. */
export function hasTerm(terms: Uint32Array | undefined, term: Term): boolean {
  if (terms === undefined || terms.length === 0) return true;
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((terms[middle] ?? 0) < term) low = middle + 1;
    else high = middle;
  }
  return terms[low] === term;
}

/** How far a chain of records goes. */
export interface TermChain {
  readonly tiles: number;
  /** In the file. */
  readonly bytes: number;
  readonly hash: Uint8Array;
}

export const NO_TERMS: TermChain = { tiles: 0, bytes: 0, hash: new Uint8Array(HASH_BYTES) };

/** The chain with one tile more. */
function chained({ tiles, bytes, hash: before }: TermChain, root: Uint8Array, terms: Uint8Array): TermChain {
  const digest = hash('sha256', Buffer.concat([before, root, terms]), 'buffer');
  return { tiles: tiles + 1, bytes: bytes + COUNT_BYTES + terms.length + SIGNATURE_BYTES, hash: digest };
}

/** No tree head begins like this: a name of a log has no space. */
const signedText = (origin: string, { tiles, hash: digest }: TermChain): Buffer =>
  Buffer.from(`terms of tiles\n${origin}\n${tiles}\n${Buffer.from(digest).toString('base64')}\n`);

/** A full tile and its terms. */
export interface TermedTile {
  readonly root: Uint8Array;
  readonly terms: Uint32Array;
}

/** Records of tiles that follow a chain, the last of them signed. */
export function encodeTerms(
  tiles: readonly TermedTile[],
  after: TermChain,
  { origin, signingKey }: Pick<LogSigner, 'origin' | 'signingKey'>,
): { readonly records: Buffer; readonly chain: TermChain } {
  let chain = after;
  const parts: Uint8Array[] = [];
  for (const [at, { root, terms }] of tiles.entries()) {
    const count = Buffer.alloc(COUNT_BYTES);
    count.writeUInt32LE(terms.length);
    const bytes = new Uint8Array(terms.buffer, terms.byteOffset, terms.byteLength);
    chain = chained(chain, root, bytes);
    const isLast = at === tiles.length - 1;
    parts.push(count, bytes, isLast ? sign(null, signedText(origin, chain), signingKey) : UNSIGNED);
  }
  return { records: Buffer.concat(parts), chain };
}

/** Signatures that are tried from the end: what a power cut left of the last writes is passed over. */
const SIGNATURES_TRIED_MAX = 16;

/**
 * Reads records that follow a chain, as far as a signature vouches for them.
 *
 * @param bytes - of the file from the end of the chain on, at the start of a buffer of their own: the terms stay views of it
 * @param rootOf - root of a full tile; undefined ends the reading
 */
export function decodeTerms(
  bytes: Uint8Array,
  after: TermChain,
  log: Pick<LogSigner, 'origin' | 'publicKey'>,
  rootOf: (tile: number) => Uint8Array | undefined,
): { readonly terms: readonly Uint32Array[]; readonly chain: TermChain } {
  assert(bytes.byteOffset % TERM_BYTES === 0, 'terms are read where numbers can stand');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const terms: Uint32Array[] = [];
  const signed: { readonly chain: TermChain; readonly signature: Uint8Array }[] = [];
  let chain = after;
  for (let at = 0; at + COUNT_BYTES <= bytes.length; at = chain.bytes - after.bytes) {
    const count = view.getUint32(at, true);
    const [first, end] = [at + COUNT_BYTES, at + COUNT_BYTES + TERM_BYTES * count];
    const root = rootOf(chain.tiles);
    if (root === undefined || count > TERMS_MAX || end + SIGNATURE_BYTES > bytes.length) break;
    chain = chained(chain, root, bytes.subarray(first, end));
    terms.push(new Uint32Array(bytes.buffer, bytes.byteOffset + first, count));
    const signature = bytes.subarray(end, end + SIGNATURE_BYTES);
    if (!UNSIGNED.equals(signature)) signed.push({ chain, signature });
  }
  const good = signed
    .slice(-SIGNATURES_TRIED_MAX)
    .findLast((one) => verify(null, signedText(log.origin, one.chain), log.publicKey, one.signature));
  return good === undefined
    ? { terms: [], chain: after }
    : { terms: terms.slice(0, good.chain.tiles - after.tiles), chain: good.chain };
}
