import { describe, expect, test } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../../../cloud/log/checkpoint.ts';
import { leafHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { noteKeyId, signNote } from '../../../../cloud/log/signed-note.ts';
import { readC2spCheckpoint } from './c2sp-verifier.ts';
import { foreignLog, keyFromRaw, rawOf } from './foreign-notes.ts';
import { hex } from './reference-tree.ts';
import { ORIGIN, PUBLIC_KEY, SIGNING_KEY } from './scratch-log.ts';

const signer = { origin: ORIGIN, signingKey: SIGNING_KEY, publicKey: PUBLIC_KEY };
const rootHash = leafHash(Buffer.from('x'));
const root = Buffer.from(rootHash).toString('base64');
const open = (note: string) => openCheckpoint(Buffer.from(note), signer);
const signed = (text: string) => signNote(text, { name: ORIGIN, signingKey: SIGNING_KEY, publicKey: PUBLIC_KEY });

describe('checkpoints of another implementation', () => {
  const log = { origin: foreignLog.origin, publicKey: keyFromRaw(foreignLog.publicKey) };

  test('name the key as we do', () => {
    expect(hex(noteKeyId(log.origin, log.publicKey))).toBe(foreignLog.keyId);
  });

  test.each(foreignLog.checkpoints)('of size $size verify and hold the root we compute', ({ size, note }) => {
    const leaves = foreignLog.leaves.slice(0, size).map((leaf) => leafHash(Buffer.from(leaf)));
    expect(openCheckpoint(Buffer.from(note), log)).toEqual({ ok: true, value: { size, rootHash: rootOf(leaves) } });
  });
});

test.each([0, 1, 20852163, Number.MAX_SAFE_INTEGER])('size %d is written as the specification has it', (size) => {
  const note = signCheckpoint({ size, rootHash }, signer);
  expect(note.startsWith(`${ORIGIN}\n${size}\n${root}\n\n\u2014 ${ORIGIN} `)).toBe(true);
  expect(readC2spCheckpoint(Buffer.from(note), ORIGIN, rawOf(PUBLIC_KEY))).toEqual({
    origin: ORIGIN,
    size: BigInt(size),
    root: Buffer.from(rootHash),
    extensions: [],
  });
  expect(open(note)).toEqual({ ok: true, value: { size, rootHash } });
});

test('the independent verifier itself refuses a changed checkpoint', () => {
  const note = signCheckpoint({ size: 7, rootHash }, signer).replace('\n7\n', '\n8\n');
  expect(() => readC2spCheckpoint(Buffer.from(note), ORIGIN, rawOf(PUBLIC_KEY))).toThrow('verifies');
});

test('extension lines are let be', () => {
  expect(open(signed(`${ORIGIN}\n7\n${root}\nextension\n`))).toEqual({ ok: true, value: { size: 7, rootHash } });
});

test.each([
  ['two lines', `${ORIGIN}\n7\n`, 'checkpoint-form'],
  ['a leading zero', `${ORIGIN}\n07\n${root}\n`, 'checkpoint-form'],
  ['a sign', `${ORIGIN}\n-7\n${root}\n`, 'checkpoint-form'],
  ['a size above 2^53', `${ORIGIN}\n9007199254740992\n${root}\n`, 'checkpoint-form'],
  ['an empty extension line', `${ORIGIN}\n7\n${root}\n\nx\n`, 'checkpoint-form'],
  ['a root of 31 bytes', `${ORIGIN}\n7\n${Buffer.alloc(31).toString('base64')}\n`, 'checkpoint-form'],
  ['a root that is not base64', `${ORIGIN}\n7\n!${root.slice(1)}\n`, 'checkpoint-form'],
  ['the origin of another log', `tongguan.example/alerts\n7\n${root}\n`, 'checkpoint-origin'],
])('%s under a good signature is refused', (_, text, damage) => {
  expect(open(signed(text))).toEqual({ ok: false, fault: damage });
});

test('nothing is read before the signature verifies', () => {
  const note = signCheckpoint({ size: 7, rootHash }, signer);
  expect(open(note.replace('\n7\n', '\n8\n'))).toEqual({ ok: false, fault: 'checkpoint-signature' });
  expect(open('hello')).toEqual({ ok: false, fault: 'checkpoint-form' });
});
