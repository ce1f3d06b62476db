import { createHash, type KeyObject, verify } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { ENVELOPE_BYTES_MAX, type Envelope, type EnvelopeFile, parseEnvelope, sealedName } from './envelope.ts';
import { ENVELOPE_NAME, SEGMENT_BYTES, SIGNATURE_NAME, segmentsOf, TAG_BYTES } from './profile.ts';
import { type SegmentCipher, segmentCipher } from './segments.ts';
import { unwrapKey } from './wrap-key.ts';

export type UnsealFault = Fault<
  'ENVELOPE_MALFORMED' | 'ENVELOPE_SIGNATURE' | 'ENVELOPE_NOT_FOR_KEY' | 'SEGMENT_FORGED' | 'UNSEAL_IMPOSSIBLE'
>;

export interface UnsealOrder {
  /** A received parcel, as the receiver stored it. */
  readonly parcel: string;
  /** Must not exist; it appears whole or not at all. */
  readonly out: string;
  /** The sender's Ed25519 public key. */
  readonly senderKey: KeyObject;
  /** PEM of the recipient's private encryption key, or of the inspection key. */
  readonly key: string;
}

/**
 * Opens a sealed parcel: the sender's signature first, then each file segment by segment, then the manifest of the data by
 * its hash. `out` is made visible by one rename when all of it was genuine.
 */
export async function unsealParcel(order: UnsealOrder): Promise<Result<Envelope, UnsealFault>> {
  const staging = `${order.out}.part`;
  try {
    const opened = await unsealInto(staging, order);
    if (opened.ok) await rename(staging, order.out);
    else await rm(staging, { recursive: true, force: true });
    return opened;
  } catch (cause) {
    await rm(staging, { recursive: true, force: true });
    return fail(unsealFault('UNSEAL_IMPOSSIBLE', causeText(cause)));
  }
}

async function unsealInto(staging: string, order: UnsealOrder): Promise<Result<Envelope, UnsealFault>> {
  const envelopePath = join(order.parcel, ENVELOPE_NAME);
  if ((await stat(envelopePath)).size > ENVELOPE_BYTES_MAX) return fail(unsealFault('ENVELOPE_MALFORMED'));
  const bytes = await readFile(envelopePath);
  const signature = await readFile(join(order.parcel, SIGNATURE_NAME));
  if (!verify(null, bytes, order.senderKey, signature)) return fail(unsealFault('ENVELOPE_SIGNATURE'));
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) return fail(unsealFault('ENVELOPE_MALFORMED'));
  const contentKey = await unwrapKey(envelope.profile, envelope.key, order.key);
  if (contentKey === undefined) return fail(unsealFault('ENVELOPE_NOT_FOR_KEY'));
  await rm(staging, { recursive: true, force: true });
  makeDirectory(staging, 0o700);
  for (const file of envelope.files) {
    const { profile, transferId } = envelope;
    const cipher = segmentCipher(contentKey, { profile, transferId, name: file.name });
    const isGenuine = await unsealFile(file, TAG_BYTES[profile], cipher, order.parcel, staging);
    if (!isGenuine) return fail(unsealFault('SEGMENT_FORGED', file.name));
  }
  const manifest = await readFile(join(staging, 'manifest.json'));
  const isManifest = createHash('sha256').update(manifest).digest('hex') === envelope.manifestSha256;
  return isManifest ? ok(envelope) : fail(unsealFault('SEGMENT_FORGED', 'manifest.json'));
}

async function unsealFile(
  file: EnvelopeFile,
  tagBytes: number,
  cipher: SegmentCipher,
  parcel: string,
  staging: string,
): Promise<boolean> {
  const source = await open(join(parcel, sealedName(file.name)), 'r');
  try {
    if ((await source.stat()).size !== file.sealedBytes) return false;
    const target = await open(join(staging, file.name), 'wx', 0o600);
    try {
      return await copySegments(source, target, { cipher, tagBytes, segments: segmentsOf(file.bytes) });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copySegments(
  source: FileHandle,
  target: FileHandle,
  as: { readonly cipher: SegmentCipher; readonly tagBytes: number; readonly segments: number },
): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(SEGMENT_BYTES + as.tagBytes);
  for (let index = 0; index < as.segments; index += 1) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, index * buffer.length);
    const plain = as.cipher.open(index, index === as.segments - 1, buffer.subarray(0, bytesRead));
    if (plain === undefined) return false;
    await writeFile(target, plain);
  }
  await target.sync();
  return true;
}

const PROBLEMS = {
  ENVELOPE_MALFORMED: ['the envelope is not a well-formed one', '信封格式不正确'],
  ENVELOPE_SIGNATURE: ["the signature of the envelope is not the sender's", '信封签名不是发送方的签名'],
  ENVELOPE_NOT_FOR_KEY: ['the parcel is not sealed to this key', '包裹并非封装给该密钥'],
  SEGMENT_FORGED: ['a file is not as it was sealed', '文件与封装时不一致'],
  UNSEAL_IMPOSSIBLE: ['the parcel cannot be opened', '无法打开包裹'],
} as const;

function unsealFault(code: UnsealFault['code'], detail = ''): UnsealFault {
  const [en, zh] = PROBLEMS[code];
  return {
    code,
    problem: detail === '' ? bilingual(en, zh) : bilingual(`${en}: ${detail}`, `${zh}：${detail}`),
    remedy: bilingual(
      'check the paths and the key; if they are right, keep the parcel as evidence and tell the sender',
      '请检查路径与密钥；如无误，请保留包裹作为证据并告知发送方',
    ),
    retry: 'after-remedy',
  };
}
