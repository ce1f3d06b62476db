import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createGateway } from '../../cloud/gateway.ts';
import { NOW } from '../support/cloud/batches.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { describeIngest } from './ingest.contract.ts';

const open: (() => unknown)[] = [];

afterAll(() => {
  for (const close of open.reverse()) close();
});

describeIngest('the embedded group commit', async (devices) => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-ingest-'));
  open.push(() => rmSync(directory, { recursive: true, force: true }));
  const stores = openStores(directory, devices);
  open.push(stores.close);
  const nothing = (): void => undefined;
  const around = { clock: { now: () => NOW }, onDurable: nothing, onAlert: nothing, onFault: nothing };
  const gateway = createGateway({ stores, ...around });
  return {
    stores,
    send: (device, payload) => new Promise((resolve) => gateway.receive(device.registered, payload, resolve)),
    settle: async () => gateway.flush(),
  };
});
