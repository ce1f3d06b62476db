import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { BenchFleet } from '../ingest/fleet.ts';
import { connectPacket, packetReader } from '../ingest/packets.ts';

/** Holds connections of vehicles that say nothing, a process of its own. */
export type HoldOrder =
  | { readonly order: 'open'; readonly fleet: BenchFleet; readonly port: number }
  /** The first so many are gone at once, and come back at once. */
  | { readonly order: 'storm'; readonly vehicles: number };

export interface HoldReport {
  readonly seconds: number;
  /** Attempts that did not succeed and were made again. */
  readonly failed: number;
}

/** Handshakes at a time while the fleet comes up; a storm has no such patience. */
const OPENING_MAX = 50;
/** A vehicle tries again after this. */
const AGAIN_MS = 1_000;

let fleet: BenchFleet;
let port: number;
let failed = 0;
const sockets: TLSSocket[] = [];

process.on('message', (order: HoldOrder) => {
  void (order.order === 'open' ? open(order) : storm(order.vehicles)).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

async function open(order: HoldOrder & { order: 'open' }): Promise<HoldReport> {
  ({ fleet, port } = order);
  const begun = performance.now();
  for (let from = 0; from < fleet.devices.length; from += OPENING_MAX) {
    const some = fleet.devices.slice(from, from + OPENING_MAX);
    await Promise.all(some.map((_, at) => untilConnected(from + at)));
  }
  return { seconds: (performance.now() - begun) / 1_000, failed };
}

async function storm(vehicles: number): Promise<HoldReport> {
  failed = 0;
  for (const socket of sockets.slice(0, vehicles)) socket.destroy();
  const begun = performance.now();
  await Promise.all(Array.from({ length: vehicles }, (_, at) => untilConnected(at)));
  return { seconds: (performance.now() - begun) / 1_000, failed };
}

async function untilConnected(at: number): Promise<void> {
  for (;;) {
    const socket = await connected(at).catch(() => undefined);
    if (socket !== undefined) {
      sockets[at] = socket;
      return;
    }
    failed += 1;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** @throws when the handshake fails or the broker does not take the session */
async function connected(at: number): Promise<TLSSocket> {
  const device = fleet.devices[at];
  if (device === undefined) throw new Error('there is a vehicle');
  const { certificate: cert, key } = device;
  const socket = connect({ host: '127.0.0.1', port, cert, key, ca: fleet.serviceAuthority, minVersion: 'TLSv1.3' });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const code = await new Promise<number>((resolve, reject) => {
    const ignore = (): void => undefined;
    const read = packetReader({ onConnack: resolve, onSuback: ignore, onPuback: ignore, onMessage: ignore });
    socket.on('data', read);
    socket.once('close', () => reject(new Error('closed')));
    socket.write(connectPacket(device.device));
  });
  if (code !== 0) throw new Error(`CONNACK ${code}`);
  return socket;
}
