import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { TestIdentity } from './certificates.ts';

/** MQTT 3.1.1 by hand, for what no well-behaved client does: half packets, many at once, wrong ones, and not reading. */
export interface RawMqtt {
  readonly socket: TLSSocket;
  readonly write: (...packets: readonly Uint8Array[]) => void;
  /** The next packet of a type, past those of others; undefined when the connection ends before it comes. */
  readonly next: (type: number) => Promise<ReceivedPacket | undefined>;
  /** Packets that arrived and nobody has asked for. */
  readonly received: readonly ReceivedPacket[];
  readonly closed: Promise<unknown>;
  readonly isClosed: () => boolean;
}

export interface ReceivedPacket {
  readonly type: number;
  readonly body: Buffer;
}

/** Numbers of MQTT 3.1.1 section 2.2.1. */
export const TYPE = {
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubcomp: 7,
  suback: 9,
  unsuback: 11,
  pingresp: 13,
} as const;

export interface RawTarget {
  readonly port: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
}

/** @param session - a TLS session of an earlier connection to take up again */
export async function dial(target: RawTarget, identity?: TestIdentity, session?: Buffer): Promise<RawMqtt> {
  const socket = connect({
    host: '127.0.0.1',
    port: target.port,
    ca: target.authority,
    minVersion: 'TLSv1.3',
    ...(identity && { cert: identity.certificate, key: identity.key }),
    ...(session && { session }),
  });
  const raw = reading(socket);
  await Promise.race([once(socket, 'secureConnect'), raw.closed]);
  return raw;
}

function reading(socket: TLSSocket): RawMqtt {
  const received: ReceivedPacket[] = [];
  const waiting: { readonly type: number; readonly resolve: (packet: ReceivedPacket | undefined) => void }[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let isClosed = false;
  const offer = (): void => {
    for (const wait of [...waiting]) {
      const at = received.findIndex(({ type }) => type === wait.type);
      if (at < 0 && !isClosed) continue;
      waiting.splice(waiting.indexOf(wait), 1);
      wait.resolve(at < 0 ? undefined : received.splice(at, 1)[0]);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    rest = take(Buffer.concat([rest, chunk]), received);
    offer();
  });
  const closed = new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      isClosed = true;
      offer();
      resolve(undefined);
    });
  });
  return {
    socket,
    received,
    closed,
    isClosed: () => isClosed,
    write: (...packets) => {
      socket.write(Buffer.concat(packets));
    },
    next: (type) =>
      new Promise((resolve) => {
        waiting.push({ type, resolve });
        offer();
      }),
  };
}

/** Takes whole packets off the front and gives what is left. */
function take(bytes: Buffer, into: ReceivedPacket[]): Buffer {
  for (let rest = bytes; ; ) {
    const size = lengthAt(rest);
    if (size === undefined || rest.length < size.from + size.length) return rest;
    into.push({ type: rest.readUInt8(0) >> 4, body: rest.subarray(size.from, size.from + size.length) });
    rest = rest.subarray(size.from + size.length);
  }
}

function lengthAt(bytes: Buffer): { readonly from: number; readonly length: number } | undefined {
  let length = 0;
  for (let at = 1; at <= 4 && at < bytes.length; at += 1) {
    const digit = bytes.readUInt8(at);
    length += (digit & 0x7f) * 128 ** (at - 1);
    if (digit < 0x80) return { from: at + 1, length };
  }
  return undefined;
}

/** A packet with its fixed header. @param head - type and flags, the first byte */
export function packet(head: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([head]), lengthBytes(body.length), body]);
}

export function lengthBytes(length: number): Buffer {
  const digits: number[] = [];
  let left = length;
  do {
    digits.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(digits);
}

const number16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const text = (value: string): Buffer => Buffer.concat([number16(Buffer.byteLength(value)), Buffer.from(value)]);

export interface ConnectOptions {
  readonly clientId?: string;
  readonly clean?: boolean;
  readonly level?: number;
  readonly protocol?: string;
  readonly keepAliveS?: number;
  readonly will?: { readonly topic: string; readonly payload: string };
}

export function connectPacket(options: ConnectOptions = {}): Buffer {
  const { clientId = 'raw', clean = true, level = 4, protocol = 'MQTT', keepAliveS = 60, will } = options;
  const flags = (clean ? 0x02 : 0) | (will ? 0x04 : 0);
  const properties = level === 5 ? [Buffer.from([0])] : [];
  const head = [text(protocol), Buffer.from([level, flags]), number16(keepAliveS), ...properties];
  return packet(0x10, ...head, text(clientId), ...(will ? [text(will.topic), text(will.payload)] : []));
}

export function publishPacket(topic: string, payload: Uint8Array, qos: 0 | 1 | 2 = 1, id = 1): Buffer {
  return packet(0x30 | (qos << 1), text(topic), ...(qos > 0 ? [number16(id)] : []), payload);
}

export function subscribePacket(topics: readonly string[], id = 1, qos = 0): Buffer {
  return packet(0x82, number16(id), ...topics.flatMap((topic) => [text(topic), Buffer.from([qos])]));
}

export function unsubscribePacket(topics: readonly string[], id = 1): Buffer {
  return packet(0xa2, number16(id), ...topics.map(text));
}

export function pubrelPacket(id: number): Buffer {
  return packet(0x62, number16(id));
}

export const PINGREQ = packet(0xc0);
export const DISCONNECT = packet(0xe0);
