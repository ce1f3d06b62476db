import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGateway } from '../../../cloud/gateway.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame } from '../../support/cloud/batches.ts';
import { testDevice } from '../../support/cloud/devices.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, rowsIn } from '../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../support/cloud/stores.ts';

test('a purpose that the policy has not, and a mark without a record, lie in quarantine and raise an alert', async () => {
  const device = testDevice(1);
  const directory = scratchDirectory();
  const stores = scratchStores([device], directory);
  stores.policies.keep('test', 1, ['care']);
  const alerts: string[] = [];
  const gateway = createGateway({
    ...{ stores, clock: { now: () => NOW }, claims: { book: stores.policies, adapters: [] } },
    ...{ onDurable: () => undefined, onFault: () => undefined, onAlert: (_, code) => void alerts.push(code) },
  });
  const attestation = { id: 'demo', certificate: 'TEST-1', validFromMs: NOW - 1, validUntilMs: NOW + 1 };
  const statement = { kind: 'withdrawal', purpose: 'care', cause: 0, removed: 7 } as const;
  const payloads = [
    batchOf([signalFrame()], { purpose: 'care' }),
    batchOf([signalFrame()], { purpose: 'marketing', firstSequence: 1 }),
    batchOf([cellFrame()], { purpose: 'care', firstSequence: 2, attestation }),
    batchOf([statement], { firstSequence: 3 }),
  ];
  let answered = 0;
  for (const batch of payloads) gateway.receive(device.registered, seal(batch, device.key), () => answered++);
  while (answered < payloads.length) await sleep(1);
  const reasons = (rowsIn(directory, 'quarantine', QUARANTINED) as QuarantineRow[]).map(({ reason }) => reason);
  expect([...reasons].sort()).toEqual(['ATTESTATION_UNBOUND', 'PURPOSE_UNKNOWN']);
  expect([...alerts].sort()).toEqual([...reasons].sort());
  // The speed, and the statement: what a withdrawal says is about a person.
  expect(rowsIn(directory, 'personal', RECORDS)).toHaveLength(2);
  expect(rowsIn(directory, 'geographic', RECORDS)).toEqual([]);
});
