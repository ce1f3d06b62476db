import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SEAL_PROFILES, type SealProfile } from '../../cloud/sealing/profile.ts';
import { unsealParcel } from '../../cloud/sealing/unseal-parcel.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { opensslKey, type PemPair, type SealKeys, sealKeys, stageSealed } from '../support/cloud/sealing.ts';
import {
  type Border,
  createBorder,
  permitFor,
  putParcel,
  RECIPIENT_ID,
  sealPermit,
  sha256Hex,
} from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { returned, startExporter, startReceiver } from './support/running.ts';

const DATA = Buffer.from('{"row":1}\n'.repeat(10_000));
const KEYS: Readonly<Record<SealProfile, SealKeys>> = {
  'jwe-aes256gcm': sealKeys('jwe-aes256gcm'),
  'sm2-sm4': sealKeys('sm2-sm4'),
};

let border: Border;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let endpoint: string;
beforeAll(async () => {
  border = await createBorder();
  receiver = await startReceiver(writeReceiverConfig(border));
  endpoint = `https://127.0.0.1:${receiver.port}`;
});
afterAll(async () => {
  await receiver.stop();
  border.remove();
});

const keyIdOf = ({ publicPem }: PemPair): string =>
  sha256Hex(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }));

function exporterFor(key: PemPair) {
  const authorityFile = 'keys/authority.crt';
  const recipient = { id: RECIPIENT_ID, endpoint, certificateSha256: border.recipient.sha256, authorityFile };
  return startExporter(
    writeExporterConfig(border, endpoint, { recipients: [{ ...recipient, sealedTo: keyIdOf(key) }] }),
  );
}

interface SealedSpec {
  readonly id: string;
  readonly profile?: SealProfile;
  readonly transferId?: string;
  readonly signingKey?: KeyObject;
  readonly tamper?: (directory: string) => void;
  /** What the permit says; the key it was sealed to when left out. */
  readonly sealedTo?: string;
}

/** Puts a sealed parcel into the outbox, with a permit for exactly what lies in it. */
async function putSealed({ id, profile = 'jwe-aes256gcm', ...spec }: SealedSpec): Promise<void> {
  const { transferId = id, signingKey = border.permitKey, tamper, sealedTo = keyIdOf(KEYS[profile].recipient) } = spec;
  const manifest = Buffer.from(JSON.stringify({ files: [{ name: 'data.ndjson' }] }));
  const files = { 'data.ndjson': DATA, 'manifest.json': manifest };
  const root = join(border.root, 'border');
  const { directory } = await stageSealed(root, { profile, keys: KEYS[profile], transferId, files, signingKey });
  tamper?.(directory);
  const listed = readFileSync(join(directory, 'manifest.json'));
  const permit = permitFor(border, { id, endpoint, permit: { sealedTo } }, listed);
  writeFileSync(join(directory, 'permit.bin'), sealPermit(permit, {}, border));
  renameSync(directory, join(border.outbox, id));
}

test.each(SEAL_PROFILES)(
  '%s: a sealed parcel is delivered, and the recipient opens what was received',
  async (profile) => {
    const exporter = exporterFor(KEYS[profile].recipient);
    const id = `t-${profile}`;
    await putSealed({ id, profile });
    expect(await returned(border, id)).toMatchObject({ outcome: 'delivered' });
    expect(await exporter.stop()).toBe(0);
    const parcel = join(border.root, 'receiver/received', id);
    expect(readdirSync(parcel)).toContain('data.ndjson.sealed');
    const out = join(border.root, `opened-${profile}`);
    const senderKey = createPublicKey(border.permitKey);
    const opened = await unsealParcel({ parcel, out, senderKey, key: KEYS[profile].recipient.privatePem });
    expect(opened).toMatchObject({ ok: true });
    expect(DATA.equals(readFileSync(join(out, 'data.ndjson')))).toBe(true);
  },
);

/** Makes the outer manifest agree with what lies in the directory, as one who can write there would. */
function relist(directory: string, change: (directory: string) => void): void {
  const path = join(directory, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  change(directory);
  const files = readdirSync(directory)
    .filter((name) => name !== 'manifest.json')
    .map((name) => {
      const bytes = readFileSync(join(directory, name));
      return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
  writeFileSync(path, canonicalJson({ ...manifest, files }));
}

const plaintext = (directory: string) => relist(directory, () => writeFileSync(join(directory, 'more.csv'), 'plain'));
const swapped = (directory: string) =>
  relist(directory, () => writeFileSync(join(directory, 'data.ndjson.sealed'), 'plain'));
const unsigned = (directory: string) =>
  relist(directory, () => writeFileSync(join(directory, 'envelope.sig'), Buffer.alloc(64)));
const noEnvelope = (directory: string) =>
  relist(directory, () => renameSync(join(directory, 'envelope.json'), join(directory, 'x.json')));

const REFUSALS = [
  { what: 'a file in plain beside the sealed ones', code: 'PARCEL_NOT_SEALED', spec: { tamper: plaintext } },
  { what: 'a file in plain in the place of a sealed one', code: 'PARCEL_NOT_SEALED', spec: { tamper: swapped } },
  { what: 'no envelope', code: 'PARCEL_NOT_SEALED', spec: { tamper: noEnvelope } },
  { what: 'a signature that is none', code: 'PARCEL_SEAL_SIGNATURE', spec: { tamper: unsigned } },
  {
    what: 'the signature of another key',
    code: 'PARCEL_SEAL_SIGNATURE',
    spec: { signingKey: generateKeyPairSync('ed25519').privateKey },
  },
];

test.each(REFUSALS)('a parcel with $what is refused, whatever the permit says', async ({ code, spec }) => {
  const exporter = exporterFor(KEYS['jwe-aes256gcm'].recipient);
  const id = `t-${createHash('sha256')
    .update(JSON.stringify(code) + spec.tamper)
    .digest('hex')
    .slice(0, 12)}`;
  await putSealed({ id, ...spec });
  expect(await returned(border, id)).toMatchObject({ outcome: 'refused', attempts: 0, fault: { code } });
  await exporter.stop();
});

test('a parcel that is not sealed, or sealed to another key, is refused', async () => {
  const key = opensslKey('prime256v1');
  const sealedTo = keyIdOf(key);
  const exporter = exporterFor(key);
  putParcel(border, { id: 't-plain', endpoint, permit: { sealedTo } });
  expect(await returned(border, 't-plain')).toMatchObject({ attempts: 0, fault: { code: 'PARCEL_NOT_SEALED' } });
  await putSealed({ id: 't-other', sealedTo });
  expect(await returned(border, 't-other')).toMatchObject({ attempts: 0, fault: { code: 'PARCEL_SEALED_OTHERWISE' } });
  await putSealed({ id: 't-disagree' });
  expect(await returned(border, 't-disagree')).toMatchObject({ attempts: 0, fault: { code: 'RECIPIENT_SEAL' } });
  await exporter.stop();
});
