import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExporterStatus, runExporter } from '../../../cloud/exporter/main.ts';
import { type ReceiverStatus, runReceiver } from '../../../cloud/exporter/receiver/main.ts';
import { readLog } from '../../../cloud/log/read-log.ts';
import { verifyLog } from '../../../cloud/log/verify.ts';
import type { Clock } from '../../../proto/words/time.ts';
import { type Border, LOG_ORIGIN, SYSTEM_CLOCK } from './border.ts';

/** A role running in this process. */
export interface Running<Status> {
  readonly statuses: readonly Status[];
  readonly lines: readonly string[];
  readonly exit: Promise<number>;
  /** Asks it to stop and gives its exit status. */
  readonly stop: () => Promise<number>;
}

export function startExporter(configPath: string, clock: Clock = SYSTEM_CLOCK): Running<ExporterStatus> {
  return start((io) => runExporter(configPath, { ...io, clock, chance: () => 0.5 }));
}

/** Resolves once it listens. */
export async function startReceiver(configPath: string): Promise<Running<ReceiverStatus> & { readonly port: number }> {
  const running = start<ReceiverStatus>((io) => runReceiver(configPath, { ...io, clock: SYSTEM_CLOCK }));
  await until(() => running.statuses.length > 0);
  return { ...running, port: running.statuses[0]?.port ?? 0 };
}

interface CommonIo<Status> {
  readonly err: (line: string) => void;
  readonly status: (status: Status) => void;
  readonly stop: AbortSignal;
}

function start<Status>(run: (io: CommonIo<Status>) => Promise<number>): Running<Status> {
  const stop = new AbortController();
  const statuses: Status[] = [];
  const lines: string[] = [];
  const exit = run({
    err: (line) => lines.push(line),
    status: (status) => statuses.push(status),
    stop: stop.signal,
  });
  return {
    statuses,
    lines,
    exit,
    stop: () => {
      stop.abort();
      return exit;
    },
  };
}

const PATIENCE_MS = 25_000;

/** Waits for something that other parts of the program bring about. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${isSo.toString()}`);
    await sleep(5);
  }
}

export interface ReturnFile {
  readonly transferId: string;
  readonly outcome: string;
  readonly receipt?: string;
  readonly fault?: { readonly code: string };
  readonly attempts: number;
  readonly trafficLeafIndex: number;
}

/** The return file of a transfer, when it says one of the outcomes asked for. */
export async function returned(border: Border, id: string, outcomes = ['delivered', 'refused']): Promise<ReturnFile> {
  const path = join(border.returns, `${id}.json`);
  let file: ReturnFile | undefined;
  await until(() => {
    if (!existsSync(path)) return false;
    file = JSON.parse(readFileSync(path, 'utf8')) as ReturnFile;
    return outcomes.includes(file.outcome);
  });
  if (file === undefined) throw new Error('a return file');
  return file;
}

export interface ReadEntry {
  readonly kind: string;
  readonly transferId: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Derives the traffic log again from its files alone and changes nothing. */
export function verifyTraffic(border: Border): ReturnType<typeof verifyLog> {
  return verifyLog({ directory: border.logDirectory, origin: LOG_ORIGIN, publicKey: border.logPublicKey });
}

/** Verifies the traffic log, then reads it; changes nothing, so that the exporter may go on beside it. */
export function readTraffic(border: Border): readonly ReadEntry[] {
  const verified = verifyTraffic(border);
  if (!verified.ok) throw new Error(verified.fault.map((fault) => fault.code).join());
  const log = readLog({ directory: border.logDirectory, origin: LOG_ORIGIN, publicKey: border.logPublicKey });
  if (!log.ok) throw new Error(log.fault.code);
  const entries = [...log.value.entries()].map(({ leaf }) => ({
    kind: leaf.kind,
    transferId: leaf.transferId,
    document: JSON.parse(Buffer.from(leaf.document).toString()) as Record<string, unknown>,
  }));
  log.value.close();
  return entries;
}
