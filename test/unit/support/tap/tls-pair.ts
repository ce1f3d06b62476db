import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { startTap, type Tap } from '../../../support/tap/tap.ts';
import type { PeerInstructions } from './tls-peer.program.ts';

/** Name in the client's certificate: it crosses the wire inside the sealed handshake. */
export const CLIENT_NAME = 'tcu LSGKB54E1HA012345';

export interface Peer {
  /** Lines it has written, parsed. */
  readonly said: () => readonly Readonly<Record<string, unknown>>[];
  /** Resolves with the first line that has the key; rejects when the process ends without one. */
  readonly saying: (key: string) => Promise<unknown>;
  /** Ends it at once, without its knowledge; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  readonly ended: Promise<void>;
  /** What it logged of its keys so far. */
  readonly keyLog: () => string;
}

export interface Bench {
  readonly start: (instructions: Partial<PeerInstructions>, isTrusted?: boolean) => Peer;
  /** Files of the client's certificate, of its key, and of the authority, for an end that is another program. */
  readonly identity: { readonly certificateFile: string; readonly keyFile: string; readonly authority: string };
  /** A tap in front of a server. */
  readonly tap: (server: Peer) => Promise<Tap>;
  readonly close: () => Promise<void>;
}

const DEFAULTS = { ciphers: 'TLS_AES_128_GCM_SHA256', curves: 'X25519', text: '', times: 0, isEndless: false, port: 0 };

/** Makes throw-away certificates and starts ends of connections, each with a key log of its own. */
export async function makeBench(program: string): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-tls-'));
  const authority = await createAuthority('throw-away root');
  const stranger = await createAuthority('another root');
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const issued = {
    server: await authority.issue('127.0.0.1', 'server'),
    client: await authority.issue(CLIENT_NAME, 'client'),
    stranger: await stranger.issue(CLIENT_NAME, 'client'),
  };
  const root = file('root.pem', authority.certificate);
  const peers: Peer[] = [];
  const taps: Tap[] = [];
  const start = (instructions: Partial<PeerInstructions>, isTrusted = true): Peer => {
    const role = instructions.role ?? 'client';
    const identity = issued[role === 'client' && !isTrusted ? 'stranger' : role];
    const number = peers.length;
    const certificateFile = file(`${number}.pem`, identity.certificate);
    const keyFile = file(`${number}.key`, identity.key);
    const told = { ...DEFAULTS, authority: root, certificateFile, keyFile, ...instructions, role };
    const keyLogFile = join(directory, `${number}.keys`);
    const child = spawn(
      process.execPath,
      ['--no-warnings', `--tls-keylog=${keyLogFile}`, program, JSON.stringify(told)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const peer = peerOf(child, keyLogFile);
    peers.push(peer);
    return peer;
  };
  const tap = async (server: Peer): Promise<Tap> => {
    const started = await startTap({ listenPort: 0, targetPort: Number(await server.saying('port')) });
    taps.push(started);
    return started;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...peers.map((peer) => peer.kill()), ...taps.map((one) => one.close())]);
    rmSync(directory, { recursive: true, force: true });
  };
  const identity = {
    certificateFile: file('client.pem', issued.client.certificate),
    keyFile: file('client.key', issued.client.key),
    authority: root,
  };
  return { start, identity, tap, close };
}

function peerOf(child: ChildProcess, keyLogFile: string): Peer {
  const said: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { stdout } = child;
  if (stdout === null) throw new Error('broken invariant: the output of a peer is a pipe');
  createInterface(stdout).on('line', (line) => {
    said.push(JSON.parse(line) as Record<string, unknown>);
    for (const look of waiting) look();
  });
  const saying = (key: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = said.find((one) => key in one);
        if (line === undefined) return;
        waiting.delete(look);
        resolve(line[key]);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`the peer ended and never said \`${key}\``)));
    });
  return {
    said: () => said,
    saying,
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    keyLog: () => (existsSync(keyLogFile) ? readFileSync(keyLogFile, 'latin1') : ''),
  };
}
