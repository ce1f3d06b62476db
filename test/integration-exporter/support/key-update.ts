import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { freePort } from '../../../bin/up/free-port.ts';
import type { Capture } from '../../../cloud/exporter/capture/open-capture.ts';
import type { Border } from './border.ts';
import { dial } from './captured-tls.ts';

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
