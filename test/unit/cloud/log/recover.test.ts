import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../../../cloud/log/checkpoint.ts';
import { APPEND_BYTES_MAX, ENTRIES_PER_APPEND_MAX, frameLeaves } from '../../../../cloud/log/entry-file.ts';
import { encodeEntry } from '../../../../cloud/log/leaf.ts';
import { leafHash } from '../../../../cloud/log/merkle.ts';
import { proveConsistency, verifyConsistency } from '../../../../cloud/log/proof.ts';
import { encodeLogLeaf } from '../../../../proto/codec/transfer-codec.ts';
import {
  entries,
  entry,
  type Files,
  filesOf,
  logOf,
  NOW,
  numbersIn,
  ORIGIN,
  offsetsIn,
  openFault,
  PUBLIC_KEY,
  putFiles,
  reopened,
  SIGNING_KEY,
  scratchDirectory,
  unwrap,
  verifyFaults,
} from './scratch-log.ts';

const SIGNER = { origin: ORIGIN, signingKey: SIGNING_KEY, publicKey: PUBLIC_KEY };

/** Files after an append of three entries, and after one more of two. */
function threeThenTwo(): { readonly directory: string; readonly three: Files; readonly five: Files } {
  const directory = scratchDirectory();
  const log = logOf(directory, [3]);
  const three = filesOf(directory);
  unwrap(log.append(entries(3, 2)));
  log.close();
  return { directory, three, five: filesOf(directory) };
}

/** Opens the log in every state `states` makes, and expects the same refusal of each, which touches nothing. */
function expectAllRefused(directory: string, states: readonly Files[]): void {
  expect(states.length).toBeGreaterThan(0);
  for (const state of states) {
    putFiles(directory, state);
    expect(openFault(directory)).toBe('LOG_CORRUPT');
    expect(verifyFaults(directory)).toContain('LOG_CORRUPT');
    // Not toEqual: it would list every one of millions of bytes.
    const after = filesOf(directory);
    expect(after.entries.equals(state.entries) && after.checkpoint.equals(state.checkpoint)).toBe(true);
  }
}

describe('a crash during an append', () => {
  test('that cut its entries anywhere: whole ones stay, the torn one goes', () => {
    const { directory, three, five } = threeThenTwo();
    const ends = offsetsIn(five.entries);
    for (let length = three.entries.length; length <= five.entries.length; length += 1) {
      putFiles(directory, { entries: five.entries.subarray(0, length), checkpoint: three.checkpoint });
      expect(verifyFaults(directory)).toEqual([]);
      const whole = ends.filter((end) => end <= length).length - 1;
      const log = reopened(directory);
      expect(numbersIn(log)).toEqual([0, 1, 2, 3, 4].slice(0, whole));
      log.close();
      expect(filesOf(directory).entries).toEqual(five.entries.subarray(0, ends[whole]));
      expect(verifyFaults(directory)).toEqual([]);
    }
  });

  test('that cut the next tree head anywhere: the last one counts', () => {
    const { directory, three, five } = threeThenTwo();
    for (let length = 0; length <= five.checkpoint.length + 15; length += 16) {
      putFiles(directory, { entries: five.entries, checkpoint: three.checkpoint });
      writeFileSync(join(directory, 'checkpoint.tmp'), five.checkpoint.subarray(0, length));
      const log = reopened(directory);
      expect(log.head().size).toBe(5);
      log.close();
    }
  });

  test('leads to the same tree as the append would have', () => {
    const { directory, three, five } = threeThenTwo();
    putFiles(directory, { entries: five.entries, checkpoint: three.checkpoint });
    reopened(directory).close();
    // Ed25519 is deterministic: the same head is the same bytes.
    expect(filesOf(directory)).toEqual(five);
  });

  test('leads to a head that extends the last signed one', () => {
    const { directory, three, five } = threeThenTwo();
    const ends = offsetsIn(five.entries);
    const hashes = ends.slice(0, -1).map((at, n) => leafHash(five.entries.subarray(at + 4, ends[n + 1])));
    putFiles(directory, three);
    const { rootHash: oldRoot } = reopened(directory).head();
    putFiles(directory, { entries: five.entries, checkpoint: three.checkpoint });
    const { size, rootHash } = reopened(directory).head();
    const proof = proveConsistency(hashes, 3, 5);
    expect(verifyConsistency({ oldSize: 3, oldRoot, size, rootHash, proof })).toBe(true);
  });

  test('is settled once: opening again changes nothing', () => {
    const { directory, three, five } = threeThenTwo();
    putFiles(directory, { entries: five.entries.subarray(0, -1), checkpoint: three.checkpoint });
    reopened(directory).close();
    const settled = filesOf(directory);
    reopened(directory).close();
    expect(filesOf(directory)).toEqual(settled);
    unwrap(reopened(directory).append([entry(4)]));
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4]);
  });

  const leaf = unwrap(encodeEntry(entry(9), NOW));
  const foreign = encodeLogLeaf({
    recordedAtMs: NOW,
    kind: 'k',
    transferId: '',
    actor: 'a',
    document: Buffer.from('{ }'),
  });
  test.each([
    ['zeros, as of blocks that never reached the disk', Buffer.alloc(5_000)],
    ['a good length before zeros', Buffer.concat([frameLeaves([Buffer.alloc(100)])])],
    ['a leaf whose document is not canonical', frameLeaves([foreign])],
    ['an impossible length', Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff), leaf])],
  ])('that left %s beyond the head: cut from there, with all that follows', (_, rubbish) => {
    const { directory, three, five } = threeThenTwo();
    const whole = five.entries.subarray(three.entries.length, offsetsIn(five.entries)[4]);
    const tail = Buffer.concat([three.entries, whole, rubbish, frameLeaves([leaf])]);
    putFiles(directory, { entries: tail, checkpoint: three.checkpoint });
    expect(verifyFaults(directory)).toEqual([]);
    const log = reopened(directory);
    expect(numbersIn(log)).toEqual([0, 1, 2, 3]);
    unwrap(log.append([entry(4)]));
    log.close();
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4]);
    expect(verifyFaults(directory)).toEqual([]);
  });

  test('leaves at most one append: the most entries are taken, one more is damage', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [1]);
    const one = filesOf(directory);
    unwrap(log.append(entries(1, ENTRIES_PER_APPEND_MAX)));
    const full = filesOf(directory);
    unwrap(log.append([entry(ENTRIES_PER_APPEND_MAX + 1)]));
    log.close();
    putFiles(directory, { entries: filesOf(directory).entries, checkpoint: one.checkpoint });
    expect(openFault(directory)).toBe('LOG_CORRUPT');
    putFiles(directory, { entries: full.entries, checkpoint: one.checkpoint });
    expect(reopened(directory).head().size).toBe(ENTRIES_PER_APPEND_MAX + 1);
  });

  test('leaves at most the bytes of one append', () => {
    const { directory, three } = threeThenTwo();
    const rubbish = (bytes: number) => Buffer.concat([three.entries, Buffer.alloc(bytes)]);
    putFiles(directory, { entries: rubbish(APPEND_BYTES_MAX), checkpoint: three.checkpoint });
    expect(verifyFaults(directory)).toEqual([]);
    expect(openFault(directory)).toBe('none');
    expectAllRefused(directory, [{ entries: rubbish(APPEND_BYTES_MAX + 1), checkpoint: three.checkpoint }]);
  });
});

describe('tampering', () => {
  test('with the end: a log cut anywhere below its head is refused', () => {
    const { directory, five } = threeThenTwo();
    const lengths = Array.from(five.entries, (_, length) => length);
    expectAllRefused(
      directory,
      lengths.map((length) => ({ entries: five.entries.subarray(0, length), checkpoint: five.checkpoint })),
    );
  });

  test('with any byte of the entries is refused', () => {
    const { directory, five } = threeThenTwo();
    const flipped = Array.from(five.entries, (byte, at) => Buffer.from(five.entries.with(at, byte ^ 0x01)));
    expectAllRefused(
      directory,
      flipped.map((bytes) => ({ entries: bytes, checkpoint: five.checkpoint })),
    );
  });

  test('with any byte of the checkpoint is refused', () => {
    const { directory, five } = threeThenTwo();
    const flipped = Array.from(five.checkpoint, (byte, at) => Buffer.from(five.checkpoint.with(at, byte ^ 0x01)));
    const cut = Array.from(five.checkpoint, (_, length) => five.checkpoint.subarray(0, length));
    expectAllRefused(
      directory,
      [...flipped, ...cut].map((bytes) => ({ entries: five.entries, checkpoint: bytes })),
    );
  });

  test('by leaving out, repeating or moving entries is refused', () => {
    const { directory, five } = threeThenTwo();
    const ends = offsetsIn(five.entries);
    const parts = ends.slice(0, -1).map((at, n) => five.entries.subarray(at, ends[n + 1]));
    const first = parts[0] ?? Buffer.of();
    const states = parts.flatMap((part, n) => [
      parts.toSpliced(n, 1),
      parts.toSpliced(n, 0, part),
      [...parts.toSpliced(n, 1), part],
      parts.with(0, part).with(n, first),
    ]);
    const changed = states.map((state) => Buffer.concat(state)).filter((bytes) => !bytes.equals(five.entries));
    expect(changed.length).toBeGreaterThan(15);
    // Repeating the last entry is the one state that a crash could leave too: it is beyond the head, and unsigned.
    const repeatsLast = Buffer.concat([five.entries, parts[4] ?? Buffer.of()]);
    expectAllRefused(
      directory,
      changed
        .filter((bytes) => !bytes.equals(repeatsLast))
        .map((bytes) => ({ entries: bytes, checkpoint: five.checkpoint })),
    );
  });

  test('by a head of another key, another name, another root or another size is refused', () => {
    const { directory, five } = threeThenTwo();
    putFiles(directory, five);
    const head = reopened(directory).head();
    const thief = generateKeyPairSync('ed25519');
    const forged = [
      signCheckpoint(head, { ...SIGNER, signingKey: thief.privateKey, publicKey: thief.publicKey }),
      signCheckpoint(head, { ...SIGNER, signingKey: thief.privateKey }),
      signCheckpoint(head, { ...SIGNER, origin: 'tongguan.example/traffic' }),
      signCheckpoint({ ...head, rootHash: leafHash(Buffer.of()) }, SIGNER),
      signCheckpoint({ ...head, size: 4 }, SIGNER),
      signCheckpoint({ ...head, size: 6 }, SIGNER),
      signCheckpoint({ ...head, size: 0 }, SIGNER),
    ];
    expectAllRefused(
      directory,
      forged.map((note) => ({ entries: five.entries, checkpoint: Buffer.from(note) })),
    );
  });

  test('by putting both files back together is seen only against a head kept elsewhere', () => {
    const { directory, three, five } = threeThenTwo();
    const kept = reopened(directory).head();
    putFiles(directory, three);
    const log = reopened(directory);
    unwrap(log.append(entries(30, 2)));
    expect(verifyFaults(directory)).toEqual([]);
    expect(log.head().size).toBe(kept.size);
    const forked = {
      oldSize: kept.size,
      oldRoot: kept.rootHash,
      size: kept.size,
      rootHash: log.head().rootHash,
      proof: [],
    };
    expect(verifyConsistency(forked)).toBe(false);
    expect(five.entries.length).toBeGreaterThan(three.entries.length);
  });
});
