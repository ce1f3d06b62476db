import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import type { BrokerOrder, BrokerReport } from '../ingest/broker.ts';
import { makeFleet } from '../ingest/fleet.ts';
import type { HoldOrder, HoldReport } from './hold.ts';

/** Vehicles connected over mTLS that say nothing, and what half of them coming back at once costs. */
export interface HeldFigures {
  readonly vehicles: number;
  readonly openSeconds: number;
  /** Resident memory of the cloud for one of them, 1,000 bytes. */
  readonly kbEach: number;
  readonly residentMb: number;
  readonly storm: number;
  readonly stormSeconds: number;
  readonly stormFailed: number;
  readonly stormCpuSeconds: number;
  readonly residentAfterMb: number;
}

const SETTLE_MS = 3_000;

export async function measureHeld(directory: string, vehicles: number, storm: number): Promise<HeldFigures> {
  const fleet = await makeFleet(vehicles, Date.now());
  const broker = fork(here('../ingest/broker.js'), [], { execArgv: [...CLOUD_FLAGS] });
  const listening = answered<BrokerReport>(broker);
  broker.send({ does: 'ingest', directory, fleet } satisfies BrokerOrder);
  const heard = await listening;
  if (heard.report !== 'listening') throw new Error(heard.report);
  const before = await usageOf(broker);
  const holder = fork(here('hold.js'), []);
  const opened = await ordered(holder, { order: 'open', fleet, port: heard.port });
  await settled();
  const held = await usageOf(broker);
  const stormed = await ordered(holder, { order: 'storm', vehicles: storm });
  await settled();
  const after = await usageOf(broker);
  holder.disconnect();
  const ended = once(broker, 'exit');
  broker.send('stop');
  await ended;
  return {
    vehicles,
    openSeconds: opened.seconds,
    kbEach: (held.residentBytes - before.residentBytes) / vehicles / 1e3,
    residentMb: held.residentBytes / 1e6,
    storm,
    stormSeconds: stormed.seconds,
    stormFailed: stormed.failed,
    stormCpuSeconds: (after.cpuMs - held.cpuMs) / 1e3,
    residentAfterMb: after.residentBytes / 1e6,
  };
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
