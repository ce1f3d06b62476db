import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { BenchFleet } from '../ingest/fleet.ts';
import { connectPacket, packetReader } from '../ingest/packets.ts';

/** Holds connections of vehicles that say nothing, a process of its own. */
export type HoldOrder =
  | { readonly order: 'begin'; readonly fleet: BenchFleet; readonly port: number; readonly speaks: 'mqtt' | 'nothing' }
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
let speaks: 'mqtt' | 'nothing';
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

async function open(vehicles: number, until: number): Promise<void> {
  while (sockets.length < vehicles && performance.now() < until) {
    const from = sockets.length;
    const some = Math.min(OPENING_MAX, vehicles - from);
    await Promise.all(Array.from({ length: some }, (_, at) => untilConnected(from + at, until)));
  }
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
  const { certificate: cert, key } = device;
  const socket = connect({ host: '127.0.0.1', port, cert, key, ca: fleet.serviceAuthority, minVersion: 'TLSv1.3' });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  if (speaks === 'nothing') return socket;
  const code = await new Promise<number>((resolve, reject) => {
    const ignore = (): void => undefined;
    const read = packetReader({ onConnack: resolve, onSuback: ignore, onPuback: ignore, onMessage: ignore });
    socket.on('data', read);
    socket.once('close', () => reject(new Error('closed')));
    socket.write(connectPacket(device.device, KEEP_ALIVE_SECONDS));
  });
  if (code !== 0) throw new Error(`CONNACK ${code}`);
  return socket;
}
