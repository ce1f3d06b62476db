import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { signSm2 } from '../../../../../cloud/sealing/sm2.ts';
import { parseSm2PrivateKey } from '../../../../../cloud/sealing/sm2-key.ts';
import { type GbFrame, readGbFrame } from '../../../../../cloud/terminals/gb32960/frame.ts';
import { readUnit } from '../../../../../cloud/terminals/gb32960/unit.ts';
import { encodeGb } from '../../../../../cloud/terminals/gb32960/view.ts';
import {
  createSignatureKeys,
  fitsForm,
  type SignatureKey,
} from '../../../../../cloud/terminals/keys/signature-keys.ts';
import type { Fields } from '../../../../../cloud/terminals/value.ts';
import { opensslKey } from '../../../../support/cloud/sealing.ts';
import { testVin } from '../../../../support/cloud/vins.ts';

const VIN = testVin(1);
const AT = '2026-03-01T11:59:50+08:00';
const POSITION = { item: 'position', status: 0, datum: 'GCJ-02', longitude: 119.5, latitude: 32.1 };
const ecc = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const eccPem = ecc.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const sm2 = opensslKey('SM2');

function frameOf(items: readonly Fields[]): GbFrame {
  const head = {
    protocol: 'gb32960-2025',
    command: 'realtime',
    answer: 'command',
    vin: VIN,
    encryption: 'none',
  } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body: { at: AT, items } });
  const frame = bytes.ok ? readGbFrame(bytes.value) : bytes;
  if (!frame.ok) throw new Error(frame.fault.code);
  return frame.value;
}

const halves = (pair: Buffer) => ({ r: { hex: pair.toString('hex', 0, 32) }, s: { hex: pair.toString('hex', 32) } });

/** r and s out of DER, each of 32 bytes. */
function pairOf(der: Buffer): Buffer {
  const rEnd = 4 + (der[3] ?? 0);
  const number = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('hex').padStart(66, '0').slice(-64), 'hex');
  return Buffer.concat([number(der.subarray(4, rEnd)), number(der.subarray(rEnd + 2))]);
}

/** What a vehicle signs is the data unit up to the byte before the signature. */
const unsigned = frameOf([POSITION]).unit;
const byEcc = {
  item: 'signature',
  algorithm: 'ecc',
  ...halves(sign('sha256', unsigned, { key: ecc.privateKey, dsaEncoding: 'ieee-p1363' })),
};
const sm2Key = parseSm2PrivateKey(sm2.privatePem);
const bySm2 = {
  ...{ item: 'signature', algorithm: 'sm2' },
  ...halves(pairOf(sm2Key === undefined ? Buffer.alloc(9) : signSm2(unsigned, sm2Key))),
};
const OF_ECC: SignatureKey = { vin: VIN, form: 'ecdsa-p256-sha256', key: eccPem };
const OF_SM2: SignatureKey = { vin: VIN, form: 'sm2-sm3', key: sm2.publicPem };

const standing = (items: readonly Fields[], ...keys: readonly SignatureKey[]): string => {
  const frame = frameOf(items);
  return createSignatureKeys(keys).stand(frame, readUnit(frame));
};

test.each([
  ['no signature', [POSITION], OF_ECC, 'absent'],
  ['ECDSA', [POSITION, byEcc], OF_ECC, 'verified'],
  ['SM2', [POSITION, bySm2], OF_SM2, 'verified'],
  ['a changed position', [{ ...POSITION, latitude: 32.2 }, byEcc], OF_ECC, 'failed'],
  ['a changed position under SM2', [{ ...POSITION, latitude: 32.2 }, bySm2], OF_SM2, 'failed'],
  ['the key of another vehicle', [POSITION, byEcc], { ...OF_ECC, vin: testVin(2) }, 'unverified'],
  ['another algorithm than its key is for', [POSITION, bySm2], OF_ECC, 'unverified'],
  ['something after it', [byEcc, POSITION], OF_ECC, 'unverified'],
  ['numbers that are too long', [POSITION, { ...byEcc, r: { hex: '01'.repeat(33) } }], OF_ECC, 'failed'],
  ['no numbers at all', [POSITION, { ...byEcc, r: { hex: '' }, s: { hex: '' } }], OF_ECC, 'failed'],
] as const)('%s', (_, items, key, expected) => {
  expect(standing(items, key)).toBe(expected);
});

test('without a key nothing is verified', () => {
  expect(standing([POSITION, byEcc])).toBe('unverified');
});

test('a key fits its form or is refused when the list is read', () => {
  expect(fitsForm('ecdsa-p256-sha256', eccPem)).toBe(true);
  expect(fitsForm('sm2-sm3', sm2.publicPem)).toBe(true);
  expect(fitsForm('sm2-sm3', eccPem)).toBe(false);
  expect(fitsForm('ecdsa-p256-sha256', sm2.publicPem)).toBe(false);
  expect(fitsForm('ecdsa-p256-sha256', 'none')).toBe(false);
});
