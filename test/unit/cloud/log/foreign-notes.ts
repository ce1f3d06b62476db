import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const PublicKey = z.base64().transform((text) => Buffer.from(text, 'base64'));
const KeyId = z.string().regex(/^[0-9a-f]{8}$/);

const ForeignNotes = z.strictObject({
  source: z.string(),
  notes: z
    .array(z.strictObject({ name: z.string(), publicKey: PublicKey, keyId: KeyId, text: z.string(), note: z.string() }))
    .min(1),
});

const ForeignCheckpoints = z.strictObject({
  source: z.string(),
  origin: z.string(),
  publicKey: PublicKey,
  keyId: KeyId,
  leaves: z.array(z.string()).min(1),
  checkpoints: z.array(z.strictObject({ size: z.int(), note: z.string() })).min(1),
});

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/log/${name}`, import.meta.url), 'utf8'));

/** Notes and checkpoints that other implementations signed. */
export const foreignNotes = ForeignNotes.parse(load('foreign-notes.json')).notes;
export const foreignLog = ForeignCheckpoints.parse(load('foreign-checkpoints.json'));

export function keyFromRaw(raw: Uint8Array): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

export function rawOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32);
}
