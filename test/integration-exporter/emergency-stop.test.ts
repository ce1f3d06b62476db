import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopMarkFiles } from '../../cloud/adapters/stop-mark-files.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type Border, createBorder, putParcel } from './support/border.ts';
import { bundleRoles } from './support/bundled.ts';
import { cloudSide } from './support/cloud-side.ts';
import type { Compiled } from './support/compiled.ts';
import { writeExporterConfig } from './support/configs.ts';
import { spawnExporter } from './support/processes.ts';
import { readTraffic, returned, until } from './support/running.ts';

let program: Compiled;
let border: Border;

beforeAll(async () => {
  program = await bundleRoles();
  border = await createBorder();
});
afterAll(() => border.remove());

/** A recipient that takes what it is sent as slowly as it can, so that a transfer stays under way. */
async function startSlowRecipient() {
  let bytes = 0;
  const { certificate: cert, key } = border.recipient;
  const options = { cert, key, ca: border.authority.certificate, requestCert: true, minVersion: 'TLSv1.3' as const };
  const server = createServer(options, (request, response) => {
    request.on('error', () => undefined);
    if (request.url?.endsWith('data.bin') !== true) {
      request.resume().on('end', () => response.writeHead(204).end());
      return;
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > 100_000) request.pause();
    });
  });
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `https://127.0.0.1:${port}`, bytes: () => bytes, close: () => server.closeAllConnections() };
}

/** Whether nothing more goes into the capture, and so onto the wire. */
function isStalled(): () => boolean {
  let [last, looks] = [-1, 0];
  return () => {
    const names = readdirSync(border.captures, { recursive: true, encoding: 'utf8' });
    const size = names.reduce((sum, name) => sum + statSync(join(border.captures, name)).size, 0);
    looks = size === last ? looks + 1 : 0;
    last = size;
    return looks >= 200;
  };
}

test('a stop cuts what the process of an exporter is sending to a recipient that reads no more, and nothing begins until it is lifted', async () => {
  const recipient = await startSlowRecipient();
  const cloud = cloudSide(border);
  cloud.permit('t-1', 2);
  putParcel(border, { id: 't-1', endpoint: recipient.endpoint, files: { 'data.bin': Buffer.alloc(30_000_000, 'x') } });
  // The pause between looks at the outbox is of no account: the mark is looked for by itself.
  const exporter = spawnExporter(program, writeExporterConfig(border, recipient.endpoint, { pollMs: 60_000 }));
  await until(() => recipient.bytes() > 100_000);
  // No piece is begun any more, so no look of the attempt's own: only the watch can cut now.
  await until(isStalled());
  const mark = stopMarkFiles(join(border.root, 'border'));
  const note = { id: 'stop-20260302-00000001', at: 1 as Instant, by: 'alice', reason: 'test' };
  // The mark beside the outbox alone is enough, and so is the one in it.
  expect(mark.write(note).ok).toBe(true);
  rmSync(join(border.outbox, 'STOP'));
  await until(() => exporter.lines().includes('EMERGENCY_STOP'));
  expect(await exporter.stop()).toBe(0);
  recipient.close();
  expect(recipient.bytes()).toBeLessThan(30_000_000);
  const entries = readTraffic(border);
  expect(entries.find(({ kind }) => kind === 'connection')?.document).toMatchObject({ ended: 'EMERGENCY_STOP' });

  // A restart keeps the stop.
  const size = entries.length;
  const again = spawnExporter(program, writeExporterConfig(border, recipient.endpoint));
  await until(() => again.statuses.length > 1);
  expect(await again.stop()).toBe(0);
  expect(readTraffic(border)).toHaveLength(size);
  // The permit fell with the stop: lifted, it lets nothing out, and what may have left stays counted.
  expect(cloud.revokeAll()).toBe(1);
  expect(mark.remove().ok).toBe(true);
  const lifted = spawnExporter(program, writeExporterConfig(border, recipient.endpoint));
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'refused', fault: { code: 'PERMIT_REVOKED' } });
  expect(await lifted.stop()).toBe(0);
  cloud.settle();
  expect([cloud.stateOf('t-1'), cloud.counted()]).toEqual(['revoked', 2]);
  cloud.shut();
  expect(existsSync(join(border.root, 'border', 'emergency-stop'))).toBe(false);
});
