import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EvidenceLeaf, verifyEvidence } from '../../../../cloud/audit/verify-evidence.ts';
import { sealReceipt } from '../../../../cloud/exporter/envelope.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { sealPermit } from '../../../../cloud/transfer/seal-permit.ts';
import { encodeReceipt } from '../../../../proto/codec/transfer-codec.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const ON = '2026-12-02';
const MANIFEST = new Uint8Array(32).fill(7);
const permitKeys = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')] as const;
const recipientKeys = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
] as const;

const leafOf = (index: number, kind: string, document: object): EvidenceLeaf => ({
  index,
  hash: new Uint8Array(32).fill(index),
  leaf: { recordedAtMs: 0, kind, transferId: 't-1', actor: 'a', document: Buffer.from(JSON.stringify(document)) },
});

/** A transfer that was permitted and delivered under the keys of then. */
function evidence(
  permitKey: KeyObject,
  recipientKey: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
) {
  const verdict = decide(transferFacts({ on: ON }), SHIPPED_RULES);
  expect(verdict.decision).toBe('permit');
  const manifestSha256 = Buffer.from(MANIFEST).toString('hex');
  const permit = sealPermit(
    {
      ...{ transferId: 't-1', manifestSha256: MANIFEST, recipientId: 'r-1', endpoint: 'https://r.example' },
      ...{ recipientCertificateSha256: new Uint8Array(32), purpose: 'p', datasetId: 'd', persons: 1, sealedTo: 'none' },
      ...{ notBeforeMs: 0, expiresAtMs: 1, verdictLeafIndex: 1, verdictLeafHash: new Uint8Array(32).fill(1) },
    },
    permitKey,
  );
  const body = { transferId: 't-1', manifestSha256: MANIFEST, recipientId: 'r-1', receivedAtMs: 1, bytesReceived: 1 };
  const receipt = sealReceipt(encodeReceipt(body), recipientKey.privateKey, recipientKey.publicKey);
  return {
    operations: [
      leafOf(1, 'verdict', { facts: { ...factsInput(), on: ON }, verdict, manifestSha256 }),
      leafOf(2, 'permit', { envelope: Buffer.from(permit).toString('base64'), issue: 'on-verdict' }),
    ],
    traffic: [leafOf(0, 'intent', {}), leafOf(1, 'delivered', { receipt: Buffer.from(receipt).toString('base64') })],
  };
}

const [now, before] = permitKeys;
const [recipientNow, recipientBefore] = recipientKeys;

test.each([
  ['the keys of now', [now], [recipientNow], ['permit-unsigned', 'sent-without-permit', 'sent-without-permit']],
  ['the permit key of before beside it', [now, before], [recipientNow], ['receipt-invalid']],
  ['both keys of before beside them', [now, before], [recipientNow, recipientBefore], []],
] as const)('an old transfer, by %s', (_, permits, recipients, expected) => {
  const { operations, traffic } = evidence(before.privateKey, recipientBefore);
  const keys = {
    permitKeys: permits.map(({ publicKey }) => publicKey),
    recipientKeys: new Map([['r-1', recipients.map(({ publicKey }) => publicKey)]]),
  };
  const { findings } = verifyEvidence(operations, traffic, keys, [SHIPPED_RULES]);
  expect(findings.map(({ finding }) => finding)).toEqual(expected);
});
