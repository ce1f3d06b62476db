import { createPublicKey, ECDH, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deviceIdOf } from '../../../../proto/codec/device-id.ts';
import { readDeviceKey } from '../../../../proto/codec/device-key.ts';

const pemOf = (der: Uint8Array) =>
  `-----BEGIN PUBLIC KEY-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END PUBLIC KEY-----\n`;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const der = p256.publicKey.export({ type: 'spki', format: 'der' });
const head = der.subarray(0, 26);
const compressed = Buffer.from(
  ECDH.convertKey(der.subarray(26), 'prime256v1', undefined, undefined, 'compressed') as Buffer,
);
const short = Buffer.concat([
  Buffer.from('3039', 'hex'),
  head.subarray(2, 23),
  Buffer.from('032200', 'hex'),
  compressed,
]);

describe('a key of the register is what `createPublicKey` and `deviceIdOf` make of it', () => {
  const forms = {
    'P-256': pemOf(der),
    'P-256, its point compressed': pemOf(short),
    'P-256 without a last line break': pemOf(der).trimEnd(),
    'P-256 with carriage returns': pemOf(der).replaceAll('\n', '\r\n'),
    'P-256 between other text': `of a vehicle\n${pemOf(der)}`,
    'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'pem' }),
    Ed25519: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
  };
  test.each(Object.entries(forms))('%s', (_, pem) => {
    const read = readDeviceKey(pem as string);
    const slow = createPublicKey(pem);
    expect(read.device).toBe(deviceIdOf(slow));
    expect(read.publicKey.equals(slow)).toBe(true);
    expect(deviceIdOf(read.publicKey)).toBe(read.device);
  });

  test('and it verifies what its vehicle signed', () => {
    const { publicKey } = readDeviceKey(pemOf(der));
    const bytes = Buffer.from('a batch');
    expect(verify('sha256', bytes, publicKey, sign('sha256', bytes, p256.privateKey))).toBe(true);
  });
});

describe('what is no key is refused', () => {
  const off = Buffer.from(der);
  off.writeUInt8((off.at(-1) ?? 0) ^ 1, off.length - 1);
  test.each([
    ['a point off the curve', pemOf(off)],
    ['the point nought', pemOf(Buffer.concat([der.subarray(0, 27), Buffer.alloc(64)]))],
    ['coordinates beyond the field', pemOf(Buffer.concat([der.subarray(0, 27), Buffer.alloc(64, 255)]))],
    ['bytes left out', pemOf(der.subarray(0, -1))],
    [
      'bits that base64 does not use',
      pemOf(der)
        .replace(/.==\n-----END/, 'B==\n-----END')
        .replace('\n-----END', '!\n-----END'),
    ],
    ['no key at all', 'a key'],
  ])('%s', (_, pem) => {
    expect(() => readDeviceKey(pem)).toThrow();
    expect(() => createPublicKey(pem)).toThrow();
  });
});
