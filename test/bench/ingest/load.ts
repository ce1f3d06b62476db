import { assert } from '../../../proto/words/result.ts';
import { type BenchConnection, openConnection } from './connection.ts';
import type { BenchFleet } from './fleet.ts';
import { type Forged, forge, plainPackets } from './forge.ts';
import type { LoadOrder, LoadReport, LoadResult, LoadRun } from './load-orders.ts';

/** Load generator, a process of its own: raw TLS sockets, prebuilt packets, clocked by acknowledgements. */

/** Messages without content that each connection sends round and round. */
const PLAIN_MESSAGES = 64;

/** Connections opened at a time; the handshakes of all at once would time out. */
const OPENING_MAX = 20;

/** Latencies kept of one window. */
const SAMPLES_MAX = 4_000_000;

let fleet: BenchFleet | undefined;
let forged: readonly Forged[] = [];

const tell = (report: LoadReport): void => {
  process.send?.(report);
};

process.on('message', (order: LoadOrder) => {
  if (order.order === 'prepare') prepare(order);
  else void run(order).then((result) => tell({ report: 'done', result }));
});
process.on('disconnect', () => process.exit(0));

function prepare(order: LoadOrder & { order: 'prepare' }): void {
  fleet = order.fleet;
  forged = fleet.devices.map((device, number) => forge(device, number, order.forge));
  const [first] = forged;
  assert(first !== undefined, 'a fleet has a device');
  tell({ report: 'prepared', payloadBytes: first.payloadBytes, frameBytes: first.frameBytes });
}

async function run(order: LoadRun): Promise<LoadResult> {
  const watch = createWatch();
  const connections = await openAll(order, watch);
  for (const connection of connections) connection.start();
  await after(order.warmUpMs, watch);
  watch.open();
  tell({ report: 'window-opens' });
  await after(order.windowMs, watch);
  const result = watch.close();
  tell({ report: 'window-closes' });
  for (const connection of connections) connection.stop();
  while (connections.some((connection) => connection.inFlight() > 0)) await pause(5);
  for (const connection of connections) connection.close();
  return { ...result, messagesInAll: watch.inAll() };
}

async function openAll(order: LoadRun, watch: Watch): Promise<readonly BenchConnection[]> {
  assert(fleet !== undefined, 'the load was prepared');
  const whole = fleet;
  const connections: BenchConnection[] = [];
  for (let from = 0; from < whole.devices.length; from += OPENING_MAX) {
    const some = whole.devices.slice(from, from + OPENING_MAX);
    const opened = some.map((device, at) => {
      const own = forged[from + at];
      const packets = order.messages === 'plain' ? plainPackets(device, PLAIN_MESSAGES) : (own?.packets ?? []);
      return openConnection(device, whole, {
        port: order.port,
        packets,
        payloadOffsets: packets.map(payloadOffset),
        framesPerMessage: own?.framesPerMessage ?? 1,
        until: order.until,
        inFlightMax: order.inFlight,
        onDone: watch.done,
        onEmpty: watch.empty,
      });
    });
    connections.push(...(await Promise.all(opened)));
  }
  return connections;
}

/** After the fixed header, the topic and the packet id. */
function payloadOffset(packet: Buffer): number {
  let at = 1;
  while ((packet[at] ?? 0) >= 0x80) at += 1;
  return at + 1 + 2 + packet.readUInt16BE(at + 1) + 2;
}

interface Watch {
  readonly done: (sentAt: number) => void;
  readonly empty: () => void;
  readonly isEmpty: () => boolean;
  readonly open: () => void;
  readonly close: () => Omit<LoadResult, 'messagesInAll'>;
  readonly inAll: () => number;
}

function createWatch(): Watch {
  const samples = new Float32Array(SAMPLES_MAX);
  let inAll = 0;
  let isOpen = false;
  let inWindow = 0;
  let isEmpty = false;
  let openedAt = 0;
  let cpu = process.cpuUsage();
  return {
    inAll: () => inAll,
    isEmpty: () => isEmpty,
    empty: () => {
      isEmpty = true;
    },
    done: (sentAt) => {
      inAll += 1;
      if (!isOpen) return;
      if (inWindow < SAMPLES_MAX) samples[inWindow] = performance.now() - sentAt;
      inWindow += 1;
    },
    open: () => {
      cpu = process.cpuUsage();
      openedAt = performance.now();
      isOpen = true;
    },
    close: () => {
      isOpen = false;
      const windowMs = performance.now() - openedAt;
      const { user, system } = process.cpuUsage(cpu);
      const sorted = samples.subarray(0, Math.min(inWindow, SAMPLES_MAX)).sort();
      const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
      const cores = (user + system) / 1_000 / windowMs;
      return { messages: inWindow, windowMs, p50Ms: at(0.5), p99Ms: at(0.99), cores, isShort: isEmpty };
    },
  };
}

/** Waits so long, or until the first connection has nothing left to send: from then on the load would be smaller. */
async function after(ms: number, watch: Watch): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms && !watch.isEmpty()) await pause(5);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
