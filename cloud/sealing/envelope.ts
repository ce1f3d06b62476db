import { z } from 'zod';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { SEAL_PROFILES, SEALED_SUFFIX, SEGMENT_BYTES, type SealProfile, sealedLength } from './profile.ts';
import type { WrappedKey } from './wrapped-key.ts';

/** `envelope.json`: what was sealed, how, and for whom. Its signature stands for every byte of the parcel. */
export interface Envelope {
  readonly profile: SealProfile;
  readonly transferId: string;
  readonly recipientId: string;
  readonly key: WrappedKey;
  /** Of the manifest of the data, before it was sealed; lower-case hex. */
  readonly manifestSha256: string;
  readonly files: readonly EnvelopeFile[];
}

export interface EnvelopeFile {
  /** Before it was sealed; `<name>.sealed` after. */
  readonly name: string;
  readonly bytes: number;
  readonly sealedBytes: number;
  /** Lower-case hex. */
  readonly sealedSha256: string;
}

/** Files of one parcel with its manifest. */
const FILES_MAX = 1_025;
export const ENVELOPE_BYTES_MAX = 1_048_576;

export function encodeEnvelope(envelope: Envelope): Buffer {
  return Buffer.from(canonicalJson({ envelope: 1, segmentBytes: SEGMENT_BYTES, ...envelope }));
}

/** Reads an envelope; undefined for one that is not canonical JSON of exactly this form. Says nothing of its signature. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length > ENVELOPE_BYTES_MAX) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const json: unknown = JSON.parse(text);
    const parsed = Schema.safeParse(json);
    if (!parsed.success || canonicalJson(json) !== text) return undefined;
    const { envelope, segmentBytes, ...rest } = parsed.data;
    const isConsistent = rest.files.every((file) => file.sealedBytes === sealedLength(rest.profile, file.bytes));
    return isConsistent ? rest : undefined;
  } catch {
    return undefined;
  }
}

export const sealedName = (name: string): string => `${name}${SEALED_SUFFIX}`;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Schema = z.strictObject({
  envelope: z.literal(1),
  segmentBytes: z.literal(SEGMENT_BYTES),
  profile: z.enum(SEAL_PROFILES),
  transferId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
  recipientId: z.string().min(1).max(64),
  key: z.union([
    z.strictObject({
      jwe: z.looseObject({
        recipients: z
          .array(z.looseObject({ header: z.looseObject({ kid: Sha256 }) }))
          .min(1)
          .max(8),
      }),
    }),
    z.strictObject({
      sm2: z
        .array(z.strictObject({ kid: Sha256, ciphertext: z.base64() }))
        .min(1)
        .max(8),
    }),
  ]),
  manifestSha256: Sha256,
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/),
        bytes: z.int().min(0),
        sealedBytes: z.int().min(0),
        sealedSha256: Sha256,
      }),
    )
    .min(1)
    .max(FILES_MAX)
    .refine((files) => new Set(files.map(({ name }) => name.toLowerCase())).size === files.length),
});
