import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { revokeAll } from '../../../../cloud/approvals/permit-watch.ts';
import { requestTransfer } from '../../../../cloud/transfer/export-gate.ts';
import { approvalGate } from '../../../support/cloud/approval-gate.ts';
import { definedDataset, recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

const code = (outcome: { readonly ok: boolean; readonly fault?: { readonly code: string } }) => outcome.fault?.code;

test('a stop that comes while a parcel is built withholds it; nothing reaches the outbox and nobody is counted', async () => {
  let asked = 0;
  const gate = scratchGate({
    stopped: () => {
      asked += 1;
      return asked > 1 ? 'stop-1' : undefined;
    },
  });
  const request = { dataset: definedDataset(STATISTICS), recipient, purpose: 'warranty', requestedBy: 'alice' };
  expect(code(await requestTransfer(request, gate.parts))).toBe('EXPORTS_STOPPED');
  expect([
    gate.transfers.find('t1')?.state,
    existsSync(gate.at('outbox', 't1')),
    existsSync(gate.at('staging', 't1')),
  ]).toEqual(['withheld', false, false]);
  expect(gate.log.map(({ kind }) => kind)).toEqual(['verdict', 'withheld']);
  expect(gate.transfers.project({ year: 2026, kind: 'plain', persons: [] }).before).toBe(0);
});

test('approvals do not count while exports are stopped, and do again afterwards', async () => {
  let stop: string | undefined;
  const gate = approvalGate({ stopped: () => stop });
  await gate.ask();
  gate.approve('bob');
  stop = 'stop-1';
  expect(code(gate.approve('carol'))).toBe('EXPORTS_STOPPED');
  gate.look();
  expect([gate.state(), gate.kinds().at(-1)]).toEqual(['awaiting-approval', 'approval-refused']);
  stop = undefined;
  expect(gate.approve('carol')).toMatchObject({ value: { state: 'permitted' } });
});

test('every permit that stands is withdrawn, with the reason in the log', async () => {
  const gate = approvalGate();
  await gate.ask();
  gate.approve('bob');
  gate.approve('carol');
  expect(revokeAll('emergency-stop', { gate: gate.parts, onFault: () => undefined })).toBe(1);
  expect([gate.state(), existsSync(gate.at('outbox', 't1.revoked'))]).toEqual(['revoked', true]);
  expect(gate.log.at(-1)).toMatchObject({ kind: 'revocation', document: { because: 'emergency-stop' } });
  expect(revokeAll('emergency-stop', { gate: gate.parts, onFault: () => undefined })).toBe(0);
});
