import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compileProgram } from '../../../support/edge/compile-program.ts';
import { decryptTls13 } from '../../../support/tap/decrypt-tls13.ts';
import type { Recording, Tap } from '../../../support/tap/tap.ts';
import { typesOf } from './messages.ts';
import { type Bench, makeBench } from './tls-pair.ts';

/** Node never changes keys before 2^24 records; the client of OpenSSL does when it is told `K`. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const KEY_UPDATE = 24;
const program = compileProgram('test/unit/support/tap/tls-peer.program.ts');
const directory = mkdtempSync(join(tmpdir(), 'tongguan-key-update-'));
const keyLogFile = join(directory, 'openssl.keys');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.skipIf(!hasOpenssl)('both sides are read across changes of keys (needs openssl)', async () => {
  const bench = await makeBench(program);
  const server = bench.start({ role: 'server', ciphers: 'TLS_AES_256_GCM_SHA384' });
  const tap = await bench.tap(server);
  const client = startOpenssl(bench, tap.port);
  await sentBack(tap, 2);
  for (const line of ['before\n', 'K\n', 'between\n', 'K\n', 'after\n']) {
    const before = recordingOf(tap);
    client.stdin?.write(line);
    // A change of keys is answered with the next thing that is sent, so only lines of text come back.
    if (line === 'K\n') await until(() => recordingOf(tap).clientToServer.length > before.clientToServer.length);
    else await until(() => recordingOf(tap).serverToClient.length > before.serverToClient.length);
  }
  client.stdin?.write('Q\n');
  await once(client, 'close');
  const tls = decryptTls13(recordingOf(tap), readFileSync(keyLogFile, 'latin1'));
  expect(tls.clientToServer.toString()).toBe('before\nbetween\nafter\n');
  expect(tls.serverToClient.toString()).toBe('before\nbetween\nafter\n');
  expect([tls.client.unreadBytes, tls.server.unreadBytes]).toEqual([0, 0]);
  // Each side answers a change of keys with one of its own (RFC 8446, 4.6.3).
  for (const messages of [tls.handshakeClient, tls.handshakeServer]) {
    expect(typesOf(messages).filter((type) => type === KEY_UPDATE)).toHaveLength(2);
  }
  await bench.close();
});

function startOpenssl({ identity }: Bench, port: number): ChildProcess {
  const { authority, certificateFile, keyFile } = identity;
  const files = ['-CAfile', authority, '-cert', certificateFile, '-key', keyFile, '-keylogfile', keyLogFile];
  return spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3', '-no_ign_eof', ...files], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

function recordingOf(tap: Tap): Recording {
  return tap.connections()[0] ?? { clientToServer: Buffer.alloc(0), serverToClient: Buffer.alloc(0) };
}

/** Waits for the handshake, to its last message: the tickets of the server. */
function sentBack(tap: Tap, tickets: number): Promise<void> {
  const isTicket = (type: number): boolean => type === 4;
  return until(() => {
    const keyLog = readKeyLog();
    return typesOf(decryptTls13(recordingOf(tap), keyLog).handshakeServer).filter(isTicket).length >= tickets;
  });
}

function readKeyLog(): string {
  try {
    return readFileSync(keyLogFile, 'latin1');
  } catch {
    return '';
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
