import { assert } from '../../proto/words/result.ts';
import { HASH_BYTES, leafHash, rootOf } from './merkle.ts';

/**
 * One hash for several logs: the RFC 9162 Merkle tree hash over a leaf for each, in the order of their names (by their
 * UTF-8 bytes). A leaf is the name, a zero byte and the 32-byte root of that log. `tongguan up` prints it as `log.root`
 * over its three logs `alerts`, `operations` and `traffic`; a change in any entry of any of them changes it.
 *
 * It is a fingerprint for people to compare. It is not signed, and no log keeps it; each log's own checkpoint is.
 *
 * @returns 32 bytes
 * @throws Error for names that are empty, repeated or hold a zero byte, or a root that is no hash: bugs of the caller
 */
export function combinedRoot(heads: readonly { readonly name: string; readonly rootHash: Uint8Array }[]): Uint8Array {
  const named = heads.map(({ name, rootHash }) => ({ name: Buffer.from(name), rootHash }));
  named.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const [index, { name, rootHash }] of named.entries()) {
    assert(name.length > 0 && !name.includes(0), 'a log has a name without zero bytes');
    assert(rootHash.length === HASH_BYTES, 'a root is 32 bytes');
    assert(named[index + 1]?.name.equals(name) !== true, 'each log stands once in the combined root');
  }
  return rootOf(named.map(({ name, rootHash }) => leafHash(Buffer.concat([name, Buffer.of(0), rootHash]))));
}
