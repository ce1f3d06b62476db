import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readC2spCheckpoint } from './c2sp-verifier.ts';

// An outside verifier, for tests only: written from RFC 9162 section 2.1 and the C2SP texts (tlog-tiles, tlog-proof,
// tlog-witness) alone. It shares nothing with cloud/log, and computes roots by the recursive definition.

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const hashLeaf = (entry: Uint8Array): Buffer => sha(Buffer.of(0), entry);
const hashNode = (left: Uint8Array, right: Uint8Array): Buffer => sha(Buffer.of(1), left, right);

/** MTH of section 2.1.1 over leaf hashes. */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hashNode(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** The 32 bytes behind a vkey of C2SP signed-note. */
/** Name, hash and key; base64 has a `+` of its own. */
export const keyOfVkey = (vkey: string): Buffer =>
  Buffer.from(vkey.trim().split('+').slice(2).join('+'), 'base64').subarray(1);

/** Section 2.1.3.2, over the text of a tlog-proof. */
export function checkProof(text: string, entry: Uint8Array, origin: string, key: Uint8Array): boolean {
  const blank = text.indexOf('\n\n');
  const [magic, index, ...path] = text.slice(0, blank).split('\n');
  const { size, root, origin: named } = readC2spCheckpoint(Buffer.from(text.slice(blank + 2)), origin, key);
  if (magic !== 'c2sp.org/tlog-proof@v1' || named !== origin) return false;
  let fn = BigInt(/^index (0|[1-9]\d*)$/.exec(index ?? '')?.[1] ?? '-1');
  let sn = size - 1n;
  if (fn < 0n || fn > sn) return false;
  let r: Buffer = hashLeaf(entry);
  for (const line of path) {
    if (sn === 0n) return false;
    const p: Buffer = Buffer.from(line, 'base64');
    if (fn % 2n === 1n || fn === sn) {
      r = hashNode(p, r);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else r = hashNode(r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && r.equals(root);
}

/** Section 2.1.4.2, over the text in which logs show witnesses that one checkpoint extends another. */
export function checkConsistency(text: string, oldRoot: Buffer, origin: string, key: Uint8Array): boolean {
  const blank = text.indexOf('\n\n');
  const [old, ...path] = text.slice(0, blank).split('\n');
  const { size, root } = readC2spCheckpoint(Buffer.from(text.slice(blank + 2)), origin, key);
  const first = BigInt(/^old (0|[1-9]\d*)$/.exec(old ?? '')?.[1] ?? '-1');
  if (first === size) return path.length === 0 && oldRoot.equals(root);
  if (first <= 0n || first > size) return false;
  const hashes = path.map((line) => Buffer.from(line, 'base64'));
  if ((first & (first - 1n)) === 0n) hashes.unshift(Buffer.from(oldRoot));
  let [fn, sn] = [first - 1n, size - 1n];
  while (fn % 2n === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  const [start, ...rest] = hashes;
  let [fr, sr]: [Buffer, Buffer] = [start as Buffer, start as Buffer];
  for (const c of rest) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      [fr, sr] = [hashNode(c, fr), hashNode(c, sr)];
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = hashNode(sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && fr.equals(oldRoot) && sr.equals(root);
}

/** Reads a tlog-tiles directory whole: the entries of every bundle hash to level 0, each level to the next, all to the root. */
export function checkTiles(directory: string, origin: string, key: Uint8Array): readonly Buffer[] {
  const { size, root } = readC2spCheckpoint(readFileSync(join(directory, 'checkpoint')), origin, key);
  const read = (level: string, tile: number, width: number): Buffer => {
    const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, '0');
    const path = digits.replace(/(\d{3})(?=\d)/g, 'x$1/');
    return readFileSync(join(directory, 'tile', level, width === 256 ? path : `${path}.p/${width}`));
  };
  const entries: Buffer[] = [];
  for (let at = 0; at < Number(size); at += 256) {
    const width = Math.min(256, Number(size) - at);
    const bytes = read('entries', at / 256, width);
    for (let from = 0; from < bytes.length; ) {
      const length = bytes.readUInt16BE(from);
      entries.push(bytes.subarray(from + 2, from + 2 + length));
      from += 2 + length;
    }
  }
  const leaves = entries.map(hashLeaf);
  let hashes: readonly Buffer[] = leaves;
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < hashes.length; at += 256) {
      const part = hashes.slice(at, at + 256);
      if (!read(String(level), at / 256, part.length).equals(Buffer.concat(part)))
        throw new Error(`tile ${level}/${at}`);
      if (part.length === 256) above.push(treeHash(part));
    }
    hashes = above;
  }
  if (!treeHash(leaves).equals(root)) throw new Error('the entries do not give the signed root');
  return entries;
}

/** `sha256sum -c` over a bundle. */
export function checkSums(directory: string): number {
  const lines = readFileSync(join(directory, 'SHA256SUMS'), 'utf8').trim().split('\n');
  for (const line of lines) {
    const [sum, path] = [line.slice(0, 64), line.slice(66)];
    if (!existsSync(join(directory, path))) throw new Error(`${path} is missing`);
    if (sha(readFileSync(join(directory, path))).toString('hex') !== sum) throw new Error(`${path} differs`);
  }
  return lines.length;
}
