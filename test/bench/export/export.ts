import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '../../../proto/words/canonical-json.ts';
import {
  type Border,
  createBorder,
  manifestOf,
  permitFor,
  sealPermit,
} from '../../integration-exporter/support/border.ts';
import type { Compiled } from '../../integration-exporter/support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from '../../integration-exporter/support/configs.ts';
import { restrictions, spawnReceiver } from '../../integration-exporter/support/processes.ts';
import { bareUpload, type Upload } from './bare-upload.ts';
import { cpuSecondsOf, residentMbOf } from './process-figures.ts';

export interface ExportFigures {
  readonly megabytes: number;
  /** In turn, one of each. */
  readonly bare: readonly Upload[];
  readonly exported: readonly Upload[];
  /** Most that the exporter held resident after each parcel, in MB. */
  readonly residentMb: readonly number[];
  /** Before it had a parcel. */
  readonly idleMb: number;
}

/** What `make build` made; the benchmark is started at the root of the repository. */
export const INSTALLED: Compiled = {
  exporter: resolve('dist/cloud/exporter/start.js'),
  receiver: resolve('dist/cloud/exporter/receiver/start.js'),
  codePaths: ['dist', 'node_modules', 'package.json'].map((path) => resolve(path)),
};

const CHUNK_BYTES = 1_048_576;
const MB = 1e6;

/**
 * A parcel through the exporter to the reference receiver, and the same file by a bare upload over mTLS: two processes each, in
 * turn, the file in the page cache for both. The time of an export runs from the parcel's arrival in the outbox to its return.
 */
export async function measureExport(bytes: number, turns: number): Promise<ExportFigures> {
  const border = await createBorder();
  const running = await startBoth(border);
  try {
    const { path, sha256 } = await makeFile(border, bytes);
    const idleMb = residentMbOf(running.exporter, 'VmRSS');
    const [bare, exported, residentMb]: [Upload[], Upload[], number[]] = [[], [], []];
    for (let turn = 1; turn <= turns; turn += 1) {
      bare.push(await bareUpload(border, path));
      exported.push(await exportOnce(border, running, { id: `t-${turn}`, path, bytes, sha256 }));
      residentMb.push(residentMbOf(running.exporter, 'VmHWM'));
    }
    return { megabytes: bytes / MB, bare, exported, residentMb, idleMb };
  } finally {
    await running.stop();
    border.remove();
  }
}

async function makeFile(border: Border, bytes: number): Promise<{ readonly path: string; readonly sha256: string }> {
  const path = join(border.root, 'data.bin');
  const chunk = Buffer.alloc(CHUNK_BYTES, 'a row of a table, ');
  const hash = createHash('sha256');
  async function* chunks() {
    for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
      hash.update(chunk.subarray(0, left));
      yield chunk.subarray(0, left);
    }
  }
  await pipeline(chunks(), createWriteStream(path, { flush: true }));
  return { path, sha256: hash.digest('hex') };
}

interface Running {
  readonly exporter: ChildProcess;
  readonly receiver: Awaited<ReturnType<typeof spawnReceiver>>;
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

async function startBoth(border: Border): Promise<Running> {
  const receiver = await spawnReceiver(INSTALLED, writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const capture = { directory: 'captures', publicKeyFile: 'keys/capture.pub', bytesMax: CAPTURE_BYTES_MAX };
  const path = writeExporterConfig(border, endpoint, { pollMs: 100, capture });
  const args = [...restrictions(INSTALLED, path), INSTALLED.exporter, '--config', path];
  const exporter = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(exporter, 'message');
  const stop = async () => {
    const ended = once(exporter, 'exit');
    exporter.kill('SIGTERM');
    await Promise.all([ended, receiver.stop()]);
  };
  return { exporter, receiver, endpoint, stop };
}

const CAPTURE_BYTES_MAX = 100_000_000_000;

interface Sent {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function exportOnce(border: Border, { exporter, receiver, endpoint }: Running, sent: Sent): Promise<Upload> {
  const directory = putParcel(border, endpoint, sent);
  const before = [cpuSecondsOf(exporter), cpuSecondsOf(receiver)] as const;
  const began = performance.now();
  renameSync(directory, join(border.outbox, sent.id));
  while (!existsSync(join(border.returns, `${sent.id}.json`))) await sleep(5);
  const seconds = (performance.now() - began) / 1_000;
  const [senderCpu, takerCpu] = [cpuSecondsOf(exporter) - before[0], cpuSecondsOf(receiver) - before[1]];
  rmSync(join(border.root, 'receiver/received', sent.id), { recursive: true });
  return { seconds, senderCpu, takerCpu };
}

/** The file that was uploaded bare, with a manifest and a permit, beside the outbox. */
function putParcel(border: Border, endpoint: string, { id, path, bytes, sha256 }: Sent): string {
  const directory = join(border.root, 'border/staging', id);
  mkdirSync(directory, { recursive: true });
  linkSync(path, join(directory, 'data.bin'));
  const manifest = Buffer.from(canonicalJson({ ...manifestOf(id, {}), files: [{ name: 'data.bin', bytes, sha256 }] }));
  writeFileSync(join(directory, 'manifest.json'), manifest);
  writeFileSync(join(directory, 'permit.bin'), sealPermit(permitFor(border, { id, endpoint }, manifest), {}, border));
  return directory;
}
