import { createHash, createPrivateKey, sign } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Border, ParcelFile } from '../ports/border.ts';
import { type EnvelopeFile, encodeEnvelope, sealedName } from './envelope.ts';
import {
  ENVELOPE_NAME,
  SEGMENT_BYTES,
  type SealProfile,
  SIGNATURE_NAME,
  SM2_SIGNATURE_NAME,
  segmentsOf,
} from './profile.ts';
import { segmentCipher } from './segments.ts';
import { signSm2 } from './sm2.ts';
import { parseSm2PrivateKey } from './sm2-key.ts';
import { wrapKey } from './wrap-key.ts';
import { kidsOf } from './wrapped-key.ts';

/** To whom and by whom a parcel is sealed; all keys are PEM. */
export interface SealOrder {
  readonly profile: SealProfile;
  readonly transferId: string;
  readonly recipientId: string;
  /** The recipient's registered encryption key: EC P-256, or SM2. */
  readonly recipientKey: string;
  /** Of the same kind; its private half stays in the mainland, so that an inspector can read what was sent. */
  readonly inspectionKey: string;
  /** Ed25519, private. */
  readonly signingKey: string;
  /** SM2, private; needed by `sm2-sm4`. */
  readonly sm2SigningKey?: string;
}

export type SealFault = Fault<'SEAL_KEY_UNSUITABLE' | 'BORDER_UNAVAILABLE'>;
export type SealBorder = Pick<Border, 'create' | 'open' | 'remove' | 'stageBytes'>;

/** What is sent in place of the parcel. */
export interface SealedParcel {
  /** Of the manifest of the sealed files: what a permit has to name. */
  readonly manifestSha256: Uint8Array;
  /** Of all files, the manifest included. */
  readonly bytes: number;
  /** SHA-256 of the recipient's key (SPKI, DER), lower-case hex. */
  readonly sealedTo: string;
}

/**
 * Seals a staged parcel in its place: every file that the manifest names, and the manifest, become `<name>.sealed`, an envelope with its signature is
 * put beside them, and the manifest then names only these. Memory does not grow with the parcel.
 *
 * @param contentKey - 32 random bytes, for this parcel alone
 * @throws the system's error when a file can be neither read nor written
 */
export async function sealParcel(
  order: SealOrder,
  contentKey: Uint8Array,
  border: SealBorder,
): Promise<Result<SealedParcel, SealFault>> {
  const { profile, transferId, recipientId } = order;
  const key = await wrapKey(profile, contentKey, [order.recipientKey, order.inspectionKey]);
  const sm2Key = order.sm2SigningKey === undefined ? undefined : parseSm2PrivateKey(order.sm2SigningKey);
  if (key === undefined || (profile === 'sm2-sm4' && sm2Key === undefined)) return fail(unsuitable(profile));

  const manifest = readWhole(transferId, MANIFEST_NAME, border);
  const manifestSha256 = createHash('sha256').update(manifest).digest('hex');
  const { files: named } = JSON.parse(String(manifest)) as { readonly files: readonly ParcelFile[] };
  const sealed = [...named.map(({ name }) => name), MANIFEST_NAME].map((name) =>
    sealFile(name, order, contentKey, border),
  );
  const files = sealed.map(({ file }) => file);
  const envelope = encodeEnvelope({ profile, transferId, recipientId, key, manifestSha256, files });
  const beside: [string, Uint8Array][] = [
    [ENVELOPE_NAME, envelope],
    [SIGNATURE_NAME, sign(null, envelope, createPrivateKey(order.signingKey))],
  ];
  if (profile === 'sm2-sm4' && sm2Key !== undefined) beside.push([SM2_SIGNATURE_NAME, signSm2(envelope, sm2Key)]);
  const listed: ParcelFile[] = sealed.map(({ written }) => written);
  for (const [name, bytes] of beside) {
    const staged = border.stageBytes(transferId, name, bytes);
    if (!staged.ok) return staged;
    listed.push(staged.value);
  }
  const [sealedTo] = kidsOf(key);
  assert(sealedTo !== undefined, 'a content key is wrapped for the recipient first');
  const outer = stageOuterManifest({ transferId, recipientId, profile, manifestSha256 }, listed, border);
  return outer.ok ? ok({ ...outer.value, sealedTo }) : outer;
}

function stageOuterManifest(
  said: {
    readonly transferId: string;
    readonly recipientId: string;
    readonly profile: SealProfile;
    readonly manifestSha256: string;
  },
  files: readonly ParcelFile[],
  border: SealBorder,
): Result<Omit<SealedParcel, 'sealedTo'>, SealFault> {
  const { transferId, recipientId, profile, manifestSha256 } = said;
  const text = canonicalJson({
    manifest: 1,
    transferId,
    recipientId,
    sealed: { profile, manifestSha256 },
    files: files.map((file) => ({ ...file })),
  });
  const staged = border.stageBytes(transferId, MANIFEST_NAME, Buffer.from(text));
  if (!staged.ok) return staged;
  const bytes = files.reduce((sum, file) => sum + file.bytes, staged.value.bytes);
  return ok({ manifestSha256: Buffer.from(staged.value.sha256, 'hex'), bytes });
}

/** Seals one staged file segment by segment, and takes the file itself away. */
function sealFile(
  name: string,
  { profile, transferId }: SealOrder,
  contentKey: Uint8Array,
  border: SealBorder,
): { readonly file: EnvelopeFile; readonly written: ParcelFile } {
  const cipher = segmentCipher(contentKey, { profile, transferId, name });
  const source = border.open(transferId, name);
  try {
    const target = border.create(transferId, sealedName(name));
    const segments = segmentsOf(source.bytes);
    for (let index = 0; index < segments; index += 1) {
      const start = index * SEGMENT_BYTES;
      const plain = source.slice(start, Math.min(source.bytes, start + SEGMENT_BYTES));
      target.append(cipher.seal(index, index === segments - 1, plain));
    }
    const written = target.close();
    border.remove(transferId, name);
    return { file: { name, bytes: source.bytes, sealedBytes: written.bytes, sealedSha256: written.sha256 }, written };
  } finally {
    source.close();
  }
}

/** Of a manifest, which is small. */
function readWhole(transferId: string, name: string, border: SealBorder): Uint8Array {
  const source = border.open(transferId, name);
  try {
    return source.slice(0, source.bytes);
  } finally {
    source.close();
  }
}

const MANIFEST_NAME = 'manifest.json';

function unsuitable(profile: SealProfile): SealFault {
  return {
    code: 'SEAL_KEY_UNSUITABLE',
    problem: bilingual(
      `a key that the parcel is to be sealed with is not of the kind that profile ${profile} needs`,
      `封装密钥类型与 ${profile} 不符`,
    ),
    remedy: bilingual(
      'correct `recipients[].sealing` or `encryption` of the register: EC P-256 keys for jwe-aes256gcm, SM2 keys for sm2-sm4',
      '请更正 `recipients[].sealing` 或登记中的 `encryption`：jwe-aes256gcm 使用 EC P-256 密钥，sm2-sm4 使用 SM2 密钥',
    ),
    retry: 'after-remedy',
  };
}
