/** MQTT 3.1.1 packets as bytes, made by hand so that the load generator costs as little as it can. */

/** Of a clean session. @param keepAlive - seconds */
export function connectPacket(clientId: string, keepAlive = 60): Buffer {
  const id = text(clientId);
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, keepAlive >>> 8, keepAlive & 0xff]);
  return Buffer.concat([fixedHeader(0x10, head.length + id.length), head, id]);
}

export function subscribePacket(topic: string): Buffer {
  const filter = text(topic);
  return Buffer.concat([fixedHeader(0x82, 2 + filter.length + 1), Buffer.from([0, 1]), filter, Buffer.from([0])]);
}

/** QoS 1; the packet id stands at `PACKET_ID_BEFORE_PAYLOAD` bytes before the payload and is written when it is sent. */
export function publishPacket(topic: string, payload: Uint8Array): Buffer {
  const name = text(topic);
  const head = fixedHeader(0x32, name.length + 2 + payload.length);
  return Buffer.concat([head, name, Buffer.alloc(PACKET_ID_BEFORE_PAYLOAD), payload]);
}

export const PACKET_ID_BEFORE_PAYLOAD = 2;

/** What comes from the broker. */
export interface PacketListener {
  readonly onConnack: (returnCode: number) => void;
  readonly onSuback: (returnCode: number) => void;
  readonly onPuback: (packetId: number) => void;
  /** Payload of a message at QoS 0. */
  readonly onMessage: (payload: Buffer) => void;
}

/** Cuts a byte stream into the few packets a broker sends here. */
export function packetReader(listener: PacketListener): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    for (;;) {
      const packet = packetAt(bytes, offset);
      if (packet === undefined) break;
      tell(bytes, offset, packet.body, packet.end, listener);
      offset = packet.end;
    }
    rest = bytes.subarray(offset);
  };
}

function packetAt(bytes: Buffer, offset: number): { readonly body: number; readonly end: number } | undefined {
  let length = 0;
  for (let at = offset + 1, shift = 0; at < bytes.length; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    const end = at + 1 + length;
    return end <= bytes.length ? { body: at + 1, end } : undefined;
  }
  return undefined;
}

function tell(bytes: Buffer, offset: number, body: number, end: number, listener: PacketListener): void {
  const kind = (bytes[offset] ?? 0) >> 4;
  if (kind === PUBACK) listener.onPuback(bytes.readUInt16BE(body));
  else if (kind === PUBLISH) listener.onMessage(bytes.subarray(body + 2 + bytes.readUInt16BE(body), end));
  else if (kind === CONNACK) listener.onConnack(bytes[body + 1] ?? 0xff);
  else if (kind === SUBACK) listener.onSuback(bytes[body + 2] ?? 0xff);
}

const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const SUBACK = 9;

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** Section 2.2.3: seven bits a byte, least first. */
function fixedHeader(first: number, remaining: number): Buffer {
  const bytes = [first];
  let left = remaining;
  do {
    const more = left > 0x7f;
    bytes.push((left & 0x7f) | (more ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.from(bytes);
}
