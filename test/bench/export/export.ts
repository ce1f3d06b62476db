import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
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

export interface ExportFigures {
  readonly megabytes: number;
  readonly seconds: number;
  readonly bareSeconds: number;
  /** Most that the exporter held resident, in MB. */
  readonly residentMb: number;
  /** Before it had a parcel. */
  readonly idleMb: number;
}

/** What `make build` made; the benchmark is started at the root of the repository. */
const INSTALLED: Compiled = {
  exporter: resolve('dist/cloud/exporter/start.js'),
  receiver: resolve('dist/cloud/exporter/receiver/start.js'),
  codePaths: ['dist', 'node_modules', 'package.json'].map((path) => resolve(path)),
};

const CHUNK_BYTES = 1_048_576;
const MB = 1e6;

/** One parcel through the exporter to the reference receiver, and the same file by a bare upload over TLS, two processes each. */
export async function measureExport(bytes: number): Promise<ExportFigures> {
  const border = await createBorder();
  try {
    const bareSeconds = await bareUpload(border, await makeFile(border, bytes));
    return { ...(await throughExporter(border, INSTALLED, bytes)), megabytes: bytes / MB, bareSeconds };
  } finally {
    border.remove();
  }
}

const sourceOf = (border: Border) => join(border.root, 'border/staging/t-1/data.bin');

async function makeFile(border: Border, bytes: number): Promise<string> {
  mkdirSync(join(border.root, 'border/staging/t-1'), { recursive: true });
  const path = sourceOf(border);
  const chunk = Buffer.alloc(CHUNK_BYTES, 'a row of a table, ');
  async function* chunks() {
    for (let left = bytes; left > 0; left -= CHUNK_BYTES) yield chunk.subarray(0, left);
  }
  await pipeline(chunks(), createWriteStream(path, { flush: true }));
  return path;
}

async function bareUpload(border: Border, path: string): Promise<number> {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const server: ChildProcess = fork(new URL(`./bare-server${ending}`, import.meta.url));
  const { certificate: cert, key } = border.recipient;
  server.send({ cert, key, ca: border.authority.certificate, path: join(border.root, 'bare.bin') });
  const [port] = (await once(server, 'message')) as [number];
  const own = { cert: border.exporter.certificate, key: border.exporter.key, ca: border.authority.certificate };
  const began = performance.now();
  const made = request({ host: '127.0.0.1', port, method: 'PUT', path: '/', ...own });
  const answered = once(made, 'response');
  await pipeline(createReadStream(path, { highWaterMark: 65_536 }), made);
  await answered;
  const seconds = (performance.now() - began) / 1_000;
  server.kill();
  rmSync(join(border.root, 'bare.bin'));
  return seconds;
}

async function throughExporter(border: Border, compiled: Compiled, bytes: number) {
  const receiver = await spawnReceiver(compiled, writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint, { pollMs: 20 });
  const args = [...restrictions(compiled, path), compiled.exporter, '--config', path];
  const exporter = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(exporter, 'message');
  const idleMb = residentOf(exporter, 'VmRSS');
  await putHere(border, endpoint, bytes);
  const began = performance.now();
  while (!existsSync(join(border.returns, 't-1.json'))) await sleep(5);
  const seconds = (performance.now() - began) / 1_000;
  const residentMb = residentOf(exporter, 'VmHWM');
  exporter.kill('SIGTERM');
  await receiver.stop();
  return { seconds, residentMb, idleMb };
}

/** The file that was uploaded bare, with a manifest and a permit. */
async function putHere(border: Border, endpoint: string, bytes: number): Promise<void> {
  const directory = join(border.root, 'border/staging/t-1');
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(sourceOf(border))) hash.update(chunk as Buffer);
  const files = [{ name: 'data.bin', bytes, sha256: hash.digest('hex') }];
  const manifest = Buffer.from(canonicalJson({ ...manifestOf('t-1', {}), files }));
  writeFileSync(join(directory, 'manifest.json'), manifest);
  writeFileSync(
    join(directory, 'permit.bin'),
    sealPermit(permitFor(border, { id: 't-1', endpoint }, manifest), {}, border),
  );
  renameSync(directory, join(border.outbox, 't-1'));
}

function residentOf({ pid }: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes = '0'] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_000;
}
