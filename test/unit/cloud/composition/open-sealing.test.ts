import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSealing } from '../../../../cloud/composition/open-sealing.ts';
import type { CloudConfig } from '../../../../cloud/config/config.ts';
import { kidOf } from '../../../../cloud/sealing/wrapped-key.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { opensslKey } from '../../../support/cloud/sealing.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const [P256, OTHER, SM2] = [opensslKey('prime256v1'), opensslKey('prime256v1'), opensslKey('SM2')];
const spkiOf = ({ publicPem }: { readonly publicPem: string }) =>
  createPublicKey(publicPem).export({ type: 'spki', format: 'der' });
const derOf = ({ publicPem }: { readonly publicPem: string }) =>
  Buffer.from(publicPem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
const jwkOf = ({ publicPem }: { readonly publicPem: string }) => {
  const { kty, crv, x, y } = createPublicKey(publicPem).export({ format: 'jwk' });
  return { profile: 'jwe-aes256gcm', jwk: { kty, crv, x, y } };
};
const SM2_ENTRY = { profile: 'sm2-sm4', point: derOf(SM2).subarray(-65).toString('hex') };
const PLAIN = { profile: 'none' };

const AUTHORITIES = ['alice', 'bob'].map((account) => ({
  ...{ account, person: `p-${account}`, may: ['approve'], since: '2026-01-01' },
}));

type Sealing = CloudConfig['recipients'][number]['sealing'];
const JWE: Sealing = { kind: 'jwe-aes256gcm', inspectionKeyFile: 'own.pub' };
const SM: Sealing = { kind: 'sm2-sm4', inspectionKeyFile: 'own.pub', signingKeyFile: 'own.key' };

function world(sealing: Sealing | undefined, encryption: object | undefined) {
  const directory = scratchDirectory();
  const files = { 'p256.pub': P256.publicPem, 'sm2.pub': SM2.publicPem, 'other.pub': OTHER.publicPem };
  for (const [name, text] of Object.entries({ ...files, 'own.pub': 'inspection', 'own.key': 'signing' }))
    writeFileSync(join(directory, name), text);
  const shelf = scratchRegisters();
  expect(shelf.add('processor', { authorities: AUTHORITIES })).toBe('fine');
  if (encryption !== undefined) expect(shelf.add('recipient', { encryption })).toBe('fine');
  const recipients = [{ id: 'battery-lab', ...(sealing && { sealing }) }] as unknown as CloudConfig['recipients'];
  const border = { permitKeyFile: 'own.key' } as CloudConfig['border'];
  const sealings = openSealing({ recipients, border }, (name) => join(directory, name), shelf.registers);
  return { ...shelf, ...sealings, now: () => sealings.sealedTo('battery-lab') };
}

const [KID, SM2_KID] = [kidOf(spkiOf(P256)), kidOf(derOf(SM2))];
// biome-ignore format: one case a line
const CASES: readonly (readonly [string, Sealing | undefined, object | undefined, string])[] = [
  ['the register has a key of the configured profile', JWE, jwkOf(P256), KID],
  ['and the configuration names the same key', { ...JWE, keyFile: 'p256.pub' } as Sealing, jwkOf(P256), KID],
  ['the same with SM2', { ...SM, keyFile: 'sm2.pub' } as Sealing, SM2_ENTRY, SM2_KID],
  ['both say that parcels go in plain', undefined, PLAIN, 'none'],
  ['no register holds the recipient and nothing is configured', undefined, undefined, 'none'],
  ['the configuration names another key', { ...JWE, keyFile: 'other.pub' } as Sealing, jwkOf(P256), 'unknown'],
  ['the configuration names what is no such key', { ...SM, keyFile: 'p256.pub' } as Sealing, SM2_ENTRY, 'unknown'],
  ['the register has a key of another profile', JWE, SM2_ENTRY, 'unknown'],
  ['only the register wants a seal', undefined, jwkOf(P256), 'unknown'],
  ['only the configuration wants a seal', JWE, PLAIN, 'unknown'],
  ['the configuration wants a seal and nobody is registered', JWE, undefined, 'unknown'],
];

test.each(CASES)('%s', (_, sealing, encryption, wanted) => {
  const { now, orderFor } = world(sealing, encryption);
  expect(now()).toBe(wanted);
  const order = orderFor('battery-lab');
  const key = { 'jwe-aes256gcm': P256, 'sm2-sm4': SM2 }[sealing?.kind ?? 'jwe-aes256gcm'];
  expect(order?.recipientKey).toBe(/^(none|unknown)$/.test(wanted) ? undefined : key.publicPem);
});

test('a change of the key counts once a second person confirmed it, and is unknown until then', () => {
  const { now, orderFor, replace, confirm, withdraw } = world(JWE, jwkOf(P256));
  expect(replace('recipient', { encryption: jwkOf(OTHER) })).toBe('fine');
  expect(now()).toBe('unknown');
  expect(orderFor('battery-lab')).toBeUndefined();
  expect(confirm('recipient', 'battery-lab', 'alice')).toBe('REGISTER_SAME_PERSON');
  expect(confirm('recipient', 'battery-lab', 'bob')).toBe('fine');
  expect(now()).toBe(kidOf(spkiOf(OTHER)));
  expect(orderFor('battery-lab')?.recipientKey).toBe(OTHER.publicPem);
  withdraw('recipient', 'battery-lab');
  expect(now()).toBe('unknown');
});

test('an entry that is older than the field leaves it unknown, whatever is configured', () => {
  for (const sealing of [undefined, JWE]) {
    const { now, store } = world(sealing, PLAIN);
    const entry = store.find('recipient', 'battery-lab');
    if (entry === undefined) throw new Error('an entry');
    const { encryption: _, ...body } = entry.body;
    store.apply({ ...entry, body }, 99);
    expect(now()).toBe('unknown');
  }
});

const point = SM2_ENTRY.point;
const { jwk } = jwkOf(P256);
test.each([
  ['a point that is not on the curve', { profile: 'jwe-aes256gcm', jwk: { ...jwk, y: jwk.x } }],
  ['another curve', { profile: 'jwe-aes256gcm', jwk: { ...jwk, crv: 'P-384' } }],
  ['a private key', { profile: 'jwe-aes256gcm', jwk: { ...jwk, d: jwk.x } }],
  [
    'an SM2 point that is not on the curve',
    { profile: 'sm2-sm4', point: `${point.slice(0, -1)}${point.endsWith('0') ? 1 : 0}` },
  ],
  ['a compressed SM2 point', { profile: 'sm2-sm4', point: `02${point.slice(2, 66)}` }],
  ['a JWK of SM2', { profile: 'sm2-sm4', jwk }],
  ['nothing', undefined],
])('the register takes no %s for a key', (_, encryption) => {
  expect(scratchRegisters().add('recipient', { encryption })).toContain('REGISTER_SHAPE');
});
