import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPermit } from '../../../../console/models/read-permit.ts';
import { encodePermit, encodeSignedEnvelope, type Permit } from '../../../../proto/codec/transfer-codec.ts';

const PERMIT: Permit = {
  transferId: 't20261123-4c259a9f310a7dd7',
  manifestSha256: Buffer.alloc(32, 1),
  recipientId: 'example-battery-lab',
  recipientCertificateSha256: Buffer.alloc(32, 2),
  endpoint: 'https://recipient.example:8443/parcels',
  purpose: 'battery-warranty-analysis',
  datasetId: 'battery-statistics',
  persons: 4_294_967_295,
  notBeforeMs: 1_795_000_000_000,
  expiresAtMs: 1_795_086_400_000,
  verdictLeafIndex: 9_007_199_254_740_991,
  verdictLeafHash: Buffer.alloc(32, 3),
  sealedTo: 'ab'.repeat(32),
};

const sealed = (permit: Permit): Buffer =>
  Buffer.from(
    encodeSignedEnvelope({
      ...{ kind: 'permit', body: encodePermit(permit) },
      ...{ keyId: Buffer.alloc(32, 4), signature: Buffer.alloc(64, 5) },
    }),
  );

test('what was signed is read as it was written', () => {
  expect(readPermit(sealed(PERMIT).toString('base64'))).toEqual({
    ...{ transferId: PERMIT.transferId, recipientId: PERMIT.recipientId, endpoint: PERMIT.endpoint },
    ...{ purpose: PERMIT.purpose, datasetId: PERMIT.datasetId, persons: PERMIT.persons, sealedTo: PERMIT.sealedTo },
    ...{ notBefore: PERMIT.notBeforeMs, expiresAt: PERMIT.expiresAtMs, verdictLeafIndex: PERMIT.verdictLeafIndex },
    ...{ manifestSha256: '01'.repeat(32), recipientCertificateSha256: '02'.repeat(32), keyId: '04'.repeat(32) },
  });
});

test('a figure of nothing, which the wire leaves out, is nothing', () => {
  expect(readPermit(sealed({ ...PERMIT, persons: 0 }).toString('base64'))?.persons).toBe(0);
});

test('what is cut off anywhere is no permit', () => {
  const whole = sealed(PERMIT);
  // The signature is last, and is not read here: the page shows what the permit says, the exporter checks it.
  const read = whole.length - 66;
  for (let end = 1; end < read; end += 1) {
    const said = readPermit(whole.subarray(0, end).toString('base64'));
    expect(said === undefined || said.keyId === '', `cut at ${end}`).toBe(true);
  }
});

test('anything else is no permit, and throws nothing', () => {
  for (const one of [undefined, 7, '', '?', {}]) expect(() => readPermit(one)).not.toThrow();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readPermit(Buffer.from(bytes).toString('base64'));
    }),
    { numRuns: 2_000 },
  );
});
