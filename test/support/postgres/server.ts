import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { PostgresSettings } from '../../../cloud/adapters/sql/postgres-messages.ts';

/** Where Debian puts the programs of a server, by its version. */
const DEBIAN = '/usr/lib/postgresql';
/** The server refuses to run as root; Debian's package makes this account. */
const ACCOUNT = 'postgres';
const STARTED_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;

/** Why no test over PostgreSQL can run, or undefined. Only `make integration` asks for them. */
export function whyNoPostgres(): string | undefined {
  if (process.env['TONGGUAN_INTEGRATION'] !== '1') return 'run by `make integration`';
  if (programs() === undefined) return 'PostgreSQL is missing (Debian: postgresql)';
  if (process.getuid?.() === 0 && account() === undefined) return `no account \`${ACCOUNT}\` to run the server as`;
  return undefined;
}

export interface TestPostgres {
  readonly settings: PostgresSettings;
  readonly start: (more?: string) => Promise<void>;
  /** SIGKILL to the server; its other processes end by themselves. */
  readonly kill: () => Promise<void>;
  /** Its directory goes with it. */
  readonly stop: () => Promise<void>;
  /** @returns what `psql` says, without head and frame */
  readonly psql: (text: string) => string;
}

/** A server of its own in a directory of its own, which nobody else can reach; not started yet. */
export async function testPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-postgres-'));
  const [bin, port, data] = [programs() ?? '', await freePort(), join(directory, 'data')];
  const as = process.getuid?.() === 0 ? account() : undefined;
  if (as !== undefined) chownSync(directory, as.uid, as.gid);
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, PASSWORD);
  if (as !== undefined) chownSync(passwordFile, as.uid, as.gid);
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
    { encoding: 'utf8', cwd: directory, ...as },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  appendFileSync(join(data, 'postgresql.conf'), `${CONFIGURATION}port = ${port}\nunix_socket_directories = ''\n`);
  let running: ChildProcess | undefined;
  const end = async (signal: 'SIGKILL' | 'SIGINT'): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  const psql = (text: string): string => {
    const args = [
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-U',
      USER,
      '-d',
      'postgres',
      '-v',
      'ON_ERROR_STOP=1',
      '-At',
      '-c',
      text,
    ];
    const { status, stdout, stderr } = spawnSync(join(bin, 'psql'), args, {
      encoding: 'utf8',
      env: { PGPASSWORD: PASSWORD },
    });
    if (status !== 0) throw new Error(`psql: ${stderr}`);
    return stdout.trim();
  };
  return {
    settings: {
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: USER,
      password: PASSWORD,
      schema: 'tongguan',
      tls: undefined,
      domesticRanges: ['127.0.0.0/8'],
    },
    start: async (more = '') => {
      if (more !== '') appendFileSync(join(data, 'postgresql.conf'), `${more}\n`);
      const out = openSync(join(directory, 'out.txt'), 'a');
      running = spawn(join(bin, 'postgres'), ['-D', data], { stdio: ['ignore', out, out], cwd: directory, ...as });
      for (let waited = 0; !isServing(join(bin, 'pg_isready'), port); waited += LOOK_EVERY_MS) {
        // A server that was killed leaves processes that hold its memory for a moment, and the next does not start beside them.
        if (running.exitCode !== null)
          running = spawn(join(bin, 'postgres'), ['-D', data], { stdio: ['ignore', out, out], cwd: directory, ...as });
        if (waited > STARTED_MS_MAX) throw new Error(`PostgreSQL did not start: ${directory}/out.txt`);
        await after(LOOK_EVERY_MS);
      }
    },
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
    psql,
  };
}

const USER = 'tongguan';
const PASSWORD = 'of-a-test';

/** It flushes as it would anywhere. */
const CONFIGURATION = `
listen_addresses = '127.0.0.1'
shared_buffers = 32MB
max_connections = 20
autovacuum = off
`;

function programs(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

function account(): { readonly uid: number; readonly gid: number } | undefined {
  const idOf = (flag: string): number =>
    Number(spawnSync('id', [flag, ACCOUNT], { encoding: 'utf8' }).stdout || Number.NaN);
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : undefined;
}

const isServing = (pgIsReady: string, port: number): boolean =>
  spawnSync(pgIsReady, ['-q', '-h', '127.0.0.1', '-p', `${port}`]).status === 0;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
