import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import type { BrokerOrder, BrokerReport } from '../ingest/broker.ts';
import { makeFleet } from '../ingest/fleet.ts';
import type { HoldOrder, HoldReport } from './hold.ts';

/** Memory of the cloud for one connection more, 1,000 bytes, from how it grows with their number. */
export interface EachConnection {
  readonly held: number;
  readonly openSeconds: number;
  readonly residentKb: number;
  readonly heapKb: number;
  readonly residentMb: number;
}

/** Vehicles connected over mTLS that say nothing, and what half of them coming back at once costs. */
export interface HeldFigures {
  readonly cloud: EachConnection;
  /** The same connections to Node's TLS alone: handshakes with client certificates, and nothing else. */
  readonly tls: EachConnection;
  readonly storm: number;
  readonly stormBack: number;
  readonly stormSeconds: number;
  readonly stormFailed: number;
  readonly stormCpuSeconds: number;
  readonly residentAfterMb: number;
}

export interface HeldOrder {
  readonly vehicles: number;
  /** Of them for TLS alone. */
  readonly vehiclesOfTls: number;
  readonly storm: number;
  /** For making certificates, opening connections and the storm; where it is over, there are fewer of them. */
  readonly fleetMsMax: number;
  readonly openMsMax: number;
  readonly stormMsMax: number;
}

const SETTLE_MS = 1_500;
/** Memory is looked at after each of so many parts of the connections; the first is where pools and heaps grow. */
const STEPS = 4;

export async function measureHeld(directory: string, order: HeldOrder): Promise<HeldFigures> {
  const fleet = await makeFleet(order.vehicles, Date.now(), order.fleetMsMax);
  const vehicles = fleet.devices.length;
  const share = order.vehiclesOfTls / (order.vehiclesOfTls + order.vehicles);
  const bare = await connectTo({ does: 'tls', directory, fleet });
  const tls = await openInSteps(bare, Math.min(vehicles, order.vehiclesOfTls), order.openMsMax * share);
  await bare.end();
  const served = await connectTo({ does: 'ingest', directory, fleet });
  const cloud = await openInSteps(served, vehicles, order.openMsMax * (1 - share));
  const held = await usageOf(served.broker);
  const storm = Math.min(order.storm, Math.floor(cloud.held / 2));
  const stormed = await ordered(served.holder, { order: 'storm', vehicles: storm, msMax: order.stormMsMax });
  await settled();
  const after = await usageOf(served.broker);
  await served.end();
  return {
    ...{ cloud, tls, storm },
    stormBack: stormed.back,
    stormSeconds: stormed.seconds,
    stormFailed: stormed.failed,
    stormCpuSeconds: (after.cpuMs - held.cpuMs) / 1e3,
    residentAfterMb: after.residentBytes / 1e6,
  };
}

interface Connected {
  readonly broker: ChildProcess;
  readonly holder: ChildProcess;
  readonly end: () => Promise<void>;
}

async function connectTo(order: BrokerOrder): Promise<Connected> {
  const broker = fork(here('../ingest/broker.js'), [], { execArgv: [...CLOUD_FLAGS, '--expose-gc'] });
  const listening = answered<BrokerReport>(broker);
  broker.send(order);
  const heard = await listening;
  if (heard.report !== 'listening') throw new Error(heard.report);
  const holder = fork(here('hold.js'), []);
  const speaks = order.does === 'tls' ? 'nothing' : 'mqtt';
  await ordered(holder, { order: 'begin', fleet: order.fleet, port: heard.port, speaks });
  return {
    broker,
    holder,
    end: async () => {
      holder.disconnect();
      const ended = once(broker, 'exit');
      broker.send('stop');
      await ended;
    },
  };
}

async function openInSteps({ broker, holder }: Connected, vehicles: number, msMax: number): Promise<EachConnection> {
  const seen: { readonly held: number; readonly resident: number; readonly heap: number }[] = [];
  let openSeconds = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    const order = { order: 'open', vehicles: Math.floor((vehicles * step) / STEPS), msMax: msMax / STEPS } as const;
    const { held, seconds } = await ordered(holder, order);
    openSeconds += seconds;
    await settled();
    const { residentBytes, heapBytes } = await usageOf(broker);
    seen.push({ held, resident: residentBytes, heap: heapBytes });
  }
  const slope = (of: 'resident' | 'heap') => slopeOf(seen.map((one) => [one.held, one[of]] as const)) / 1e3;
  const { held, resident } = seen.at(-1) ?? { held: 0, resident: 0 };
  return { held, openSeconds, residentKb: slope('resident'), heapKb: slope('heap'), residentMb: resident / 1e6 };
}

/** Of the line nearest to the points, by least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function usageOf(broker: ChildProcess) {
  const report = answered<BrokerReport>(broker);
  broker.send('usage');
  const heard = await report;
  if (heard.report !== 'usage') throw new Error(heard.report);
  return heard.usage;
}

function ordered(holder: ChildProcess, order: HoldOrder): Promise<HoldReport> {
  const report = answered<HoldReport>(holder);
  holder.send(order);
  return report;
}

/** The next thing a child says; one that ends before is an error. */
function answered<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a bench process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (report: T) => {
      child.off('exit', onExit);
      resolve(report);
    });
  });
}
