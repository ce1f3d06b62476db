import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { checkWindow, openPermit, type PermitCheck } from '../../../../cloud/exporter/open-permit.ts';
import type { Permit } from '../../../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { sealPermit, sha256Hex } from '../../../integration-exporter/support/border.ts';

const permitKey = generateKeyPairSync('ed25519').privateKey;
const NOW = 1_777_600_000_000 as Instant;
const certificateSha256 = 'cd'.repeat(32);
const endpoint = 'https://recipient.example:8443/in';

const PERMIT: Permit = {
  transferId: 't-1',
  manifestSha256: new Uint8Array(32).fill(1),
  recipientId: 'acme-de',
  recipientCertificateSha256: Buffer.from(certificateSha256, 'hex'),
  endpoint,
  purpose: 'battery warranty analysis',
  datasetId: 'battery-statistics',
  persons: 12,
  notBeforeMs: NOW,
  expiresAtMs: NOW + 1_000,
  verdictLeafIndex: 7,
  verdictLeafHash: new Uint8Array(32).fill(2),
  sealedTo: 'none',
};

const CHECK: PermitCheck = {
  id: 't-1' as TransferId,
  now: NOW,
  publicKey: createPublicKey(permitKey),
  recipients: new Map([
    [
      'acme-de',
      {
        id: 'acme-de',
        endpoint,
        certificateSha256,
        sealedTo: 'none',
        delivery: 'push' as const,
        authority: Buffer.alloc(0),
      },
    ],
  ]),
};

const seal = (change: Partial<Permit> = {}) => sealPermit({ ...PERMIT, ...change }, {}, { permitKey });
const at = (now: number): PermitCheck => ({ ...CHECK, now: now as Instant });

test('a sound permit opens, with the recipient it is for and the hash by which it is known again', () => {
  const bytes = seal();
  expect(openPermit(bytes, CHECK)).toMatchObject({
    ok: true,
    value: { permit: { transferId: 't-1', persons: 12 }, permitSha256: sha256Hex(bytes), recipient: { id: 'acme-de' } },
  });
});

test.each([
  [NOW - 1, 'PERMIT_NOT_YET_VALID'],
  [NOW, undefined],
  [NOW + 999, undefined],
  [NOW + 1_000, 'PERMIT_EXPIRED'],
])('at %i ms it is %s', (now, code) => {
  const opened = openPermit(seal(), at(now));
  expect(opened.ok ? undefined : opened.fault.code).toBe(code);
  expect(checkWindow(PERMIT, now as Instant)?.code).toBe(code);
});

test('a recipient of the list with one character changed is another one', () => {
  const changed = (change: object) => ({ ...CHECK, recipients: new Map([['acme-de', { ...recipient(), ...change }]]) });
  const codeOf = (check: PermitCheck) => {
    const opened = openPermit(seal(), check);
    return opened.ok ? undefined : opened.fault.code;
  };
  expect(codeOf(changed({}))).toBeUndefined();
  expect(codeOf(changed({ certificateSha256: certificateSha256.replace('c', 'd') }))).toBe('RECIPIENT_CERTIFICATE');
  expect(codeOf(changed({ endpoint: `${endpoint}/` }))).toBe('RECIPIENT_ENDPOINT');
  expect(codeOf({ ...CHECK, recipients: new Map() })).toBe('RECIPIENT_UNKNOWN');
});

const [KEY, OTHER] = ['ab'.repeat(32), 'ac'.repeat(32)];
// biome-ignore format: one case a line
test.each([
  ['none', 'none', undefined],
  [KEY, KEY, undefined],
  [undefined, KEY, undefined],
  [undefined, 'none', 'RECIPIENT_SEAL'],
  ['none', KEY, 'RECIPIENT_SEAL'],
  [KEY, 'none', 'RECIPIENT_SEAL'],
  [KEY, OTHER, 'RECIPIENT_SEAL'],
  ['none', '', 'PERMIT_MALFORMED'],
  [undefined, '', 'PERMIT_MALFORMED'],
  [undefined, 'AB'.repeat(32), 'PERMIT_MALFORMED'],
  [undefined, 'ab', 'PERMIT_MALFORMED'],
])('exporter.yaml says %s and the permit is sealed to `%s`: %s', (sealedTo, named, code) => {
  const check = { ...CHECK, recipients: new Map([['acme-de', { ...recipient(), sealedTo }]]) };
  const opened = openPermit(seal({ sealedTo: named }), check);
  expect(opened.ok ? undefined : opened.fault.code).toBe(code);
});

const recipient = () => CHECK.recipients.get('acme-de') ?? expect.fail('a recipient');

test('no bit of a permit can be changed', () => {
  const sound = seal();
  fc.assert(
    fc.property(fc.nat({ max: sound.length * 8 - 1 }), (bit) => {
      const changed = Buffer.from(sound);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openPermit(changed, CHECK).ok).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('no permit opens under another key, for another transfer, or cut short', () => {
  const sound = seal();
  const other = createPublicKey(generateKeyPairSync('ed25519').privateKey);
  expect(openPermit(sound, { ...CHECK, publicKey: other })).toMatchObject({
    ok: false,
    fault: { code: 'PERMIT_KEY_UNKNOWN' },
  });
  expect(openPermit(sound, { ...CHECK, id: 't-2' as TransferId })).toMatchObject({
    fault: { code: 'PERMIT_TRANSFER' },
  });
  for (let length = 0; length < sound.length; length += 1) {
    expect(openPermit(sound.subarray(0, length), CHECK).ok).toBe(false);
  }
});
