import { constants, createCipheriv, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import type { GbFrame } from '../../../../../cloud/terminals/gb32960/frame.ts';
import { KEY_FORMS, type KeyFormName } from '../../../../../cloud/terminals/keys/key-forms.table.ts';
import { createTerminalKeys, type TerminalKey } from '../../../../../cloud/terminals/keys/terminal-keys.ts';

const VIN = 'LTGTEST0000000001';
const CLEAR = Buffer.from('1a0301115950'.padEnd(600, '05'), 'hex');
const KEY = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');
const VECTOR = Buffer.alloc(16, 9);
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SM2_SCALAR = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8';
const SM2_POINT = sm2.getPublicKeyFromPrivateKey(SM2_SCALAR);
const SM2_PEM = pemOf(
  Buffer.from(
    `308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420${SM2_SCALAR}a144034200${SM2_POINT}`,
    'hex',
  ),
);

function pemOf(der: Buffer): string {
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

function cipher(name: string, vector: Buffer | null): Buffer {
  const made = createCipheriv(name, KEY, vector);
  return Buffer.concat([made.update(CLEAR), made.final()]);
}

function rsa(): Buffer {
  const padding = { key: RSA.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return Buffer.concat([publicEncrypt(padding, CLEAR.subarray(0, 200)), publicEncrypt(padding, CLEAR.subarray(200))]);
}

const sealed: Readonly<Record<KeyFormName, () => Buffer>> = {
  'rsa-oaep-sha1': rsa,
  'aes-128-ecb': () => cipher('aes-128-ecb', null),
  'aes-128-cbc': () => cipher('aes-128-cbc', VECTOR),
  'sm2-c1c3c2': () => Buffer.from(`04${sm2.doEncrypt(CLEAR, SM2_POINT, 1, { asn1: false })}`, 'hex'),
  'sm4-ecb': () => cipher('sm4-ecb', null),
  'sm4-cbc': () => cipher('sm4-cbc', VECTOR),
};

const keyOf = (form: KeyFormName, vin: string | undefined = VIN): TerminalKey => ({
  ...{ vin, form, vector: form.endsWith('cbc') ? VECTOR : undefined },
  key: form.startsWith('rsa')
    ? Buffer.from(RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    : form.startsWith('sm2')
      ? Buffer.from(SM2_PEM)
      : KEY,
});

const frameOf = (form: KeyFormName, unit: Buffer, edition: 2016 | 2025 = 2025): GbFrame => ({
  ...{ edition, command: 2, answer: 0xfe, vin: VIN, encryption: KEY_FORMS[form].encryption },
  ...{ unit, checksum: 0, isChecksumGood: true },
});

const FORMS = Object.keys(KEY_FORMS) as KeyFormName[];

describe.each(FORMS)('a unit under %s', (form) => {
  const frame = frameOf(form, sealed[form]());

  test('opens with the key of its vehicle, and with one of all vehicles', () => {
    for (const vin of [VIN, undefined])
      expect(createTerminalKeys([keyOf(form, vin)]).open(frame)).toEqual({ ...frame, encryption: 1, unit: CLEAR });
  });

  test('does not open without its key, with that of another vehicle, cut short or empty', () => {
    expect(createTerminalKeys([]).open(frame)).toBeUndefined();
    expect(createTerminalKeys([keyOf(form, 'LTGTEST0000000002')]).open(frame)).toBeUndefined();
    const keys = createTerminalKeys([keyOf(form)]);
    expect(keys.open({ ...frame, unit: frame.unit.subarray(0, -1) })).toBeUndefined();
    expect(keys.open({ ...frame, unit: Buffer.alloc(0) })).toBeUndefined();
  });
});

test('the algorithms of 2025 are none of 2016, and the marks of an encryption are no key', () => {
  for (const form of ['sm2-c1c3c2', 'sm4-ecb'] as const)
    expect(createTerminalKeys([keyOf(form)]).open(frameOf(form, sealed[form](), 2016))).toBeUndefined();
  const keys = createTerminalKeys(FORMS.map((form) => keyOf(form)));
  for (const encryption of [0, 254, 255])
    expect(keys.open({ ...frameOf('sm4-ecb', sealed['sm4-ecb']()), encryption })).toBeUndefined();
});

test('SM4 is that of GB/T 32907, annex A', () => {
  // The example of the standard, with the padding of a whole block after it.
  const unit = Buffer.from('681edf34d206965e86b3e94f536e4246002a8a4efa863ccad024ac0300bb40d2', 'hex');
  const opened = createTerminalKeys([keyOf('sm4-ecb')]).open(frameOf('sm4-ecb', unit));
  expect(opened?.unit).toEqual(KEY);
});
