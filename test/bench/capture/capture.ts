import { spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { sqliteCaptureIndex } from '../../../cloud/adapters/sqlite-capture-index.ts';
import { parseCidr } from '../../../cloud/capture/address.ts';
import {
  CATALOGUE_FILE,
  CHAIN_START,
  type ConnectionCapture,
  encodeEntry,
} from '../../../cloud/capture/capture-record.ts';
import { openCaptures } from '../../../cloud/composition/open-captures.ts';
import { type Capture, openCapture } from '../../../cloud/exporter/capture/open-capture.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';
import { createAuthority } from '../../support/cloud/certificates.ts';

const WEEK_START = Date.UTC(2026, 2, 1) as Instant;
const WEEK_MS = 7 * DAY_MS;
const CLOCK = { now: () => Date.now() as Instant };

export interface IndexFigures {
  readonly connections: number;
  readonly captureGb: number;
  readonly buildMs: number;
  readonly indexMb: number;
  readonly queries: readonly { readonly name: string; readonly found: number; readonly ms: number }[];
}

/** A week of captures of 10 GB in so many connections to 64 networks, in a list; then the questions an inspector asks. */
export function measureIndex(directory: string, connections: number): IndexFigures {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const bytesEach = Math.floor(10_000_000_000 / connections);
  const lines: Buffer[] = [];
  let previous = CHAIN_START;
  for (let at = 0; at < connections; at += 1) {
    const { line, chain } = encodeEntry(connectionAt(at, connections, bytesEach, previous));
    lines.push(line);
    previous = chain;
  }
  writeFileSync(join(directory, CATALOGUE_FILE), Buffer.concat(lines));
  const file = join(directory, 'index.sqlite');
  const begun = performance.now();
  const built = sqliteCaptureIndex(file);
  if (!built.follow(directory).ok) throw new Error('a list');
  built.close();
  const buildMs = performance.now() - begun;
  const ask = (name: string, days: readonly [number, number], cidr: string) => {
    const started = performance.now();
    const index = sqliteCaptureIndex(file);
    const followed = index.follow(directory);
    const peers = parseCidr(cidr);
    if (!peers.ok || !followed.ok) throw new Error('a question');
    const [from, to] = days.map((day) => (WEEK_START + day * DAY_MS) as Instant) as [Instant, Instant];
    const found = [...index.find({ from, to, peers: peers.value })].length;
    index.close();
    return { name, found, ms: performance.now() - started };
  };
  const queries = [
    ask('an hour and one address', [3, 3 + 1 / 24], '198.51.8.9'),
    ask('a day and a /24', [3, 4], '198.51.8.0/24'),
    ask('a day and an IPv6 /48', [3, 4], '2001:db8:7::/48'),
    ask('the week and a /24', [0, 7], '198.51.8.0/24'),
    ask('the week and half of it all', [0, 7], '0.0.0.0/0'),
  ];
  return {
    connections,
    captureGb: (bytesEach * connections) / 1e9,
    buildMs,
    indexMb: statSync(file).size / 1e6,
    queries,
  };
}

function connectionAt(at: number, count: number, bytes: number, previous: string): ConnectionCapture {
  const startMs = WEEK_START + Math.floor((at * WEEK_MS) / count);
  const [network, host] = [at % 64, (Math.imul(at, 0x9e3779b1) >>> 8) % 250];
  const peerIp = at % 2 === 0 ? `198.51.${network}.${host}` : `2001:db8:${network.toString(16)}::${host.toString(16)}`;
  const packets = Math.ceil(bytes / 1_460);
  return {
    ...{
      kind: 'connection',
      connection: at * 3,
      transferId: `t-${Math.floor(at / 3)}`,
      initiator: 'own',
      isWhole: true,
      previous,
    },
    ...{ ownIp: '10.0.0.1', ownPort: 1_024 + (at % 60_000), peerIp, peerPort: 8_443, startMs, endMs: startMs + 4_000 },
    ...{ bytesSent: bytes, bytesReceived: 2_000, packetsSent: packets, packetsReceived: 20 },
    ...{ frameBytesSent: bytes + packets * 54, frameBytesReceived: 3_080 },
    segments: [{ sha256: at.toString(16).padStart(64, '0'), bytes: bytes + 4_000 }],
  };
}

export interface CaptureFigures {
  readonly megabytes: number;
  /** Seconds a run, plain and recorded in turn. */
  readonly plain: readonly number[];
  readonly captured: readonly number[];
  readonly exportMbPerSecond: number;
  readonly peakMb: number;
}

const TURNS = 3;
const PIECE = Buffer.alloc(65_536, 'parcel');

/** The same upload over mTLS to a process that throws it away, with the record and without. */
export async function measureCapture(directory: string, megabytes: number): Promise<CaptureFigures> {
  rmSync(directory, { recursive: true, force: true });
  const captures = join(directory, 'captures');
  mkdirSync(captures, { recursive: true });
  const pair = generateKeyPairSync('x25519');
  const keyFile = join(directory, 'capture.key');
  writeFileSync(keyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const limits = { bytesMax: 1e12, segmentBytes: 67_108_864, lateMs: 60_000 };
  const opened = openCapture({
    directory: captures,
    publicKey: createPublicKey(pair.privateKey),
    clock: CLOCK,
    ...limits,
  });
  if (!opened.ok) throw new Error(opened.fault.code);
  const server = await startServer(directory);
  const [plain, captured]: [number[], number[]] = [[], []];
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  for (let turn = 0; turn < TURNS; turn += 1) {
    plain.push(await upload(server, megabytes));
    captured.push(await upload(server, megabytes, { capture: opened.value, number: turn }));
  }
  clearInterval(watch);
  server.stop();
  const exportMbPerSecond = (megabytes * 1.048576) / exportSeconds(captures, keyFile, join(directory, 'out.pcapng'));
  opened.value.close();
  return { megabytes, plain, captured, exportMbPerSecond, peakMb: peak / 1e6 };
}

function exportSeconds(directory: string, keyFile: string, out: string): number {
  const captures = openCaptures({ directory, index: undefined });
  if (!captures.ok) throw new Error(captures.fault.code);
  const [last] = [...captures.value.find({ from: 0 as Instant, to: CLOCK.now() })].slice(-1);
  const started = performance.now();
  const exported = captures.value.export({ captures: last === undefined ? [] : [last], keyFile, out });
  if (!exported.ok) throw new Error(exported.fault.code);
  captures.value.close();
  return (performance.now() - started) / 1_000;
}

interface Server {
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly stop: () => void;
}

const SERVER = `
  const { readFileSync } = require('node:fs');
  const read = (name) => readFileSync(process.argv[1] + '/' + name);
  const server = require('node:tls').createServer({ cert: read('s.crt'), key: read('s.key'), ca: read('ca.crt'), requestCert: true, minVersion: 'TLSv1.3' }, (socket) => {
    socket.on('error', () => undefined);
    let wanted = Number(process.argv[2]);
    socket.on('data', (chunk) => { wanted -= chunk.length; if (wanted <= 0) socket.end('done'); });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port) + '\\n'));`;

async function startServer(directory: string): Promise<Server> {
  const authority = await createAuthority('throw-away');
  const [own, client] = [await authority.issue('server', 'server'), await authority.issue('client', 'client')];
  const files = { 's.crt': own.certificate, 's.key': own.key, 'ca.crt': authority.certificate };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  const child = spawn(process.execPath, ['-e', SERVER, directory, String(UPLOAD_BYTES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const stop = () => child.kill();
  return { port: Number(port), ca: authority.certificate, cert: client.certificate, key: client.key, stop };
}

export const UPLOAD_MEGABYTES = 256;
const UPLOAD_BYTES = UPLOAD_MEGABYTES * 1_048_576;

async function upload(
  { port, ca, cert, key }: Server,
  megabytes: number,
  recorded?: { readonly capture: Capture; readonly number: number },
): Promise<number> {
  const started = performance.now();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const about = { transferId: 't', initiator: 'own' as const, openedAt: CLOCK.now(), socket };
  const captured = await recorded?.capture.record({
    ...about,
    number: recorded.number,
    onFault: ({ code }) => process.stderr.write(code),
  });
  if (captured?.ok === false) throw new Error(captured.fault.code);
  const line = captured?.value.line ?? socket;
  const secure: TLSSocket = connectTls({
    socket: line,
    ca,
    cert,
    key,
    minVersion: 'TLSv1.3',
    checkServerIdentity: () => undefined,
  });
  if (captured !== undefined) secure.on('keylog', captured.value.keyLog);
  await once(secure, 'secureConnect');
  for (let left = megabytes * 16; left > 0; left -= 1) if (!secure.write(PIECE)) await once(secure, 'drain');
  await once(secure, 'data');
  const seconds = (performance.now() - started) / 1_000;
  socket.destroy();
  await captured?.value.end(true);
  return seconds;
}
