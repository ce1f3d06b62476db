import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import type { BrokerOrder, BrokerReport } from '../ingest/broker.ts';
import type { BenchFleet } from '../ingest/fleet.ts';
import { answered } from './answered.ts';
import type { HoldOrder, HoldReport, Speaks } from './hold.ts';

/** Memory of the cloud for one connection more, 1,000 bytes, from how it grows with their number. */
export interface EachConnection {
  readonly held: number;
  readonly openSeconds: number;
  readonly residentKb: number;
  readonly heapKb: number;
  readonly residentMb: number;
  /** Of the process beside it, where there is one. */
  readonly otherKb: number;
}

const SETTLE_MS = 1_500;
/** Memory is looked at after each of so many parts of the connections; the first is where pools and heaps grow. */
const STEPS = 4;

/** The process that is measured, and the one that is the vehicles. */
export interface Connected {
  readonly broker: ChildProcess;
  readonly holder: ChildProcess;
  readonly end: () => Promise<void>;
}

/** @param port - where the vehicles connect, if it is not where the cloud listens */
export async function connectTo(order: BrokerOrder, speaks: Speaks, port?: number): Promise<Connected> {
  const broker = fork(here('../ingest/broker.js'), [], { execArgv: [...CLOUD_FLAGS, '--expose-gc'] });
  const listening = answered<BrokerReport>(broker);
  broker.send(order);
  const heard = await listening;
  if (heard.report !== 'listening') throw new Error(heard.report);
  const holder = await holdOf(order.fleet, port ?? heard.port, speaks);
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

async function holdOf(fleet: BenchFleet, port: number, speaks: Speaks): Promise<ChildProcess> {
  const holder = fork(here('hold.js'), []);
  await ordered(holder, { order: 'begin', fleet, port, speaks });
  return holder;
}

/** @param other - resident bytes of a process beside it, asked after each step */
export async function openInSteps(
  { broker, holder }: Connected,
  vehicles: number,
  msMax: number,
  other: () => number = () => 0,
): Promise<EachConnection> {
  const seen: Seen[] = [];
  let openSeconds = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    const order = { order: 'open', vehicles: Math.floor((vehicles * step) / STEPS), msMax: msMax / STEPS } as const;
    const { held, seconds } = await ordered(holder, order);
    openSeconds += seconds;
    await settled();
    const { residentBytes, heapBytes } = await usageOf(broker);
    seen.push({ held, resident: residentBytes, heap: heapBytes, other: other() });
  }
  const slope = (of: 'resident' | 'heap' | 'other') => slopeOf(seen.map((one) => [one.held, one[of]] as const)) / 1e3;
  const { held, resident } = seen.at(-1) ?? { held: 0, resident: 0 };
  return {
    ...{ held, openSeconds, residentKb: slope('resident'), heapKb: slope('heap'), otherKb: slope('other') },
    residentMb: resident / 1e6,
  };
}

interface Seen {
  readonly held: number;
  readonly resident: number;
  readonly heap: number;
  readonly other: number;
}

/** Of the line nearest to the points, by least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

export async function usageOf(broker: ChildProcess) {
  const report = answered<BrokerReport>(broker);
  broker.send('usage');
  const heard = await report;
  if (heard.report !== 'usage') throw new Error(heard.report);
  return heard.usage;
}

/** Waits until as many frames are admitted as were sent. @throws where they are not, or something else is */
export async function allAdmitted(broker: ChildProcess, frames: number): Promise<void> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const report = answered<BrokerReport>(broker);
    broker.send('totals');
    const heard = await report;
    if (heard.report !== 'totals') throw new Error(heard.report);
    const { framesAdmitted, quarantined } = heard.totals;
    if (framesAdmitted === frames && quarantined === 0) return;
    if (waited > ADMITTED_MS_MAX) throw new Error(`of ${frames}: ${JSON.stringify(heard.totals)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const ADMITTED_MS_MAX = 60_000;
const LOOK_EVERY_MS = 200;

export function ordered(holder: ChildProcess, order: HoldOrder): Promise<HoldReport> {
  const report = answered<HoldReport>(holder);
  holder.send(order);
  return report;
}
