import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { receiptsOf } from '../../../../cloud/composition/receipts.ts';
import {
  encodeReceipt,
  encodeSignedEnvelope,
  type Receipt,
  signedBytes,
} from '../../../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';

const MANIFEST = createHash('sha256').update('cleared').digest();
const RECEIPT: Receipt = {
  ...{ transferId: 't1', recipientId: 'lab', manifestSha256: MANIFEST, bytesReceived: 3 },
  receivedAtMs: 1 as Instant,
};

function signed(key: KeyObject, change: Partial<Receipt> = {}): string {
  const body = encodeReceipt({ ...RECEIPT, ...change });
  const signature = sign('sha256', signedBytes('receipt', body), { key, dsaEncoding: 'ieee-p1363' });
  const keyId = createHash('sha256')
    .update(createPublicKey(key).export({ type: 'spki', format: 'der' }))
    .digest();
  return Buffer.from(encodeSignedEnvelope({ kind: 'receipt', body, keyId, signature })).toString('base64');
}

async function world() {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-receipts-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const authority = await createAuthority('recipients');
  const keys: Record<string, KeyObject> = {};
  for (const name of ['lab', 'before', 'other']) {
    const { certificate, key } = await authority.issue(name, 'server');
    writeFileSync(join(directory, name), certificate);
    keys[name] = createPrivateKey(key);
  }
  const recipients = [
    { id: 'lab', certificateFile: 'lab', certificatesBefore: ['before'] },
    { id: 'other', certificateFile: 'other', certificatesBefore: [] },
  ];
  const loaded = { config: { recipients }, path: (name: string) => join(directory, name) };
  const transfers = {
    find: (id: string) => (id === 'unknown' ? undefined : { recipientId: 'lab' }),
    held: (id: string) => (id === 'not-kept' ? undefined : { manifestSha256: MANIFEST.toString('hex') }),
  };
  const { isReceipt } = receiptsOf(...([loaded, transfers] as unknown as Parameters<typeof receiptsOf>));
  return { directory, isReceipt, by: (name: string) => keys[name] as KeyObject };
}

test('a receipt proves a delivery that its recipient signed for this transfer and manifest', async () => {
  const { isReceipt, by, directory } = await world();
  expect(isReceipt('t1', signed(by('lab')))).toBe(true);
  expect(isReceipt('t1', signed(by('before')))).toBe(true);
  // biome-ignore format: one forgery a line
  const forged = {
    'signed by another recipient': isReceipt('t1', signed(by('other'))),
    'of another recipient': isReceipt('t1', signed(by('other'), { recipientId: 'other' })),
    'of another transfer': isReceipt('t1', signed(by('lab'), { transferId: 't2' })),
    'of another parcel': isReceipt('t1', signed(by('lab'), { manifestSha256: createHash('sha256').digest() })),
    'none': isReceipt('t1', undefined),
    'noise': isReceipt('t1', 'bm9pc2U='),
    'a transfer that is not known': isReceipt('unknown', signed(by('lab'), { transferId: 'unknown' })),
    'a transfer whose manifest is not known': isReceipt('not-kept', signed(by('lab'), { transferId: 'not-kept' })),
  };
  for (const [what, isTaken] of Object.entries(forged)) expect(isTaken, what).toBe(false);
  rmSync(join(directory, 'before'));
  expect(isReceipt('t1', signed(by('lab')))).toBe(false);
});
