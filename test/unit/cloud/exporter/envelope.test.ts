import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { openEnvelope, sealReceipt } from '../../../../cloud/exporter/envelope.ts';
import { keyIdOf } from '../../../../proto/codec/key-id.ts';
import { decodeSignedEnvelope, encodeSignedEnvelope } from '../../../../proto/codec/transfer-codec.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const BODY = Buffer.from('body');

test('a receipt opens with the key it was sealed with and gives its body', () => {
  const opened = openEnvelope(sealReceipt(BODY, privateKey, publicKey), 'receipt', publicKey);
  expect(opened.ok && Buffer.from(opened.value)).toEqual(BODY);
});

test('each flaw has its name', () => {
  const sealed = sealReceipt(BODY, privateKey, publicKey);
  const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const decoded = decodeSignedEnvelope(sealed);
  const envelope = decoded.ok ? decoded.value : expect.fail('an envelope');
  const reopened = (change: Partial<typeof envelope>) =>
    openEnvelope(encodeSignedEnvelope({ ...envelope, ...change }), 'receipt', publicKey);
  expect(openEnvelope(sealed, 'permit', publicKey)).toEqual({ ok: false, fault: 'kind' });
  expect(openEnvelope(sealed, 'receipt', stranger.publicKey)).toEqual({ ok: false, fault: 'key-unknown' });
  expect(openEnvelope(sealReceipt(BODY, stranger.privateKey, publicKey), 'receipt', publicKey)).toEqual({
    ok: false,
    fault: 'signature',
  });
  expect(reopened({ body: Buffer.from('bodz') })).toEqual({ ok: false, fault: 'signature' });
  expect(reopened({ signature: new Uint8Array(64) })).toEqual({ ok: false, fault: 'signature' });
  expect(reopened({ kind: 'permit' })).toEqual({ ok: false, fault: 'kind' });
  expect(openEnvelope(Buffer.from('no'), 'receipt', publicKey)).toEqual({ ok: false, fault: 'malformed' });
});

test('the id of a key is that of its public half', () => {
  expect(keyIdOf(createPublicKey(privateKey))).toEqual(keyIdOf(publicKey));
  expect(keyIdOf(publicKey)).toHaveLength(32);
});
