import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveTransfer } from '../../cloud/approvals/approve.ts';
import { runBuild } from '../../cloud/building/build-job.ts';
import type { BuildParts } from '../../cloud/building/open-build.ts';
import { unsealCommand } from '../../cloud/cli/unseal.command.ts';
import { openSealing } from '../../cloud/composition/open-sealing.ts';
import type { CloudConfig } from '../../cloud/config/config.ts';
import type { StagedSource } from '../../cloud/ports/border.ts';
import { SEAL_PROFILES, type SealProfile } from '../../cloud/sealing/profile.ts';
import { requestTransfer } from '../../cloud/transfer/export-gate.ts';
import { settleReturns } from '../../cloud/transfer/settle-transfers.ts';
import { decodeSignedEnvelope, signedBytes } from '../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { MATRIX } from '../support/cloud/approval-gate.ts';
import { definedDataset, recipient as lab, NOW, scratchGate } from '../support/cloud/gate.ts';
import { scratchRegisters } from '../support/cloud/registers/scratch.ts';
import { type SealKeys, sealKeys } from '../support/cloud/sealing.ts';
import { STATISTICS } from '../support/datasets/parcels.ts';
import { type Border, createBorder } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { returned, startExporter, startReceiver } from './support/running.ts';

// All the way: asked for, decided, approved by two, sealed to the key of the register, sent, acknowledged, opened by the recipient.

/** What an OpenSSL of this machine can verify. */
const HAS_SM2 = spawnSync('openssl', ['list', '-public-key-algorithms'], { encoding: 'utf8' }).stdout.includes('SM2');

const AUTHORITIES = MATRIX.map((row) => ({ ...row, may: [...row.may] }));
const began = Date.now();
/** The day of the rules that the gate decides by, running as fast as any other. */
const clock = { now: () => (NOW + Date.now() - began) as Instant };

let border: Border;
beforeAll(async () => {
  border = await createBorder();
});
afterAll(() => border.remove());

function encryptionOf(profile: SealProfile, { recipient }: SealKeys): object {
  const der = Buffer.from(recipient.publicPem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  if (profile === 'sm2-sm4') return { profile, point: der.subarray(-65).toString('hex') };
  const { kty, crv, x, y } = createPublicKey(recipient.publicPem).export({ format: 'jwk' });
  return { profile, jwk: { kty, crv, x, y } };
}

/** Registers and configuration of a cloud whose one recipient has these keys. */
function sealingsWith(profile: SealProfile, keys: SealKeys, at: (name: string) => string) {
  const shelf = scratchRegisters();
  const certificateSha256 = border.recipient.sha256;
  shelf.add('processor', { authorities: AUTHORITIES });
  const entry = { id: 'lab', certificateSha256, encryption: encryptionOf(profile, keys) };
  expect(shelf.add('recipient', entry)).toBe('fine');
  const pem = border.permitKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(at('permit.key'), pem);
  writeFileSync(at('inspection.pub'), keys.inspection.publicPem);
  writeFileSync(at('sm2.key'), keys.sm2Signing?.privatePem ?? '');
  const sealing = { kind: profile, inspectionKeyFile: 'inspection.pub', signingKeyFile: 'sm2.key' };
  const config = { border: { permitKeyFile: 'permit.key' }, recipients: [{ id: 'lab', sealing }] };
  return openSealing(config as unknown as CloudConfig, at, shelf.registers);
}

async function transferAll(profile: SealProfile) {
  const keys = sealKeys(profile);
  const gate = scratchGate();
  const sealings = sealingsWith(profile, keys, gate.at);
  const receiver = await startReceiver(
    writeReceiverConfig(border, { config: { recipientId: 'lab', dataDirectory: `receiver-${profile}` } }),
  );
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const recipient = { ...lab, endpoint, certificateSha256: Buffer.from(border.recipient.sha256, 'hex') };
  const plain = new Map<string, Buffer>();
  const dataset = definedDataset(STATISTICS);
  const parts = {
    ...gate.parts,
    clock,
    recipients: [recipient],
    dataset: () => dataset,
    matrix: () => MATRIX,
    sealedTo: sealings.sealedTo,
    // One traffic log for both: what was sent once under an id is never sent again.
    newTransferId: () => `t-${profile}`,
    permits: { ...gate.parts.permits, key: border.permitKey, issue: 'on-approval' as const },
    build: async (...[{ purpose }, transferId, contents, at]: Parameters<typeof gate.parts.build>) => {
      const sealing = sealings.orderFor('lab');
      const order = { transferId, at, contents, recipientId: 'lab', purpose, findings: 'unknown' as const, models: [] };
      const digests = { rules: 'r', catalogue: 'c' };
      const job = {
        grain: 'rows' as const,
        ...order,
        digests,
        dataset,
        withoutConsent: [],
        ...(sealing && { sealing }),
      };
      return runBuild(job as Parameters<typeof runBuild>[0], watched(gate.buildParts as unknown as BuildParts, plain));
    },
  };
  const asked = await requestTransfer({ dataset, recipient, purpose: 'warranty', requestedBy: 'alice' }, parts);
  if (!asked.ok) throw new Error(asked.fault.code);
  const id = asked.value.transferId;
  const states = [asked.value.state as string];
  for (const by of ['bob', 'carol']) approveTransfer({ transferId: id, by }, parts);
  states.push(parts.transfers.find(id)?.state ?? '');

  const own = { id: 'lab', endpoint, certificateSha256: border.recipient.sha256, authorityFile: 'keys/authority.crt' };
  const at = { outbox: gate.at('outbox'), returns: gate.at('returns') };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { border: at, recipients: [own] }), clock);
  const file = await returned({ ...border, returns: at.returns }, id);
  const permit = readFileSync(join(at.outbox, id, 'permit.bin'));
  await exporter.stop();
  await receiver.stop();
  settleReturns({ ...parts, isReceipt: () => true });
  states.push(parts.transfers.find(id)?.state ?? '');
  return { id, states, plain, keys, file, permit, parcel: join(border.root, `receiver-${profile}`, 'received', id) };
}

/** Keeps what a file was before it was sealed. */
function watched(parts: BuildParts, plain: Map<string, Buffer>): BuildParts {
  const open = (transferId: string, name: string): StagedSource => {
    const source = parts.border.open(transferId, name);
    plain.set(name, Buffer.from(source.slice(0, source.bytes)));
    return source;
  };
  return { ...parts, border: { ...parts.border, open } };
}

type Transferred = Awaited<ReturnType<typeof transferAll>>;

function written(name: string, content: string | Uint8Array): string {
  const path = join(border.root, name);
  writeFileSync(path, content);
  return path;
}

test.each(SEAL_PROFILES)(
  `%s: asked for, approved by two, sealed, delivered, acknowledged, and opened to the very bytes that were built${HAS_SM2 ? '' : ' (SM2 not verified by openssl: this one has none)'}`,
  async (profile) => {
    const one = await transferAll(profile);
    expect(one.states).toEqual(['awaiting-approval', 'permitted', 'delivered']);
    expect(one.file).toMatchObject({ transferId: one.id, outcome: 'delivered' });
    await expectOpened(profile, one);
    expectSigned(one);
    if (profile === 'sm2-sm4' && HAS_SM2) expectSm2Signed(one);
  },
);

/** `tongguan unseal`, with the recipient's key and with that of inspectors. */
async function expectOpened(profile: SealProfile, { parcel, keys, plain }: Transferred): Promise<void> {
  const said: string[] = [];
  const io = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
  const sender = senderFile();
  expect([...plain.keys()]).toEqual(expect.arrayContaining(['manifest.json', 'rows.ndjson', 'rows.parquet']));
  for (const who of ['recipient', 'inspection'] as const) {
    const key = written(`${who}.key`, keys[who].privatePem);
    const out = join(border.root, `opened-${profile}-${who}`);
    expect(await unsealCommand({ parcel, out, key, sender, json: true }, io), said.join()).toBe(0);
    for (const [name, bytes] of plain) expect(readFileSync(join(out, name)).equals(bytes), name).toBe(true);
  }
}

const senderFile = () =>
  written('sender.pub', createPublicKey(border.permitKey).export({ type: 'spki', format: 'pem' }));

/** Envelope and permit by the cloud (Ed25519), receipt by the recipient (ECDSA P-256), each by openssl alone. */
function expectSigned({ parcel, permit, file }: Transferred): void {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { encoding: 'utf8' });
  const ed25519 = ['pkeyutl', '-verify', '-pubin', '-rawin', '-inkey', senderFile()];
  const [envelope, signature] = [join(parcel, 'envelope.json'), join(parcel, 'envelope.sig')];
  expect(openssl(...ed25519, '-in', envelope, '-sigfile', signature)).toContain('Success');
  const opened = decodeSignedEnvelope(permit);
  const receipt = decodeSignedEnvelope(Buffer.from(file.receipt ?? '', 'base64'));
  if (!opened.ok || !receipt.ok) throw new Error('two envelopes');
  const covered = written('permit.body', signedBytes('permit', opened.value.body));
  const by = written('permit.sig', opened.value.signature);
  expect(openssl(...ed25519, '-in', covered, '-sigfile', by)).toContain('Success');
  const recipientKey = createPublicKey(border.recipient.certificate).export({ type: 'spki', format: 'pem' });
  const body = written('receipt.body', signedBytes('receipt', receipt.value.body));
  const der = written('receipt.sig', derOfPair(Buffer.from(receipt.value.signature)));
  const ecdsa = ['dgst', '-sha256', '-verify', written('recipient.pub', recipientKey), '-signature', der];
  expect(openssl(...ecdsa, body)).toContain('OK');
}

function expectSm2Signed({ parcel, keys }: Transferred): void {
  const key = written('sm2.key', keys.sm2Signing?.privatePem ?? '');
  const sm2 = ['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678', '-inkey', key];
  const verifies = (name: string) =>
    spawnSync('openssl', [...sm2, '-in', join(parcel, name), '-sigfile', join(parcel, 'envelope.sm2sig')]).status === 0;
  expect([verifies('envelope.json'), verifies('manifest.json')]).toEqual([true, false]);
}

/** ECDSA-Sig-Value of r and s, for OpenSSL, which takes no other. */
function derOfPair(pair: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    const trimmed = bytes.subarray(
      Math.max(
        0,
        bytes.findIndex((byte) => byte !== 0),
      ),
    );
    const positive = (trimmed[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed;
    return Buffer.concat([Buffer.of(2, positive.length), positive]);
  };
  const both = Buffer.concat([integer(pair.subarray(0, 32)), integer(pair.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}
