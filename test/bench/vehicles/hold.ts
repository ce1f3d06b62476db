import { once } from 'node:events';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { downlinkTopic } from '../../../proto/words/topics.ts';
import type { BenchDevice, BenchFleet } from '../ingest/fleet.ts';
import { forge } from '../ingest/forge.ts';
import { connectPacket, PACKET_ID_BEFORE_PAYLOAD, packetReader, subscribePacket } from '../ingest/packets.ts';

/** `frame`: each listens to its downlink and says one frame, and is there when that is acknowledged. */
export type Speaks = 'mqtt' | 'nothing' | 'frame';

/** Holds connections of vehicles that say nothing more, a process of its own. */
export type HoldOrder =
  | { readonly order: 'begin'; readonly fleet: BenchFleet; readonly port: number; readonly speaks: Speaks }
  /** Until so many are there, or the time is over. */
  | { readonly order: 'open'; readonly vehicles: number; readonly msMax: number }
  /** The first so many are gone at once, and come back at once; whoever has not until the time is over stays away. */
  | { readonly order: 'storm'; readonly vehicles: number; readonly msMax: number };

export interface HoldReport {
  readonly held: number;
  /** Of those that were gone in a storm. */
  readonly back: number;
  readonly seconds: number;
  /** Attempts that did not succeed and were made again. */
  readonly failed: number;
}

/** Handshakes at a time while the fleet comes up; a storm has no such patience. */
const OPENING_MAX = 50;
/** A vehicle tries again after this. */
const AGAIN_MS = 1_000;
/** Longer than the whole measurement: these vehicles say nothing, and are not to be thought gone. */
const KEEP_ALIVE_SECONDS = 3_600;

let fleet: BenchFleet;
let port: number;
let speaks: Speaks;
let failed = 0;
const sockets: TLSSocket[] = [];

process.on('message', (order: HoldOrder) => {
  void follow(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

async function follow(order: HoldOrder): Promise<HoldReport> {
  const begun = performance.now();
  failed = 0;
  let back = 0;
  if (order.order === 'begin') ({ fleet, port, speaks } = order);
  else if (order.order === 'open') await open(order.vehicles, begun + order.msMax);
  else back = await storm(order.vehicles, begun + order.msMax);
  return { held: sockets.length, back, seconds: (performance.now() - begun) / 1_000, failed };
}

/** So many at a time: whoever is done makes way for the next. */
async function open(vehicles: number, until: number): Promise<void> {
  let next = sockets.length;
  const some = async (): Promise<void> => {
    while (next < vehicles && performance.now() < until) await untilConnected(next++, until);
  };
  await Promise.all(Array.from({ length: OPENING_MAX }, some));
}

async function storm(vehicles: number, until: number): Promise<number> {
  for (const socket of sockets.slice(0, vehicles)) socket.destroy();
  let back = 0;
  const count = (isBack: boolean) => {
    if (isBack) back += 1;
  };
  const all = Promise.all(Array.from({ length: vehicles }, (_, at) => untilConnected(at, until).then(count)));
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, until - performance.now()).unref())]);
  return back;
}

/** @returns whether it is, which it tries until the time is over */
async function untilConnected(at: number, until: number): Promise<boolean> {
  while (performance.now() < until) {
    const socket = await connected(at).catch(() => undefined);
    if (socket !== undefined) {
      sockets[at] = socket;
      return true;
    }
    failed += 1;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return false;
}

/** @throws when the handshake fails or the broker does not take the session */
async function connected(at: number): Promise<TLSSocket> {
  const device = fleet.devices[at];
  if (device === undefined) throw new Error('there is a vehicle');
  const socket = connect({ host: '127.0.0.1', port, secureContext: contextOf(device), ...ANY_NAME });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  if (speaks === 'nothing') return socket;
  await new Promise<void>((resolve, reject) => {
    const ignore = (): void => undefined;
    const taken = (code: number): void => {
      if (code !== 0) reject(new Error(`CONNACK ${code}`));
      else if (speaks === 'mqtt') resolve();
      else socket.write(Buffer.concat([subscribePacket(downlinkTopic(device.device)), ...firstOf(device, at)]));
    };
    const read = packetReader({ onConnack: taken, onSuback: ignore, onPuback: () => resolve(), onMessage: ignore });
    socket.on('data', read);
    socket.once('close', () => reject(new Error('closed')));
    socket.write(connectPacket(device.device, KEEP_ALIVE_SECONDS));
  });
  return socket;
}

/** The server is on this machine, under whatever name. */
const ANY_NAME = { checkServerIdentity: () => undefined };

const contexts = new Map<BenchDevice, SecureContext>();

/** Made once for each vehicle, and not again when it comes back: reading certificates was a third of the work of connecting. */
function contextOf(device: BenchDevice): SecureContext {
  const { certificate: cert, key } = device;
  const known = contexts.get(device);
  if (known !== undefined) return known;
  const made = createSecureContext({ cert, key, ca: fleet.serviceAuthority, minVersion: 'TLSv1.3' });
  contexts.set(device, made);
  return made;
}

/** Of the minute before this one. */
function firstOf(device: BenchDevice, at: number): readonly Buffer[] {
  const startMs = Date.now() - 60_000;
  const { packets, payloadBytes } = forge(device, at, { size: 'frame', framesPerMessage: 1, messages: 1, startMs });
  for (const packet of packets) packet.writeUInt16BE(1, packet.length - payloadBytes - PACKET_ID_BEFORE_PAYLOAD);
  return packets;
}
