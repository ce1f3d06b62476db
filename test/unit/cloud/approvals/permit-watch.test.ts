import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { revokeAll } from '../../../../cloud/approvals/permit-watch.ts';
import { approvalGate, Killed } from '../../../support/cloud/approval-gate.ts';

test('a permit whose parcel never came to the outbox, since the disk was full and stayed so, gives its persons back when it falls', async () => {
  const gate = approvalGate();
  await gate.ask();
  gate.approve('bob');
  gate.world.killAt = gate.writes() + 5;
  expect(() => gate.approve('carol')).toThrow(Killed);
  gate.world.killAt = Number.POSITIVE_INFINITY;
  expect([gate.state(), gate.counted(), existsSync(gate.at('outbox', 't1'))]).toEqual(['permitted', 5, false]);
  expect(revokeAll('emergency', { gate: gate.parts, onFault: () => undefined })).toBe(1);
  expect([gate.state(), gate.counted(), existsSync(gate.at('staging', 't1'))]).toEqual(['revoked', 0, false]);
  expect(existsSync(gate.at('outbox', 't1.revoked'))).toBe(true);
});
