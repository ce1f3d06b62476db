/** Why a CONNECT is refused. */
type ConnectRefusal = 'protocol-version' | 'client-id' | 'will' | 'connections';

const CONNECTIONS_PER_DEVICE_MAX = 4;

/** What of a CONNECT is looked at. */
export interface ConnectPacket {
  readonly protocolVersion?: number;
  clientId: string;
  clean?: boolean;
  readonly will?: unknown;
}

/** Why a CONNECT is refused. @param connections - that the device has already */
export function refusalOf(packet: ConnectPacket, connections: number): ConnectRefusal | undefined {
  if (packet.protocolVersion !== MQTT_3_1_1) return 'protocol-version';
  // MQTT-3.1.3-8: an empty client id with a lasting session has to be refused; the library would invent one.
  if (packet.clientId === '' && packet.clean === false) return 'client-id';
  // A will would be published by the broker in the device's name, and not by the device.
  if (packet.will !== undefined && packet.will !== null) return 'will';
  return connections >= CONNECTIONS_PER_DEVICE_MAX ? 'connections' : undefined;
}

/** Protocol level of MQTT 3.1.1 section 3.1.2.2. */
const MQTT_3_1_1 = 4;

/** Return codes of MQTT 3.1.1 section 3.2.2.3; every other refusal is `NOT_AUTHORIZED`. */
export const RETURN_CODES: Partial<Record<string, number>> = { 'protocol-version': 1, 'client-id': 2 };
export const NOT_AUTHORIZED = 5;
