import type { Result } from '../words/result.ts';
import { type CodecFault, messageCodec } from './schema.ts';

export type { CodecFault } from './schema.ts';
export { signedBytes } from './signed-bytes.ts';

/** A signed body; kinds, keys and the bytes under the signature stand in proto/schema/transfer.proto. */
export interface SignedEnvelope {
  readonly kind: string;
  readonly body: Uint8Array;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Leave to send one parcel to one recipient for one purpose, once. */
export interface Permit {
  readonly transferId: string;
  readonly manifestSha256: Uint8Array;
  readonly recipientId: string;
  readonly recipientCertificateSha256: Uint8Array;
  readonly endpoint: string;
  readonly purpose: string;
  readonly datasetId: string;
  readonly persons: number;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly verdictLeafIndex: number;
  readonly verdictLeafHash: Uint8Array;
}

/** What the recipient signs once it holds the whole parcel. */
export interface Receipt {
  readonly transferId: string;
  readonly manifestSha256: Uint8Array;
  readonly recipientId: string;
  readonly receivedAtMs: number;
  readonly bytesReceived: number;
}

/** One entry of a log; `document` is RFC 8785 canonical JSON. */
export interface LogLeaf {
  readonly recordedAtMs: number;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly document: Uint8Array;
}

const signedEnvelope = messageCodec('SignedEnvelope');
const permit = messageCodec('Permit');
const receipt = messageCodec('Receipt');
const logLeaf = messageCodec('LogLeaf');

export function encodeSignedEnvelope(envelope: SignedEnvelope): Uint8Array {
  return signedEnvelope.encode(envelope);
}

export function decodeSignedEnvelope(bytes: Uint8Array): Result<SignedEnvelope, CodecFault> {
  return signedEnvelope.decodePlain(bytes) as Result<SignedEnvelope, CodecFault>;
}

export function encodePermit(value: Permit): Uint8Array {
  return permit.encode(value);
}

export function decodePermit(bytes: Uint8Array): Result<Permit, CodecFault> {
  return permit.decodePlain(bytes) as Result<Permit, CodecFault>;
}

export function encodeReceipt(value: Receipt): Uint8Array {
  return receipt.encode(value);
}

export function decodeReceipt(bytes: Uint8Array): Result<Receipt, CodecFault> {
  return receipt.decodePlain(bytes) as Result<Receipt, CodecFault>;
}

export function encodeLogLeaf(value: LogLeaf): Uint8Array {
  return logLeaf.encode(value);
}

export function decodeLogLeaf(bytes: Uint8Array): Result<LogLeaf, CodecFault> {
  return logLeaf.decodePlain(bytes) as Result<LogLeaf, CodecFault>;
}

/** Whether `decodeLogLeaf` takes these bytes; it makes nothing. */
export function isLogLeaf(bytes: Uint8Array): boolean {
  return logLeaf.accepts(bytes);
}
