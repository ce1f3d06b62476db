import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { directoryUplink } from '../../../../edge/adapters/directory-uplink.ts';
import type { Acknowledgement } from '../../../../proto/codec/control-codec.ts';
import { batchAt } from '../../../support/edge/spooled.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

test('a batch is a file of its own, named by its queue and sequence, and acknowledged once it is written', async () => {
  const directory = tempDirectory();
  const told: Acknowledgement[] = [];
  let connected = 0;
  const uplink = directoryUplink(directory, {
    onConnected: () => {
      connected += 1;
    },
    onDisconnected: () => undefined,
    onPolicy: () => undefined,
    onAcknowledged: (acknowledgement) => void told.push(acknowledgement),
  });
  const batches = [batchAt(0, 3, 50), batchAt(3, 512, 60)];
  for (const batch of batches) uplink.send(batch, { epoch: 7, priority: 'safety' });
  // Not before the caller has noted that the batch is in flight.
  expect([connected, told]).toEqual([0, []]);
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(connected).toBe(1);
  expect(told).toEqual(
    batches.map(({ firstSequence, count }) => ({ epoch: 7, ranges: [{ firstSequence, count, quarantined: false }] })),
  );
  expect(readdirSync(directory).sort()).toEqual(['safety-000000000000.batch', 'safety-000000000003.batch']);
  const [first] = batches;
  expect(Uint8Array.from(readFileSync(join(directory, 'safety-000000000000.batch')))).toEqual(first?.bytes);
  expect(statSync(join(directory, 'safety-000000000000.batch')).mode & 0o777).toBe(0o600);
  await uplink.close();
});

test('after it was closed nothing is told and nothing written', async () => {
  const directory = tempDirectory();
  const told: string[] = [];
  const uplink = directoryUplink(directory, {
    onConnected: () => void told.push('connected'),
    onDisconnected: () => undefined,
    onPolicy: () => undefined,
    onAcknowledged: () => void told.push('acknowledged'),
  });
  uplink.send(batchAt(0, 3, 50), { epoch: 7, priority: 'safety' });
  await uplink.close();
  uplink.send(batchAt(3, 3, 50), { epoch: 7, priority: 'safety' });
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([told, readdirSync(directory)]).toEqual([[], ['safety-000000000000.batch']]);
});
