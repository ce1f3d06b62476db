import { verify } from 'node:crypto';
import { inflate } from '../../proto/codec/deflated.ts';
import type { CodecFault } from '../../proto/codec/schema.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import {
  decodeSealedBatch,
  decodeSignedBatch,
  type SealedBatch,
  type SignedBatch,
} from '../../proto/codec/telemetry-codec.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import { PAYLOAD_BYTES_MAX } from '../../proto/words/topics.ts';
import { findVins } from '../../proto/words/vin.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { RejectionCode } from './rejections.ts';

/**
 * From bytes to a batch that a registered device signed. Nothing is believed yet of what the batch says; see
 * `recheckBatch`.
 *
 * @param payload - MQTT payload of any content
 * @param device - whoever the TLS certificate says sends it; the payload has no say in that
 * @param isSigned - what `checkSignature` said of this very payload and device, if it was asked
 */
export function admit(
  payload: Uint8Array,
  device: RegisteredDevice,
  isSigned?: boolean,
): Result<SealedBatch, RejectionCode> {
  if (payload.length > PAYLOAD_BYTES_MAX) return fail('PAYLOAD_TOO_LARGE');
  const signed = decodeSignedBatch(payload);
  if (!signed.ok) return fail(whoseVin(payload, device) ?? codeOf(signed.fault));
  const { batch } = signed.value;
  if (!(isSigned ?? isSignedBy(device, signed.value))) return fail('SIGNATURE_INVALID');
  const decoded = decodeSealedBatch(batch);
  if (!decoded.ok) return fail(whoseVin(unfolded(batch), device) ?? codeOf(decoded.fault));
  const { firstSequence, frames } = decoded.value;
  // Past it two sequences would be one number, and counting up from the first would never reach the last.
  return firstSequence + frames.length > Number.MAX_SAFE_INTEGER ? fail('FRAME_LIMIT') : decoded;
}

/** What a refused batch says, compressed or not; of what unfolds to too much, the bytes as they came. */
function unfolded(batch: Uint8Array): Uint8Array {
  const body = inflate(batch);
  return body.ok ? body.value : batch;
}

/** A registered key of another kind than ECDSA signs no batch; asked of Ed25519, `verify` would throw. */
function isSignedBy({ publicKey }: RegisteredDevice, { batch, signature }: SignedBatch): boolean {
  if (publicKey.asymmetricKeyType !== 'ec') return false;
  return verify('sha256', signedBytes('batch', batch), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

/**
 * Whether the device signed a payload, found out by another thread.
 *
 * @param told - undefined when it could not be: a payload that is no signed batch, a key of another kind, an error
 */
export function checkSignature(
  payload: Uint8Array,
  { publicKey }: RegisteredDevice,
  told: (isSigned: boolean | undefined) => void,
): void {
  const signed = payload.length > PAYLOAD_BYTES_MAX ? undefined : decodeSignedBatch(payload);
  if (signed?.ok !== true || publicKey.asymmetricKeyType !== 'ec') {
    told(undefined);
    return;
  }
  const { batch, signature } = signed.value;
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  verify('sha256', signedBytes('batch', batch), key, signature, (cause, isSigned) =>
    told(cause === null ? isSigned : undefined),
  );
}

/** What a batch whose signature is not good says of itself. */
export interface Claim {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly count: number;
}

/**
 * The sequences a badly signed batch claims, so that its sender, which its certificate names, can be told that it lies in
 * quarantine. Without that a vehicle whose key was renewed would send its old batches for ever, and nothing after them.
 */
export function claimOf(payload: Uint8Array): Claim | undefined {
  const signed = decodeSignedBatch(payload);
  const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
  if (!batch.ok) return undefined;
  return { epoch: batch.value.epoch, firstSequence: batch.value.firstSequence, count: batch.value.frames.length };
}

/**
 * Whether bytes that are refused anyway name a vehicle in plain text, and whether it is another one. The answer only
 * chooses the reason; no record is ever stored under a VIN from a payload.
 */
export function whoseVin(bytes: Uint8Array, device: RegisteredDevice): RejectionCode | undefined {
  const vins = findVins(Buffer.from(bytes).toString('latin1'));
  if (vins.length === 0) return undefined;
  return vins.some((vin) => vin !== device.vin.reveal()) ? 'VIN_MISMATCH' : 'VIN_IN_PAYLOAD';
}

function codeOf(fault: CodecFault): RejectionCode {
  if (fault.code === 'CODEC_LIMIT') return 'FRAME_LIMIT';
  return fault.code === 'CODEC_UNKNOWN_FIELD' ? 'FRAME_UNKNOWN_FIELD' : 'FRAME_SCHEMA';
}
