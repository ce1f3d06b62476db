import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askWitness } from '../../../../cloud/adapters/witness-client.ts';
import { serveWitness } from '../../../../cloud/adapters/witness-server.ts';
import { cosign, cosignedAt } from '../../../../cloud/log/cosignature.ts';
import { leafHash } from '../../../../cloud/log/merkle.ts';
import { proveConsistency } from '../../../../cloud/log/proof.ts';
import { consistencyText } from '../../../../cloud/log/proof-text.ts';
import type { ReadLog } from '../../../../cloud/log/read-log.ts';
import {
  COSIGNATURE,
  NOTE_SIGNATURE,
  parseVerifierKey,
  signNote,
  verifierKey,
} from '../../../../cloud/log/signed-note.ts';
import { submitCheckpoint } from '../../../../cloud/log/submit-checkpoint.ts';
import { createWitness, directoryOf } from '../../../../cloud/log/witness.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { treeHash } from './outside-verifier.ts';
import { cosignedAtOutside } from './outside-witness.ts';

const ORIGIN = 't.example/operations';
const log = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const own = generateKeyPairSync('ed25519');
const NAME = 'witness.example/w1';
const VKEY = verifierKey(NAME, own.publicKey, COSIGNATURE);
const NOW = 1_777_600_000_500 as Instant;

const leavesOf = (size: number, fork = '') =>
  Array.from({ length: size }, (_, at) => leafHash(Buffer.from(`${fork}${at}`)));
const headOf = (leaves: readonly Uint8Array[], origin = ORIGIN) =>
  `${origin}\n${leaves.length}\n${treeHash(leaves.map((one) => Buffer.from(one))).toString('base64')}\n`;
const noteOf = (leaves: readonly Uint8Array[], by = log, origin = ORIGIN) =>
  signNote(headOf(leaves, origin), { name: origin, signingKey: by.privateKey, publicKey: by.publicKey });
const requestOf = (old: number, leaves: readonly Uint8Array[], note = noteOf(leaves)) =>
  Buffer.from(consistencyText(old, proveConsistency(leaves, Math.min(old, leaves.length), leaves.length), note));

function witness(directory = scratchDirectory()) {
  const signer = { name: NAME, signingKey: own.privateKey, publicKey: own.publicKey };
  const logs = new Map([[ORIGIN, log.publicKey]]);
  return { directory, add: createWitness({ directory, signer, logs, clock: { now: () => NOW } }) };
}

test('a log that grows is cosigned head by head, over restarts, and an outside reader verifies each', () => {
  const { directory } = witness();
  let old = 0;
  for (const size of [0, 1, 2, 7, 8, 9, 300, 300]) {
    const leaves = leavesOf(size);
    const answer = witness(directory).add(requestOf(old, leaves));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toMatch(/^— witness\.example\/w1 \S+\n$/u);
    expect(cosignedAtOutside(`${noteOf(leaves)}${answer.body}`, VKEY)).toBe(1_777_600_000);
    old = size;
  }
});

const [TEN, FORK] = [leavesOf(10), leavesOf(12, 'x')];
const nine = leavesOf(9);
// biome-ignore format: one refusal a line
const REFUSALS: readonly (readonly [string, number, Uint8Array | string])[] = [
  ['another past of the same size', 409, requestOf(10, leavesOf(10, 'x'))],
  ['another past that is longer', 422, requestOf(10, FORK)],
  ['a proof from another size than the last', 409, requestOf(9, leavesOf(12))],
  ['a log that lost its tail', 409, requestOf(8, nine)],
  ['an old size above the new', 400, requestOf(10, nine)],
  ['a proof that lacks a line', 422, String(requestOf(10, leavesOf(13))).replace(/\n[^\n]+/, '')],
  ['a proof from nothing that is not empty', 400, requestOf(0, leavesOf(12)).toString().replace('\n\n', `\n${'A'.repeat(43)}=\n\n`)],
  ['a log that nobody told it of', 404, requestOf(0, TEN, noteOf(TEN, log, 't.example/other'))],
  ['a head that another key signed', 403, requestOf(10, leavesOf(12), noteOf(leavesOf(12), other))],
  ['no request at all', 400, 'hello'],
  ['a size with a zero in front', 400, requestOf(10, leavesOf(12)).toString().replace('old 10', 'old 010')],
  ['more lines than any proof has', 400, requestOf(10, leavesOf(12)).toString().replace('\n\n', `\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n`)],
];

/** The witness of the test at hand, over TLS, and what the cloud's own client gets from it. */
const served = { add: witness('').add, port: 0, authority: '', close: () => {} };
beforeAll(async () => {
  const authority = await createAuthority('test');
  const { certificate, key } = await authority.issue('localhost', 'server');
  const add = (body: Uint8Array) => served.add(body);
  const at = { host: '127.0.0.1', port: 0, certificate, key, add, say: () => {} };
  Object.assign(served, await serveWitness(at), { authority: authority.certificate });
});
afterAll(() => served.close());

async function overHttp(add: typeof served.add, body: Uint8Array | string) {
  served.add = add;
  const place = { url: `https://localhost:${served.port}/w/`, address: '127.0.0.1', authority: served.authority };
  const reply = await askWitness(place)(Buffer.from(body).toString());
  return reply.status === 'late' ? reply : { ...reply, body: Buffer.from(reply.body).toString() };
}

test.each(REFUSALS)('%s is answered with %i over HTTP and not cosigned', async (_, status, body) => {
  const { add, directory } = witness();
  expect(await overHttp(add, requestOf(0, TEN))).toMatchObject({ status: 200 });
  const kept = () => readFileSync(join(directory, directoryOf(ORIGIN), 'checkpoint'), 'utf8');
  const before = kept();
  const answer = await overHttp(add, body);
  expect(answer.status).toBe(status);
  expect(String(answer.status === 'late' ? '' : answer.body)).not.toContain('—');
  expect(kept()).toBe(before);
  expect(await overHttp(add, requestOf(10, leavesOf(11)))).toMatchObject({ status: 200 });
});

test('a client that does not know the last size is told over HTTP', async () => {
  const { add } = witness();
  add(requestOf(0, TEN));
  const told = { status: 409, type: 'text/x.tlog.size', body: '10\n' };
  expect(await overHttp(add, requestOf(0, leavesOf(12)))).toEqual(told);
});

const [KNOWN, SIZE] = [3, 'text/x.tlog.size'];
// biome-ignore format: one answer a line
const ANSWERS: readonly (readonly [string, readonly (readonly [status: number, type: string, body: string])[], object])[] = [
  ['403', [[403, 'text/plain', 'no']], { outcome: 'unanswered', why: 'status-403' }],
  ['404', [[404, 'text/plain', 'no']], { outcome: 'unanswered', why: 'status-404' }],
  ['429', [[429, 'text/plain', 'later']], { outcome: 'unanswered', why: 'status-429' }],
  ['422', [[422, 'text/plain', 'no']], { outcome: 'forked', why: 'not-an-extension' }],
  ['409 with a larger size', [[409, SIZE, '9\n']], { outcome: 'forked', why: 'witness-is-ahead' }],
  ['409 with a parameter of its type', [[409, `${SIZE}; charset=utf-8`, '9\n']], { outcome: 'forked', why: 'witness-is-ahead' }],
  ['409 without a size, of a log that grew', [[409, 'text/plain', 'no']], { outcome: 'unanswered', why: 'no-size' }],
  ['409 with a size that is none', [[409, SIZE, '07\n']], { outcome: 'unanswered', why: 'no-size' }],
  ['409 with our size, and then one without', [[409, SIZE, '7\n'], [409, 'text/plain', 'no']], { outcome: 'forked', why: 'another-root' }],
  ['409 with another size each time', [[409, SIZE, '1\n'], [409, SIZE, '2\n']], { outcome: 'unanswered', why: 'size-changes' }],
  ['200 without a cosignature', [[200, 'text/plain', '']], { outcome: 'unanswered', why: 'no-cosignature' }],
];

test.each(ANSWERS)('what the cloud makes of %s', async (_, answers, expected) => {
  const head = { size: 7, rootHash: new Uint8Array(32) };
  const opened = { head, note: noteOf(leavesOf(7)), proveConsistency: () => [] } as unknown as ReadLog;
  const left = [...answers];
  const ask = async () => {
    const [status = 500, type = '', body = ''] = left.shift() ?? [];
    return { status, type, body: Buffer.from(body) };
  };
  const to = { witness: { name: NAME, publicKey: own.publicKey }, ask, now: NOW };
  expect(await submitCheckpoint(opened, KNOWN, to)).toEqual(expected);
});

test('a state that cannot be read is not taken for that of a new log', () => {
  const { add, directory } = witness();
  mkdirSync(join(directory, directoryOf(ORIGIN)));
  writeFileSync(join(directory, directoryOf(ORIGIN), 'checkpoint'), 'gone');
  expect(() => add(requestOf(0, TEN))).toThrow('not what was cosigned');
});

test('no bit of a cosigned checkpoint can be changed, and neither reader takes it for another key’s', () => {
  const line = cosign(headOf(TEN), 1_679_315_147, { name: NAME, signingKey: own.privateKey, publicKey: own.publicKey });
  const note = Buffer.from(`${noteOf(TEN)}${line}`);
  const by = { name: NAME, publicKey: own.publicKey };
  expect(cosignedAt(note, by)).toEqual({ ok: true, value: 1_679_315_147 });
  const covered = [
    ...Array(headOf(TEN).length).keys(),
    ...Array.from({ length: 100 }, (_, at) => note.length - 2 - at),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...covered), fc.nat({ max: 7 }), (at, bit) => {
      const changed = Buffer.from(note);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      expect(cosignedAt(changed, by).ok).toBe(false);
      expect(cosignedAtOutside(changed.toString(), VKEY)).toBeUndefined();
    }),
  );
  expect(cosignedAt(note, { name: NAME, publicKey: other.publicKey }).ok).toBe(false);
  expect(cosignedAt(Buffer.from(noteOf(TEN)), by).ok).toBe(false);
});

test('a verifier key is read as it was written, and a key of a log is none of a witness', () => {
  const read = parseVerifierKey(VKEY, COSIGNATURE);
  expect(read?.name).toBe(NAME);
  expect(read?.publicKey.equals(createPublicKey(own.privateKey))).toBe(true);
  expect(parseVerifierKey(VKEY, NOTE_SIGNATURE)).toBeUndefined();
  expect(parseVerifierKey(verifierKey(NAME, own.publicKey), COSIGNATURE)).toBeUndefined();
  for (const text of ['', 'a', `${VKEY}=`, VKEY.replace('w1', 'w2'), VKEY.replace(/\+[0-9a-f]{8}\+/, '+00000000+')])
    expect(parseVerifierKey(text, COSIGNATURE)).toBeUndefined();
});
