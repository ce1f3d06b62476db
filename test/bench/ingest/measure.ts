import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import { assert } from '../../../proto/words/result.ts';
import type { BrokerOrder, BrokerReport, BrokerTotals, BrokerUsage } from './broker.ts';
import type { BenchFleet } from './fleet.ts';
import type { ForgeOrder } from './forge.ts';
import type { LoadOrder, LoadReport, LoadResult, LoadRun } from './load-orders.ts';

/** A load process that holds its messages. */
export interface Load {
  readonly payloadBytes: number;
  readonly frameBytes: number;
  readonly measure: (against: Against) => Promise<Measured>;
  readonly end: () => void;
}

export interface Against {
  readonly does: BrokerOrder['does'];
  readonly messages: LoadRun['messages'];
  readonly warmUpMs: number;
  readonly windowMs: number;
}

export interface Measured extends Omit<LoadResult, 'cores'> {
  readonly messagesPerSecond: number;
  readonly loadCores: number;
  /** CPU time of the broker over the window, in cores: all threads, and the one that runs JavaScript. */
  readonly brokerCores: number;
  readonly brokerMainCores: number;
  /** CPU time of the broker for one message, microseconds. */
  readonly brokerUsPerMessage: number;
  readonly residentMb: number;
}

export const IN_FLIGHT = 8;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export async function startLoad(fleet: BenchFleet, order: ForgeOrder, directory: string): Promise<Load> {
  const child = fork(here('load.js'), [], { execArgv: ['--max-old-space-size=4096'] });
  const prepared = next<LoadReport, 'prepared'>(child, 'prepared');
  child.send({ order: 'prepare', fleet, forge: order } satisfies LoadOrder);
  const { payloadBytes, frameBytes } = await prepared;
  return {
    payloadBytes,
    frameBytes,
    measure: (against) => measure(child, fleet, order, directory, against),
    end: () => child.disconnect(),
  };
}

async function measure(
  load: ChildProcess,
  fleet: BenchFleet,
  { framesPerMessage }: ForgeOrder,
  directory: string,
  { does, messages, warmUpMs, windowMs }: Against,
): Promise<Measured> {
  const stores = join(directory, 'stores');
  rmSync(stores, { recursive: true, force: true });
  const broker = fork(here('broker.js'), [], { execArgv: [...CLOUD_FLAGS, ...brokerArguments(does)] });
  const listening = next<BrokerReport, 'listening'>(broker, 'listening');
  broker.send({ does, directory: stores, fleet } satisfies BrokerOrder);
  const { port } = await listening;
  const until = does === 'ingest' ? 'twice' : 'puback';
  const usages = Promise.all([
    next<LoadReport, 'window-opens'>(load, 'window-opens').then(() => usageOf(broker)),
    next<LoadReport, 'window-closes'>(load, 'window-closes').then(() => usageOf(broker)),
  ]);
  const done = next<LoadReport, 'done'>(load, 'done');
  load.send({ order: 'run', port, messages, until, inFlight: IN_FLIGHT, warmUpMs, windowMs } satisfies LoadOrder);
  const [[opened, closed], { result }] = await Promise.all([usages, done]);
  if (does === 'ingest') checkTotals(await totalsOf(broker), result.messagesInAll * framesPerMessage);
  await stop(broker);
  rmSync(stores, { recursive: true, force: true });
  return summary(result, opened, closed);
}

function summary({ cores, ...result }: LoadResult, opened: BrokerUsage, closed: BrokerUsage): Measured {
  const elapsedMs = closed.atMs - opened.atMs;
  const brokerCores = (closed.cpuMs - opened.cpuMs) / elapsedMs;
  const messagesPerSecond = (result.messages / result.windowMs) * 1_000;
  return {
    ...result,
    messagesPerSecond,
    loadCores: cores,
    brokerCores,
    brokerMainCores: (closed.mainCpuMs - opened.mainCpuMs) / elapsedMs,
    brokerUsPerMessage: (brokerCores / messagesPerSecond) * 1e6,
    residentMb: closed.residentBytes / 1e6,
  };
}

/** Every frame that was acknowledged is stored, each once. */
function checkTotals({ framesAdmitted, duplicates, quarantined }: BrokerTotals, frames: number): void {
  const isWhole = framesAdmitted === frames && duplicates === 0 && quarantined === 0;
  assert(isWhole, `what was acknowledged was admitted once: ${frames} frames, ${framesAdmitted} admitted`);
}

/** A profile of the broker is written when `BENCH_PROFILE` names a directory. */
function brokerArguments(does: string): readonly string[] {
  const directory = process.env['BENCH_PROFILE'];
  return directory === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${does}-${Date.now()}.cpuprofile`];
}

async function usageOf(broker: ChildProcess): Promise<BrokerUsage> {
  const report = next<BrokerReport, 'usage'>(broker, 'usage');
  broker.send('usage');
  return (await report).usage;
}

async function totalsOf(broker: ChildProcess): Promise<BrokerTotals> {
  const report = next<BrokerReport, 'totals'>(broker, 'totals');
  broker.send('totals');
  return (await report).totals;
}

function stop(broker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    broker.once('exit', () => resolve());
    broker.send('stop');
  });
}

/** The next report of a kind; a child that ends before is an error. */
function next<Report extends { readonly report: string }, Kind extends Report['report']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<Report, { readonly report: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a bench process ended with ${code}`));
    const onMessage = (report: Report): void => {
      if (report.report !== kind) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(report as Extract<Report, { readonly report: Kind }>);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}
