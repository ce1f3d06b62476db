import { constants } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { Aedes } from 'aedes';
import { listenForMqtt, type MqttIngress } from '../../../cloud/adapters/embedded-mqtt.ts';
import { attachToBroker } from '../../../cloud/adapters/external-mqtt.ts';
import { makeZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import { type CloudStores, openStores } from '../../../cloud/composition/open-stores.ts';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import { type Fault, renderFault } from '../../../proto/words/fault.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import type { BenchFleet } from './fleet.ts';

/** The system under test, a process of its own. */
export interface BrokerOrder {
  /**
   * `ingest`: the gateway with all its stores. `nothing`: the same embedded broker, which answers each publish at once.
   * `bare`: the MQTT library alone on the same TLS, without our topic rules and packet guard. `tls`: handshakes, and then nothing.
   * `external`: the gateway, attached to somebody else's broker.
   */
  readonly does: 'ingest' | 'nothing' | 'bare' | 'tls' | 'external';
  /** Of that broker. */
  readonly url?: string;
  readonly directory: string;
  readonly fleet: BenchFleet;
}

export interface BrokerUsage {
  readonly atMs: number;
  /** CPU time since the start: all threads, and the one that runs JavaScript. */
  readonly cpuMs: number;
  readonly mainCpuMs: number;
  /** After a collection, where the process was started with `--expose-gc`. */
  readonly residentBytes: number;
  readonly heapBytes: number;
}

export type BrokerReport =
  | { readonly report: 'listening'; readonly port: number }
  | { readonly report: 'usage'; readonly usage: BrokerUsage }
  | { readonly report: 'totals'; readonly totals: BrokerTotals };

export interface BrokerTotals {
  readonly framesAdmitted: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

const tell = (report: BrokerReport): void => {
  process.send?.(report);
};

process.once('message', (order: BrokerOrder) => {
  void serve(order).then((served) => {
    tell({ report: 'listening', port: served.port });
    process.on('message', (question: 'usage' | 'totals' | 'stop') => {
      if (question === 'usage') tell({ report: 'usage', usage: usage() });
      else if (question === 'totals') tell({ report: 'totals', totals: served.totals() });
      else void served.stop().then(() => process.exit(0));
    });
  });
});
process.on('disconnect', () => process.exit(0));

interface Served {
  readonly port: number;
  readonly totals: () => BrokerTotals;
  readonly stop: () => Promise<void>;
}

async function serve(order: BrokerOrder): Promise<Served> {
  if (order.does === 'bare' || order.does === 'tls') return serveBare(order.fleet, order.does);
  mkdirSync(order.directory, { recursive: true });
  const keys = join(order.directory, 'keys');
  makeZoneKeys(keys);
  const clock = { now: () => Date.now() as Instant };
  const stores = openStores(order.directory, { directory: keys, vaults: keys, read: [], clock });
  stores.register.add(order.fleet.devices.map(({ vin, publicKey }) => ({ vin: vin as Vin, publicKey })));
  return order.does === 'nothing' ? serveNothing(order.fleet, stores) : serveIngest(order, stores);
}

/** Put together as cloud/run-cloud.ts does, without export gate and local API, which no frame passes. */
async function serveIngest({ fleet, url }: BrokerOrder, stores: CloudStores): Promise<Served> {
  let ingress: MqttIngress | undefined;
  const gateway = aheadOf(
    createGateway({
      stores,
      clock: { now: () => Date.now() as Instant },
      onDurable: (acknowledgement) => ingress?.acknowledge(acknowledgement),
      onAlert: (_, code) => assert(false, `the load raises no alert, and raised ${code}`),
      onFault: failed,
    }),
  );
  const events = {
    find: stores.register.find,
    onPayload: gateway.receive,
    onRefused: (reason: string) => assert(false, `the load is not refused, and was for ${reason}`),
    devices: () => [],
  };
  const attached = { protocol: '5', share: 'bench', worker: 'bench', connections: IN_HAND, tls: {} } as const;
  const listening =
    url === undefined
      ? await listenForMqtt(settings(fleet), events)
      : await attachToBroker({ url, ...attached }, events);
  assert(listening.ok, 'a free port can be had, or the broker is there');
  ingress = listening.value;
  return {
    port: ingress.port,
    totals: () => ({ ...stores.ledger.totals(), quarantined: stores.quarantine.count() }),
    stop: async () => {
      await listening.value.close();
      gateway.flush();
      stores.close();
    },
  };
}

/** A figure of a broker that fails is none: whoever measures hears of its end. */
function failed(fault: Fault): never {
  process.stderr.write(`${renderFault('bench', fault)}\n`);
  process.exit(1);
}

/** Connections to somebody else's broker, each with one payload in hand. */
const IN_HAND = 16;

async function serveNothing(fleet: BenchFleet, stores: CloudStores): Promise<Served> {
  const listening = await listenForMqtt(settings(fleet), {
    find: stores.register.find,
    onPayload: (_device, _payload, done) => done(),
    onRefused: (reason) => assert(false, `the load is not refused, and was for ${reason}`),
  });
  assert(listening.ok, 'a free port can be had');
  return {
    port: listening.value.port,
    totals: () => NOTHING,
    stop: async () => {
      await listening.value.close();
      stores.close();
    },
  };
}

async function serveBare(fleet: BenchFleet, does: 'bare' | 'tls'): Promise<Served> {
  const broker = await Aedes.createBroker({ authorizePublish: (_client, _packet, done) => done(null) });
  const { certificate: cert, key, deviceAuthority: ca } = settings(fleet);
  const asked = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
  const tls = { cert, key, ca, ...asked, secureOptions: constants.SSL_OP_NO_TICKET };
  const server = createServer(tls, (socket) => {
    if (does === 'bare') broker.handle(socket);
    else socket.on('error', () => undefined).resume();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return { port, totals: () => NOTHING, stop: () => new Promise((resolve) => broker.close(() => resolve())) };
}

const NOTHING: BrokerTotals = { framesAdmitted: 0, duplicates: 0, quarantined: 0 };

function settings({ serverCertificate, serverKey, deviceAuthority }: BenchFleet) {
  return { host: '127.0.0.1', port: 0, certificate: serverCertificate, key: serverKey, deviceAuthority };
}

function usage(): BrokerUsage {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    cpuMs: (user + system) / 1_000,
    mainCpuMs: mainThreadCpuMs(),
    residentBytes: process.memoryUsage.rss(),
    heapBytes: process.memoryUsage().heapUsed,
  };
}

/** From Linux's own account of the thread, in ticks of 10 ms; 0 where there is none. */
function mainThreadCpuMs(): number {
  try {
    const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
