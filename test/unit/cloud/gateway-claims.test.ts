import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGateway } from '../../../cloud/gateway.ts';
import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import { cellFrame, NOW, seal, signalFrame } from '../../support/cloud/batches.ts';
import { testDevice } from '../../support/cloud/devices.ts';
import { batchUnder, knowing } from '../../support/cloud/policy-batches.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, rowsIn } from '../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../support/cloud/stores.ts';

test('a purpose that the policy has not, and a mark without a record, lie in quarantine and raise an alert', async () => {
  const device = testDevice(1);
  const directory = scratchDirectory();
  const stores = scratchStores([device], directory);
  const bundle = { preset: POSITION_PRESETS.fleet };
  const alerts: string[] = [];
  const gateway = createGateway({
    ...{ stores, clock: { now: () => NOW }, against: knowing([bundle]), adapters: [] },
    ...{ onDurable: () => undefined, onFault: () => undefined, onAlert: (_, code) => void alerts.push(code) },
  });
  const attestation = { id: 'demo', certificate: 'TEST-1', validFromMs: NOW - 1, validUntilMs: NOW + 1 };
  const statement = { kind: 'withdrawal', purpose: 'operations', cause: 0, removed: 7 } as const;
  const payloads = [
    batchUnder(bundle, [signalFrame()]),
    { ...batchUnder(bundle, [signalFrame()]), purpose: 'marketing', firstSequence: 1 },
    { ...batchUnder(bundle, [cellFrame()]), firstSequence: 2, attestation },
    { ...batchUnder(bundle, [statement]), purpose: '', firstSequence: 3 },
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
