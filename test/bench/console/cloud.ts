import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import { type Layout, layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { quietSurroundings } from '../../support/quiet-surroundings.ts';
import { type Books, fillLog, fillTransfers } from './books.ts';

export interface BenchCloud {
  readonly origin: string;
  /** Of a session with every role. */
  readonly cookie: string;
  readonly fillSeconds: number;
  readonly startSeconds: number;
  readonly startCpuSeconds: number;
  /** What it read until then, from files or their cache: the program itself among it. */
  readonly startReadMb: number;
  readonly stop: () => Promise<void>;
}

/** The product as it is built: this program is compiled for itself. */
const MAIN = 'dist/bin/main.js';
const START_MS_MAX = 300_000;
const PASSWORD = 'correct horse battery';

/**
 * A cloud of its own process with books on file, and somebody logged in.
 *
 * @param isKept - the books stay for the next run, and are used where they are there
 */
export async function startCloud(scratch: string, books: Books, isKept = false): Promise<BenchCloud> {
  const layout = layoutOf(scratch);
  const begun = performance.now();
  if (isKept && existsSync(layout.config('cloud.yaml'))) forgetAccounts(layout);
  else await fill(layout, books);
  mkdirSync(layout.sockets, { recursive: true });
  const filled = performance.now();
  const { child, link } = await started(layout);
  const startSeconds = (performance.now() - filled) / 1_000;
  const startCpuSeconds = cpuSecondsOf(child.pid ?? 0);
  const startReadMb = readMbOf(child.pid ?? 0);
  const origin = new URL(link).origin;
  const cookie = await firstSession(origin, new URL(link).hash.slice(1));
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
    if (!isKept) rmSync(scratch, { recursive: true, force: true });
  };
  return { origin, cookie, fillSeconds: (filled - begun) / 1_000, startSeconds, startCpuSeconds, startReadMb, stop };
}

function readMbOf(pid: number): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) / 1_000_000;
}

/** User and system time of a process, in ticks of 10 ms. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function fill(layout: Layout, books: Books): Promise<void> {
  rmSync(layout.root, { recursive: true, force: true });
  mkdirSync(layout.root, { recursive: true });
  const now = Date.now() as Instant;
  const prepared = await prepareFleet(layout, { vehicles: 1, seed: 'bench', traces: [] }, quietSurroundings());
  if (!prepared.ok) throw new Error(prepared.fault.problem.en);
  fillTransfers(layout, books, now);
  fillLog(layout, books, now);
}

/** The first account is made anew in each run. */
function forgetAccounts(layout: Layout): void {
  const stores = layout.cloud('stores');
  for (const name of readdirSync(stores)) if (name.startsWith('accounts.sqlite')) rmSync(join(stores, name));
}

async function firstSession(origin: string, token: string): Promise<string> {
  const body = {
    ...{ token, password: PASSWORD, account: 'bench', person: 'p-bench', resident: 'CN' },
    employer: { name: 'Example Motor', country: 'CN' },
  };
  const answer = await fetch(`${origin}/api/v1/setup`, {
    method: 'POST',
    headers: { 'x-tongguan-csrf': 'none', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function started(layout: Layout): Promise<{ readonly child: ChildProcess; readonly link: string }> {
  const child = spawn(process.execPath, [...CLOUD_FLAGS, MAIN, 'cloud', '--config', layout.config('cloud.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let told = '';
    const late = setTimeout(() => reject(new Error(`the cloud gave no link: ${told}`)), START_MS_MAX);
    child.once('exit', () => reject(new Error(`the cloud ended: ${told}`)));
    child.stderr.on('data', (piece: Buffer) => {
      told += piece.toString();
      const link = /http:\S+\/setup#[0-9a-f]+/.exec(told)?.[0];
      if (link === undefined) return;
      clearTimeout(late);
      resolve({ child, link });
    });
  });
}
