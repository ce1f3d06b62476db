import type { DeviceId } from '../../proto/words/topics.ts';
import type { QuarantinedPayload } from '../ports/zone-store.ts';

/** A refused payload, and whose it was as far as that is known. */
export interface RefusedPayload extends QuarantinedPayload {
  readonly device?: DeviceId;
}

const LENGTH_BYTES = 4;

/** A refused payload as bytes: length of the head, head as JSON, payload. */
export function encodeQuarantined({ payload, ...head }: RefusedPayload): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, payload]);
}

/** @param bytes - opened, so that they are as they were written */
export function decodeQuarantined(bytes: Buffer): RefusedPayload {
  const payloadAt = LENGTH_BYTES + bytes.readUInt32BE(0);
  const head = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, payloadAt)) as Omit<RefusedPayload, 'payload'>;
  return { ...head, payload: bytes.subarray(payloadAt) };
}
