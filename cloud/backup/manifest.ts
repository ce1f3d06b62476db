import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../proto/words/canonical-json.ts';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Stores, logs, documents on file and imports. */
const FILES_MAX = 100_000;

/** What a backup holds. Counts and hashes; no content. */
export const Manifest = z.strictObject({
  backup: z.literal(1),
  createdAt: z.string().max(40),
  /** Of the public backup key that the key vaults are sealed to. */
  backupKeySha256: sha256,
  counts: z.strictObject({
    general: count,
    personal: count,
    geographic: count,
    important: count,
    quarantine: count,
    framesAdmitted: count,
    devices: count,
    transfers: count,
    deletions: count,
  }),
  logs: z.strictObject({
    operations: z.strictObject({ size: count, root: sha256 }),
    alerts: z.strictObject({ size: count, root: sha256 }),
  }),
  files: z.array(z.strictObject({ name: z.string().max(128), bytes: count, sha256 })).max(FILES_MAX),
});

export type Manifest = z.infer<typeof Manifest>;

export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig';

/** Canonical JSON, and an Ed25519 signature over it. */
export function signManifest(
  manifest: Manifest,
  key: KeyObject,
): { readonly text: string; readonly signature: Uint8Array } {
  const text = canonicalJson(manifest);
  return { text, signature: sign(null, covered(text), key) };
}

/** The manifest, or undefined when the signature is not that key's or the text is no manifest. */
export function openManifest(text: string, signature: Uint8Array, key: KeyObject): Manifest | undefined {
  if (!verify(null, covered(text), key, signature)) return undefined;
  const parsed = Manifest.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

export function digestOfManifest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A signature of the log's key over anything else is worth nothing here. */
const covered = (text: string): Buffer => Buffer.from(`tongguan.v1.backup\0${text}`);
