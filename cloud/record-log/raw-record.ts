import type { Instant } from '../../proto/words/time.ts';
import { DEVICE_ID_CHARACTERS, type DeviceId } from '../../proto/words/topics.ts';

/** A payload as it came, on its way to who classifies it. */
export interface RawRecord {
  readonly device: DeviceId;
  readonly deviceNumber: number;
  readonly receivedAt: Instant;
  readonly payload: Uint8Array;
}

const FORMAT = 1;
const NUMBER_AT = 1;
const TIME_AT = 7;
const DEVICE_AT = 13;
const NUMBER_BYTES = 6;
const PAYLOAD_AT = DEVICE_AT + DEVICE_ID_CHARACTERS / 2;

export function encodeRaw({ device, deviceNumber, receivedAt, payload }: RawRecord): Buffer {
  const bytes = Buffer.allocUnsafe(PAYLOAD_AT + payload.length);
  bytes[0] = FORMAT;
  bytes.writeUIntBE(deviceNumber, NUMBER_AT, NUMBER_BYTES);
  bytes.writeUIntBE(receivedAt, TIME_AT, NUMBER_BYTES);
  bytes.write(device, DEVICE_AT, 'hex');
  bytes.set(payload, PAYLOAD_AT);
  return bytes;
}

/** @param bytes - opened; undefined for what is none */
export function decodeRaw(bytes: Buffer): RawRecord | undefined {
  if (bytes.length < PAYLOAD_AT || bytes[0] !== FORMAT) return undefined;
  return {
    device: bytes.toString('hex', DEVICE_AT, PAYLOAD_AT) as DeviceId,
    deviceNumber: bytes.readUIntBE(NUMBER_AT, NUMBER_BYTES),
    receivedAt: bytes.readUIntBE(TIME_AT, NUMBER_BYTES) as Instant,
    payload: bytes.subarray(PAYLOAD_AT),
  };
}
