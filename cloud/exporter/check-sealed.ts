import { createHash, type KeyObject, verify } from 'node:crypto';
import type { Permit } from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { ENVELOPE_BYTES_MAX, type Envelope, parseEnvelope, sealedName } from '../sealing/envelope.ts';
import { ENVELOPE_NAME, SIGNATURE_NAME, SM2_SIGNATURE_NAME } from '../sealing/profile.ts';
import { kidsOf } from '../sealing/wrapped-key.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import { MANIFEST_NAME } from './names.ts';
import type { CheckedFile, OpenParcel } from './open-parcel.ts';
import { UNSEALED } from './open-permit.ts';
import { readSmallFile } from './parcel-file.ts';

/**
 * A parcel whose permit names an encryption key must be sealed to that key, by the cloud, and hold nothing else: the
 * exporter has no key to look inside, so it looks at the envelope and at the hash of every file that the envelope stands for.
 */
export async function checkSealed(
  parcel: OpenParcel,
  expected: { readonly permit: Permit; readonly cloudKey: KeyObject },
): Promise<Result<undefined, ExporterFault>> {
  const { permit, cloudKey } = expected;
  if (permit.sealedTo === UNSEALED) return ok(undefined);
  const envelope = await readAsChecked(parcel, ENVELOPE_NAME);
  if (!envelope.ok) return envelope;
  const signature = await readAsChecked(parcel, SIGNATURE_NAME);
  if (!signature.ok) return signature;
  if (!verify(null, envelope.value, cloudKey, signature.value)) return fail(exporterFault('PARCEL_SEAL_SIGNATURE'));
  const parsed = parseEnvelope(envelope.value);
  if (parsed === undefined) return fail(exporterFault('PARCEL_NOT_SEALED', ENVELOPE_NAME));
  const isOurs = parsed.transferId === permit.transferId && parsed.recipientId === permit.recipientId;
  if (!isOurs || !kidsOf(parsed.key).includes(permit.sealedTo)) {
    return fail(exporterFault('PARCEL_SEALED_OTHERWISE', permit.recipientId));
  }
  const stranger = parcel.files.find((file) => !isOfEnvelope(file, parsed));
  return stranger === undefined ? ok(undefined) : fail(exporterFault('PARCEL_NOT_SEALED', stranger.name));
}

function isOfEnvelope({ name, sha256 }: CheckedFile, { files, profile }: Envelope): boolean {
  if (name === MANIFEST_NAME || name === ENVELOPE_NAME || name === SIGNATURE_NAME) return true;
  if (name === SM2_SIGNATURE_NAME) return profile === 'sm2-sm4';
  return files.some((file) => sealedName(file.name) === name && file.sealedSha256 === sha256);
}

/** Reads a file of the parcel again, and only if it is still what was checked. */
async function readAsChecked(parcel: OpenParcel, name: string): Promise<Result<Buffer, ExporterFault>> {
  const file = parcel.files.find((one) => one.name === name);
  if (file === undefined) return fail(exporterFault('PARCEL_NOT_SEALED', name));
  const bytes = await readSmallFile(file.path, {
    bytesMax: ENVELOPE_BYTES_MAX,
    missing: 'PARCEL_FILE_MISSING',
    tooLong: 'PARCEL_NOT_SEALED',
  });
  if (!bytes.ok) return bytes;
  const isSame = createHash('sha256').update(bytes.value).digest('hex') === file.sha256;
  return isSame ? bytes : fail(exporterFault('PARCEL_CHANGED', name));
}
