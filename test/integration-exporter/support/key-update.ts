import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { freePort } from '../../../bin/up/free-port.ts';
import type { Capture } from '../../../cloud/exporter/capture/open-capture.ts';
import type { Border } from './border.ts';
import { dial, listen } from './captured-tls.ts';

/** OpenSSL's own server, since Node has no way to ask for new keys: `K` updates them and asks us to do the same. */
export async function updatedKeys(capture: Capture, border: Border, number: number) {
  const files = { 'server.crt': border.recipient.certificate, 'server.key': border.recipient.key };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(border.root, name), content);
  const port = await freePort();
  const args = ['s_server', '-accept', `127.0.0.1:${port}`, '-tls1_3', '-alpn', 'http/1.1'];
  const server = spawn('openssl', [
    ...args,
    '-cert',
    join(border.root, 'server.crt'),
    '-key',
    join(border.root, 'server.key'),
  ]);
  let said = '';
  const heard = async (text: string): Promise<void> => {
    while (!said.includes(text)) said += String((await once(server.stdout, 'data'))[0]);
  };
  await heard('ACCEPT');
  const { secure, end } = await dial(capture, border, { host: '127.0.0.1', port, number });
  await once(secure, 'secureConnect');
  secure.write('GET /before HTTP/1.1\r\nhost: test\r\n\r\n');
  await heard('/before');
  server.stdin.write('K\n');
  // It reads a line of commands at a time and says nothing of them before it hears from us again.
  await sleep(200);
  server.stdin.write('HTTP/1.1 299 Updated\r\ncontent-length: 0\r\n\r\n');
  await once(secure, 'data');
  secure.write('GET /after HTTP/1.1\r\nhost: test\r\n\r\n');
  await heard('/after');
  expect(said).toContain('SSL_do_handshake -> 1');
  const ended = await end();
  server.kill();
  return ended;
}

/** The same of a line that is fetched: OpenSSL's own client asks for a path, for new keys on both sides, and for another path. */
export async function fetchedUnderNewKeys(capture: Capture, border: Border, number: number) {
  const answers = ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 'HTTP/1.1 298 Updated\r\ncontent-length: 0\r\n\r\n'];
  const place = { host: '127.0.0.1', firstNumber: number - 1 };
  const served = await listen(capture, border, place, (secure) =>
    secure.on('data', () => secure.write(answers.shift() ?? '')),
  );
  const args = ['s_client', '-connect', `127.0.0.1:${served.port}`, '-tls1_3', '-alpn', 'http/1.1', '-crlf', '-msg'];
  const client = spawn('openssl', args);
  let said = '';
  const heard = async (text: string): Promise<void> => {
    while (!said.includes(text)) said += String((await once(client.stdout, 'data'))[0]);
  };
  await heard('Verify return code');
  client.stdin.write('GET /fetched-before HTTP/1.1\nhost: test\n\n');
  await heard('200 OK');
  client.stdin.write('K\n');
  await heard('>>> TLS 1.3, Handshake [length 0005], KeyUpdate');
  client.stdin.write('GET /fetched-after HTTP/1.1\nhost: test\n\n');
  await heard('298 Updated');
  expect(said, 'new keys of ours go out with the answer').toContain('<<< TLS 1.3, Handshake [length 0005], KeyUpdate');
  client.kill();
  while (served.ended.length === 0) await sleep(5);
  served.close();
  const [ended] = served.ended;
  if (ended === undefined) throw new Error('a record');
  return ended;
}
