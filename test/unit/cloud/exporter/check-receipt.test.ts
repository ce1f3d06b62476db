import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { checkReceipt, type ReceiptCheck } from '../../../../cloud/exporter/check-receipt.ts';
import { sealReceipt } from '../../../../cloud/exporter/envelope.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { encodeReceipt, type Receipt } from '../../../../proto/codec/transfer-codec.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';

const RECEIPT: Receipt = {
  transferId: 't-1',
  manifestSha256: new Uint8Array(32).fill(1),
  recipientId: 'acme-de',
  receivedAtMs: 1_777_600_000_000,
  bytesReceived: 1_234,
};

let check: ReceiptCheck;
let key: KeyObject;

beforeAll(async () => {
  const recipient = await (await createAuthority('test')).issue('recipient', 'server');
  key = createPrivateKey(recipient.key);
  check = {
    certificate: new X509Certificate(recipient.certificate),
    id: 't-1' as TransferId,
    manifestSha256: RECEIPT.manifestSha256,
    recipientId: 'acme-de',
    totalBytes: 1_234,
  };
});

const sealed = (change: Partial<Receipt> = {}, by = key) => {
  const name = createPublicKey(key);
  return sealReceipt(encodeReceipt({ ...RECEIPT, ...change }), by, name);
};
const flawOf = (bytes: Uint8Array) => {
  const checked = checkReceipt(bytes, check);
  return checked.ok ? undefined : checked.fault;
};

test('a receipt of this delivery, signed with the key of the certificate, is given back as it is', () => {
  const bytes = sealed();
  expect(checkReceipt(bytes, check)).toEqual({ ok: true, value: bytes });
});

test.each([
  ['another transfer', { transferId: 't-2' }],
  ['another manifest', { manifestSha256: new Uint8Array(32) }],
  ['another recipient', { recipientId: 'acme-us' }],
  ['a byte less', { bytesReceived: 1_233 }],
])('a receipt for %s proves nothing', (_, change) => {
  expect(flawOf(sealed(change))).toMatchObject({ code: 'RECEIPT_INVALID', retry: 'later' });
});

test('nor does one signed by somebody else, or no receipt at all', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  expect(flawOf(sealed({}, stranger))?.problem.en).toContain('signature');
  expect(flawOf(Buffer.from('thank you'))?.problem.en).toContain('malformed');
});
