import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { parse, stringify } from 'yaml';
import type { CloudStatus } from '../../../cloud/status.ts';
import { assert } from '../../../proto/words/result.ts';
import { provisionOne, start } from '../edge/roles.ts';

/** Terminals of GB/T 32960 against a real `tongguan cloud`; what was sent, answered and stored has to be one number. */
export interface ConnectedTerminals {
  readonly terminals: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Reports that the cloud says it stored, logins and logouts taken off. */
  readonly stored: number;
  /** Records of the geographic zone, of which every frame has one; the same taken off. */
  readonly inZone: number;
  readonly broken: number;
  readonly connectedMost: number;
  readonly peakMb: number;
  readonly cpuMsPerFrame: number;
}

const PROGRAM = fileURLToPath(new URL('../../../../../bin/tongguan', import.meta.url));
const CUSTODIAN = {
  ...{ holder: 'Bench (fictional)', certificateNumber: 'B-1', grade: 'A', attestedBy: 'bench' },
  ...{ validFrom: '2025-01-01', validUntil: '2099-12-31', attestedOn: '2025-01-02' },
};
const EVERY_SECONDS = 10;
const REPORTS = 6;
const CONNECT_RATE = 250;
const OUTPUT_BYTES_MAX = 67_108_864;

interface Summary {
  readonly loggedIn: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly broken: number;
}

/** @param terminals - each with a connection; needs as many open files on both sides */
export async function measureConnected(directory: string, terminals: number): Promise<ConnectedTerminals> {
  const { cloudConfig } = await provisionOne(directory);
  const config = parse(readFileSync(cloudConfig, 'utf8')) as { zones: object; terminals?: object };
  config.zones = { ...config.zones, custodian: CUSTODIAN };
  config.terminals = { gb32960: { host: '127.0.0.1', port: 0, idleSeconds: 300 } };
  writeFileSync(cloudConfig, stringify(config));
  const sim = ['sim', '--protocol', 'gb32960-2016', '--vehicles', String(terminals), '--json'];
  execFileSync(PROGRAM, [...sim, '--provision', `${directory}/fleet`]);
  execFileSync(PROGRAM, [
    'register',
    'terminal',
    'import',
    `${directory}/fleet/terminals.json`,
    '--config',
    cloudConfig,
  ]);
  const cloud = start<CloudStatus>(['cloud', '--config', cloudConfig], {});
  const port =
    (await cloud.until((status) => (status.terminals?.gb32960?.port ?? 0) > 0)).terminals?.gb32960?.port ?? 0;
  let connectedMost = 0;
  const watching = setInterval(() => {
    void cloud.until((status) => {
      connectedMost = Math.max(connectedMost, status.terminals?.gb32960?.connections ?? 0);
      return true;
    });
  }, 1_000);
  const pace = ['--every', String(EVERY_SECONDS), '--reports', String(REPORTS), '--connect-rate', String(CONNECT_RATE)];
  const { stdout } = await promisify(execFile)(PROGRAM, [...sim, '--port', String(port), ...pace], {
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  const summary = JSON.parse(stdout) as Summary;
  clearInterval(watching);
  const besides = summary.loggedIn + terminals;
  const { terminals: counted } = await cloud.until(
    ({ terminals }) => (terminals?.gb32960?.frames.stored ?? 0) >= summary.acknowledged + besides,
  );
  const [peakMb, cpuMs] = [peakOf(cloud.pid), cpuOf(cloud.pid)];
  await cloud.stop();
  const stored = (counted?.gb32960?.frames.stored ?? 0) - besides;
  const zone = new Database(join(parse(readFileSync(cloudConfig, 'utf8')).stores.directory, 'zone-geographic.sqlite'));
  const inZone = (zone.prepare('SELECT sum(count) FROM segment').pluck().get() as number) - besides;
  zone.close();
  rmSync(directory, { recursive: true, force: true });
  const seen = { ...summary, stored, inZone };
  const isWhole = [summary.acknowledged, stored, inZone].every((count) => count === summary.sent);
  assert(
    isWhole && summary.broken === 0,
    `what was sent is acknowledged, stored and in the zone: ${JSON.stringify(seen)}`,
  );
  return { terminals, ...summary, stored, inZone, connectedMost, peakMb, cpuMsPerFrame: cpuMs / (stored + besides) };
}

const peakOf = (pid: number): number =>
  (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024) / 1e6;

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
