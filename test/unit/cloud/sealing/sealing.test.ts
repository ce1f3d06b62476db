import { execFileSync } from 'node:child_process';
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { SEAL_PROFILES, SEGMENT_BYTES, type SealProfile } from '../../../../cloud/sealing/profile.ts';
import { sealParcel } from '../../../../cloud/sealing/seal-parcel.ts';
import { unsealParcel } from '../../../../cloud/sealing/unseal-parcel.ts';
import {
  opensslKey,
  type SealKeys,
  type StagedAndSealed,
  sealKeys,
  stageSealed,
} from '../../../support/cloud/sealing.ts';

const manifestOf = (...names: readonly string[]) =>
  Buffer.from(JSON.stringify({ files: names.map((name) => ({ name })) }));
const LONG = Buffer.alloc(2 * SEGMENT_BYTES + 17, 'rows of a table ');
const FILES = {
  'data.parquet': LONG,
  'empty.ndjson': Buffer.alloc(0),
  'manifest.json': manifestOf('data.parquet', 'empty.ndjson'),
};
const KEYS: Readonly<Record<SealProfile, SealKeys>> = {
  'jwe-aes256gcm': sealKeys('jwe-aes256gcm'),
  'sm2-sm4': sealKeys('sm2-sm4'),
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tongguan-sealing-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const stage = (profile: SealProfile, files: Readonly<Record<string, Uint8Array>> = FILES) =>
  stageSealed(root, { profile, keys: KEYS[profile], transferId: 't-1', files });

function unseal(sealed: StagedAndSealed, key: string, senderKey = sealed.senderKey) {
  return unsealParcel({ parcel: sealed.directory, out: join(root, 'out'), senderKey, key });
}

test.each(SEAL_PROFILES)(
  '%s: recipient and inspector get back what was sealed, and nothing readable was left',
  async (profile) => {
    const sealed = await stage(profile);
    const names = ['data.parquet.sealed', 'empty.ndjson.sealed', 'envelope.json', 'envelope.sig', 'manifest.json'];
    const sm2 = profile === 'sm2-sm4' ? ['envelope.sm2sig'] : [];
    expect(readdirSync(sealed.directory).sort()).toEqual([...names, ...sm2, 'manifest.json.sealed'].sort());
    for (const name of readdirSync(sealed.directory)) {
      expect(readFileSync(join(sealed.directory, name)).includes('rows of a table'), name).toBe(false);
    }
    expect(
      createHash('sha256')
        .update(readFileSync(join(sealed.directory, 'manifest.json')))
        .digest(),
    ).toEqual(sealed.manifestSha256);
    for (const key of [KEYS[profile].recipient, KEYS[profile].inspection]) {
      expect(await unseal(sealed, key.privatePem)).toMatchObject({ ok: true });
      for (const [name, bytes] of Object.entries(FILES))
        expect(bytes.equals(readFileSync(join(root, 'out', name))), name).toBe(true);
      rmSync(join(root, 'out'), { recursive: true });
    }
  },
);

test.each(SEAL_PROFILES)('%s: openssl verifies what the cloud signed, and no other bytes', async (profile) => {
  const sealed = await stage(profile);
  const at = (name: string) => join(sealed.directory, name);
  writeFileSync(join(root, 'sender.pub'), sealed.senderKey.export({ type: 'spki', format: 'pem' }));
  const ed25519 = ['pkeyutl', '-verify', '-pubin', '-inkey', join(root, 'sender.pub'), '-rawin'];
  const verify = (args: readonly string[], signature: string) =>
    execFileSync('openssl', [...args, '-in', at('envelope.json'), '-sigfile', at(signature)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  expect(verify(ed25519, 'envelope.sig')).toMatch('Verified Successfully');
  const { sm2Signing } = KEYS[profile];
  writeFileSync(join(root, 'sm2.pub'), sm2Signing?.publicPem ?? '');
  const sm2 = [
    'pkeyutl',
    '-verify',
    '-pubin',
    '-inkey',
    join(root, 'sm2.pub'),
    '-rawin',
    '-digest',
    'sm3',
    '-pkeyopt',
    'distid:1234567812345678',
  ];
  if (sm2Signing !== undefined) expect(verify(sm2, 'envelope.sm2sig')).toMatch('Verified Successfully');
  writeFileSync(at('envelope.json'), `${readFileSync(at('envelope.json'), 'utf8')} `);
  expect(() => verify(ed25519, 'envelope.sig')).toThrow();
  if (sm2Signing !== undefined) expect(() => verify(sm2, 'envelope.sm2sig')).toThrow();
});

interface SmEnvelope {
  readonly key: { readonly sm2: readonly { readonly kid: string; readonly ciphertext: string }[] };
}

test('sm2-sm4: openssl alone opens a file of the parcel', async () => {
  const sealed = await stage('sm2-sm4', { 'a.txt': Buffer.from('one segment'), 'manifest.json': manifestOf('a.txt') });
  const envelope = JSON.parse(readFileSync(join(sealed.directory, 'envelope.json'), 'utf8')) as SmEnvelope;
  writeFileSync(join(root, 'key.pem'), KEYS['sm2-sm4'].recipient.privatePem);
  const run = (args: readonly string[], input: Uint8Array | string = '') =>
    execFileSync('openssl', [...args], { input, stdio: 'pipe' });
  const wrapped = Buffer.from(envelope.key.sm2[0]?.ciphertext ?? '', 'base64');
  const contentKey = run(['pkeyutl', '-decrypt', '-inkey', join(root, 'key.pem')], wrapped);
  const info = 'info:tongguan sealed 1 sm2-sm4 t-1 a.txt';
  const kdf = [
    'kdf',
    '-keylen',
    '48',
    '-binary',
    '-kdfopt',
    'digest:SM3',
    '-kdfopt',
    `hexkey:${contentKey.toString('hex')}`,
  ];
  const fileKey = run([...kdf, '-kdfopt', info, 'HKDF']);
  const segment = readFileSync(join(sealed.directory, 'a.txt.sealed'));
  const [text, mac] = [segment.subarray(0, -32), segment.subarray(-32)];
  const nonce = Buffer.from('000000000000000000000001', 'hex');
  const macKey = `hexkey:${fileKey.toString('hex', 16)}`;
  const computed = run(['dgst', '-sm3', '-mac', 'hmac', '-macopt', macKey, '-binary'], Buffer.concat([nonce, text]));
  expect(computed).toEqual(mac);
  const iv = `${nonce.toString('hex')}00000000`;
  expect(String(run(['enc', '-d', '-sm4-ctr', '-K', fileKey.toString('hex', 0, 16), '-iv', iv], text))).toBe(
    'one segment',
  );
});

test('jwe-aes256gcm: the published standards alone open a file of the parcel', async () => {
  const sealed = await stage('jwe-aes256gcm', {
    'a.txt': Buffer.from('one segment'),
    'manifest.json': manifestOf('a.txt'),
  });
  const { key } = JSON.parse(readFileSync(join(sealed.directory, 'envelope.json'), 'utf8'));
  const unbase = (text: string) => Buffer.from(text, 'base64url');
  const [own] = key.jwe.recipients;
  expect(own.header.alg).toBe('ECDH-ES+A256KW');
  // RFC 7518, 4.6.2: one round of the Concat KDF gives the key that unwraps the content encryption key.
  const secret = diffieHellman({
    privateKey: createPrivateKey(KEYS['jwe-aes256gcm'].recipient.privatePem),
    publicKey: createPublicKey({ key: own.header.epk, format: 'jwk' }),
  });
  const number = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
  const about = [number(14), Buffer.from('ECDH-ES+A256KW'), number(0), number(0), number(256)];
  const wrapping = createHash('sha256')
    .update(Buffer.concat([number(1), secret, ...about]))
    .digest();
  const unwrap = createDecipheriv('id-aes256-wrap', wrapping, Buffer.alloc(8, 0xa6));
  const cek = Buffer.concat([unwrap.update(unbase(own.encrypted_key)), unwrap.final()]);
  const open = createDecipheriv('aes-256-gcm', cek, unbase(key.jwe.iv))
    .setAAD(Buffer.from(key.jwe.protected))
    .setAuthTag(unbase(key.jwe.tag));
  const contentKey = Buffer.concat([open.update(unbase(key.jwe.ciphertext)), open.final()]);
  const fileKey = hkdfSync('sha256', contentKey, '', 'tongguan sealed 1 jwe-aes256gcm t-1 a.txt', 32);
  const segment = readFileSync(join(sealed.directory, 'a.txt.sealed'));
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(fileKey),
    Buffer.from('000000000000000000000001', 'hex'),
  );
  decipher.setAuthTag(segment.subarray(-16));
  expect(String(Buffer.concat([decipher.update(segment.subarray(0, -16)), decipher.final()]))).toBe('one segment');
});

type Change = (bytes: Buffer, segment: number) => Buffer;
const swapped: Change = (bytes, segment) =>
  Buffer.concat([bytes.subarray(segment, 2 * segment), bytes.subarray(0, segment), bytes.subarray(2 * segment)]);
const FORGERIES: readonly (readonly [string, Change])[] = [
  ['one bit turned', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 70_000 ? byte ^ 1 : byte)))],
  ['its last segment cut off', (bytes, segment) => bytes.subarray(0, 2 * segment)],
  ['two segments exchanged', swapped],
  ['a segment twice', (bytes, segment) => Buffer.concat([bytes.subarray(0, segment), bytes])],
];

test.each(SEAL_PROFILES.flatMap((profile) => FORGERIES.map(([what, change]) => ({ profile, what, change }))))(
  '$profile: a file with $what is not opened, and nothing of the parcel appears',
  async ({ profile, change }) => {
    const sealed = await stage(profile);
    const path = join(sealed.directory, 'data.parquet.sealed');
    writeFileSync(path, change(readFileSync(path), SEGMENT_BYTES + (profile === 'sm2-sm4' ? 32 : 16)));
    expect(await unseal(sealed, KEYS[profile].recipient.privatePem)).toMatchObject({
      fault: { code: 'SEGMENT_FORGED' },
    });
    expect(readdirSync(root).sort()).toEqual(['staging']);
  },
);

test.each(SEAL_PROFILES)('%s: a file of one name is not opened under another', async (profile) => {
  const files = {
    'a.bin': Buffer.from('aa'),
    'b.bin': Buffer.from('bb'),
    'manifest.json': manifestOf('a.bin', 'b.bin'),
  };
  const sealed = await stage(profile, files);
  writeFileSync(join(sealed.directory, 'a.bin.sealed'), readFileSync(join(sealed.directory, 'b.bin.sealed')));
  expect(await unseal(sealed, KEYS[profile].recipient.privatePem)).toMatchObject({ fault: { code: 'SEGMENT_FORGED' } });
});

test.each(SEAL_PROFILES)('%s: neither another key nor another sender opens it', async (profile) => {
  const sealed = await stage(profile);
  const stranger = opensslKey(profile === 'sm2-sm4' ? 'SM2' : 'prime256v1');
  expect(await unseal(sealed, stranger.privatePem)).toMatchObject({ fault: { code: 'ENVELOPE_NOT_FOR_KEY' } });
  const other = generateKeyPairSync('ed25519').publicKey;
  const { recipient } = KEYS[profile];
  expect(await unseal(sealed, recipient.privatePem, other)).toMatchObject({ fault: { code: 'ENVELOPE_SIGNATURE' } });
  expect(existsSync(join(root, 'out'))).toBe(false);
});

test.each(SEAL_PROFILES)('%s: a key of the wrong kind seals nothing', async (profile) => {
  const { order } = await stage(profile);
  const other = opensslKey(profile === 'sm2-sm4' ? 'prime256v1' : 'SM2').publicPem;
  for (const wrong of [{ recipientKey: other }, { inspectionKey: other }, { recipientKey: 'none' }]) {
    const sealed = await sealParcel({ ...order, ...wrong }, Buffer.alloc(32), borderDirectory(root));
    expect(sealed).toMatchObject({ fault: { code: 'SEAL_KEY_UNSUITABLE' } });
  }
});
