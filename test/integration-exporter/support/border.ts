import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../cloud/log/open-log.ts';
import { encodePermit, encodeSignedEnvelope, type Permit, signedBytes } from '../../../proto/codec/transfer-codec.ts';
import { canonicalJson } from '../../../proto/words/canonical-json.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { createAuthority, type TestAuthority, type TestIdentity } from '../../support/cloud/certificates.ts';

export const LOG_ORIGIN = 'test.tongguan.example/traffic';
export const RECIPIENT_ID = 'acme-de';

/** A border directory with keys, certificates and an empty traffic log, in a temporary directory of its own. */
export interface Border {
  readonly root: string;
  readonly outbox: string;
  readonly returns: string;
  readonly logDirectory: string;
  readonly logPublicKey: KeyObject;
  readonly logKey: KeyObject;
  readonly permitKey: KeyObject;
  /** X25519, private: opens captures. */
  readonly captureKey: KeyObject;
  readonly captures: string;
  readonly authority: TestAuthority;
  readonly exporter: TestIdentity;
  readonly recipient: TestIdentity;
  readonly remove: () => void;
}

export async function createBorder(): Promise<Border> {
  const root = mkdtempSync(join(tmpdir(), 'tongguan-border-'));
  const [outbox, returns, staging] = ['outbox', 'returns', 'staging'].map((name) => join(root, 'border', name));
  if (outbox === undefined || returns === undefined || staging === undefined) throw new Error('three directories');
  const captures = join(root, 'captures');
  for (const directory of [outbox, returns, staging, captures, join(root, 'keys'), join(root, 'zones')]) {
    mkdirSync(directory, { recursive: true });
  }
  const authority = await createAuthority('throw-away test authority');
  const logKey = generateKeyPairSync('ed25519').privateKey;
  const logDirectory = join(root, 'traffic');
  const created = createLog({ directory: logDirectory, origin: LOG_ORIGIN, signingKey: logKey, clock: SYSTEM_CLOCK });
  if (!created.ok) throw new Error(created.fault.code);
  created.value.close();
  return {
    root,
    outbox,
    returns,
    logDirectory,
    logKey,
    logPublicKey: createPublicKey(logKey),
    permitKey: generateKeyPairSync('ed25519').privateKey,
    captureKey: generateKeyPairSync('x25519').privateKey,
    captures,
    authority,
    exporter: await authority.issue('exporter', 'client'),
    recipient: await authority.issue('recipient', 'server'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const SYSTEM_CLOCK = { now: () => Date.now() as Instant };

export interface ParcelSpec {
  readonly id: string;
  readonly endpoint: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Changes to the permit before it is signed. */
  readonly permit?: Partial<Permit>;
  readonly kind?: 'permit' | 'receipt';
  readonly signedBy?: KeyObject;
  /** Changes to the manifest before it is hashed. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Called with the finished directory before it is moved into the outbox: the place for tampering. */
  readonly tamper?: (directory: string) => void;
}

/** Puts a parcel with its permit into the outbox as the cloud does: made in staging, moved in by rename. */
export function putParcel(border: Border, spec: ParcelSpec): Permit {
  const { id, files = { 'data.ndjson': Buffer.from('{"row":1}\n') } } = spec;
  const directory = join(border.root, 'border', 'staging', id);
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
  const manifest = Buffer.from(canonicalJson({ ...manifestOf(id, files), ...spec.manifest }));
  writeFileSync(join(directory, 'manifest.json'), manifest);
  const permit = permitFor(border, spec, manifest);
  writeFileSync(join(directory, 'permit.bin'), sealPermit(permit, spec, border));
  spec.tamper?.(directory);
  renameSync(directory, join(border.outbox, id));
  return permit;
}

export function manifestOf(id: string, files: Readonly<Record<string, Uint8Array>>): Record<string, unknown> {
  const listed = Object.entries(files).map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
  }));
  return {
    manifest: 1,
    transferId: id,
    datasetId: 'battery-statistics',
    purpose: 'battery warranty analysis',
    recipientId: RECIPIENT_ID,
    createdAt: '2026-05-01T00:00:00.000Z',
    rows: 1,
    persons: 1,
    files: listed,
    schema: { columns: [] },
    classes: ['personal'],
    rulesDigest: '00',
    catalogueDigest: '00',
  };
}

export function permitFor(border: Border, spec: ParcelSpec, manifest: Uint8Array): Permit {
  const now = Date.now();
  return {
    transferId: spec.id,
    manifestSha256: createHash('sha256').update(manifest).digest(),
    recipientId: RECIPIENT_ID,
    recipientCertificateSha256: Buffer.from(border.recipient.sha256, 'hex'),
    endpoint: spec.endpoint,
    purpose: 'battery warranty analysis',
    datasetId: 'battery-statistics',
    persons: 1,
    notBeforeMs: now - 60_000,
    expiresAtMs: now + 3_600_000,
    verdictLeafIndex: 0,
    verdictLeafHash: new Uint8Array(32),
    sealedTo: 'none',
    ...spec.permit,
  };
}

export function sealPermit(
  permit: Permit,
  spec: Pick<ParcelSpec, 'kind' | 'signedBy'>,
  border: Pick<Border, 'permitKey'>,
): Uint8Array {
  const { kind = 'permit', signedBy = border.permitKey } = spec;
  const body = encodePermit(permit);
  const spki = createPublicKey(border.permitKey).export({ type: 'spki', format: 'der' });
  const signature = sign(null, signedBytes(kind, body), signedBy);
  return encodeSignedEnvelope({ kind, body, keyId: createHash('sha256').update(spki).digest(), signature });
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
