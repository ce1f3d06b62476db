import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../../bin/up/free-port.ts';
import { type Border, createBorder, RECIPIENT_ID } from '../../integration-exporter/support/border.ts';
import { writeExporterConfig } from '../../integration-exporter/support/configs.ts';
import { restrictions } from '../../integration-exporter/support/processes.ts';
import { CAPTURE_BYTES_MAX, INSTALLED, makeFile, putParcel } from './export.ts';
import { residentMbOf } from './process-figures.ts';

async function startExporter(border: Border, endpoint: string, changes: object): Promise<ChildProcess> {
  const capture = { directory: 'captures', publicKeyFile: 'keys/capture.pub', bytesMax: CAPTURE_BYTES_MAX };
  const path = writeExporterConfig(border, endpoint, { pollMs: 100, capture, ...changes });
  const args = [...restrictions(INSTALLED, path), INSTALLED.exporter, '--config', path];
  const exporter = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  await once(exporter, 'message');
  return exporter;
}

async function stop(exporter: ChildProcess): Promise<void> {
  const ended = once(exporter, 'exit');
  exporter.kill('SIGTERM');
  await ended;
}

async function clear(border: Border, endpoint: string, bytes: number): Promise<void> {
  const { path, sha256 } = await makeFile(border, bytes);
  renameSync(putParcel(border, endpoint, { id: 't-1', path, bytes, sha256 }), join(border.outbox, 't-1'));
}

/** A parcel that a recipient fetches with curl. */
export async function measureFetch(bytes: number) {
  const made = await createBorder();
  const border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
  const server = await border.authority.issue('exporter', 'server');
  const keys = join(border.root, 'keys');
  const files = { 'pull.crt': server.certificate, 'pull.key': server.key };
  const own = { 'own.crt': border.recipient.certificate, 'own.key': border.recipient.key };
  for (const [name, content] of Object.entries({ ...files, ...own })) writeFileSync(join(keys, name), content);
  const [port, endpoint, authorityFile] = [await freePort(), 'https://recipient.example', 'keys/authority.crt'];
  const { sha256: certificateSha256 } = border.recipient;
  const exporter = await startExporter(border, endpoint, {
    recipients: [{ id: RECIPIENT_ID, endpoint, certificateSha256, sealedTo: 'none', delivery: 'pull', authorityFile }],
    pull: {
      listen: { host: '127.0.0.1', port },
      ...{ certificateFile: 'keys/pull.crt', keyFile: 'keys/pull.key', clientAuthorityFile: authorityFile },
    },
  });
  try {
    await clear(border, endpoint, bytes);
    const idleMb = residentMbOf(exporter, 'VmRSS');
    const began = performance.now();
    const told = ['-sS', '--fail', '--tlsv1.3', '-w', '%{size_download}', '-o', '/dev/null'];
    const pair = [
      '--cacert',
      join(keys, 'authority.crt'),
      '--cert',
      join(keys, 'own.crt'),
      '--key',
      join(keys, 'own.key'),
    ];
    const url = `https://127.0.0.1:${port}/v1/transfers/t-1/files/data.bin`;
    const { stdout } = await promisify(execFile)('curl', [...told, ...pair, url]);
    if (Number(stdout) !== bytes) throw new Error(`curl has ${stdout} bytes`);
    return { seconds: (performance.now() - began) / 1_000, residentMb: residentMbOf(exporter, 'VmHWM'), idleMb };
  } finally {
    await stop(exporter);
    border.remove();
  }
}

/** A recipient that takes some of a file and then reads no more. */
async function startSlowRecipient(border: Border) {
  let taken = 0;
  let goOn: () => unknown = () => undefined;
  let closed = Promise.resolve();
  const { certificate: cert, key } = border.recipient;
  const options = { cert, key, ca: border.authority.certificate, requestCert: true, minVersion: 'TLSv1.3' as const };
  const server = createServer(options, (request, response) => {
    request.on('error', () => undefined);
    goOn = () => request.resume();
    if (request.method !== 'PUT') return response.writeHead(404).end();
    if (request.url?.endsWith('data.bin') !== true)
      return request.resume().on('end', () => response.writeHead(204).end());
    return request.on('data', ({ length }: Buffer) => {
      taken += length;
      if (taken > TAKEN_BYTES) request.pause();
    });
  });
  server.on('connection', (socket) => {
    taken = 0;
    closed = once(socket, 'close').then(() => undefined);
  });
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hasStalled: () => taken > TAKEN_BYTES,
    /** Whoever does not read does not see that a connection is over: reads again, and waits for it. */
    ended: () => {
      goOn();
      return closed;
    },
    close: () => server.close(),
  };
}

/** ms from the mark of a stop to the end of the connection of a transfer under way, as the recipient sees it, one a turn. */
export async function measureStop(turns: number): Promise<readonly number[]> {
  const border = await createBorder();
  const recipient = await startSlowRecipient(border);
  const exporter = await startExporter(border, recipient.endpoint, {});
  const mark = join(border.root, 'border/emergency-stop');
  const cuts: number[] = [];
  try {
    await clear(border, recipient.endpoint, SLOW_BYTES);
    for (let turn = 0; turn < turns; turn += 1) {
      while (!recipient.hasStalled()) await sleep(5);
      const began = performance.now();
      writeFileSync(mark, '');
      await recipient.ended();
      cuts.push(performance.now() - began);
      rmSync(mark);
    }
    return cuts;
  } finally {
    await stop(exporter);
    recipient.close();
    border.remove();
  }
}

const TAKEN_BYTES = 100_000;
const SLOW_BYTES = 300_000_000;
