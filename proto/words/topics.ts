import type { Brand } from './result.ts';

/**
 * Name of a TCU on the wire: first 32 hex digits of the SHA-256 of its certificate's public key. It is the MQTT client id
 * and part of the topic; it holds no VIN and no subject tag, and means nothing without the device register.
 */
export type DeviceId = Brand<string, 'DeviceId'>;

export const DEVICE_ID_CHARACTERS = 32;

/** Uplink: sealed batches of one device. */
export function uplinkTopic(device: DeviceId): string {
  return `tongguan/v1/up/${device}`;
}

/** Filter of every uplink, for who subscribes at a broker. */
export const UPLINK_FILTER = 'tongguan/v1/up/+';

/** The device whose uplink a topic is. */
export function deviceOfUplink(topic: string): DeviceId | undefined {
  const device = /^tongguan\/v1\/up\/([0-9a-f]{32})$/.exec(topic)?.[1];
  return device as DeviceId | undefined;
}

/** Downlink: acknowledgements, policy bundles and software updates for one device. */
export function downlinkTopic(device: DeviceId): string {
  return `tongguan/v1/down/${device}`;
}

/** A device asks for a piece of an update; it carries nothing else. */
export function askTopic(device: DeviceId): string {
  return `tongguan/v1/ask/${device}`;
}

/** Largest MQTT payload either tier accepts, bytes; a SignedBatch at the limits of the schema fits. */
export const PAYLOAD_BYTES_MAX = 65_536 + 1_024;
