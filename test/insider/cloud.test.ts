import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressList } from '../../cloud/access/cidr.ts';
import { createAccessGuard } from '../../cloud/access/guard.ts';
import type { Principal } from '../../cloud/registers/kinds/principals.ts';
import { ok } from '../../proto/words/result.ts';
import type { CivilDate, Instant } from '../../proto/words/time.ts';
import { approvalGate } from '../support/cloud/approval-gate.ts';
import { emergencyWorld } from '../support/cloud/emergency-world.ts';
import { scratchGate } from '../support/cloud/gate.ts';

// Somebody with an account of the cloud. docs/insider.md has the table.

const code = (outcome: { readonly ok: boolean; readonly fault?: { readonly code: string } }) => outcome.fault?.code;

test.each([
  ['8. approves what he asked for himself', 'alice', 'APPROVAL_OWN_REQUEST'],
  ['8. approves it under a second account', 'alice-2', 'APPROVAL_OWN_REQUEST'],
  ['9. gives both approvals, under two accounts of one person', 'bob-2', 'APPROVAL_SAME_PERSON'],
])('%s: it does not count, and it is alerted', async (_, by, because) => {
  const gate = approvalGate();
  await gate.ask();
  gate.approve('bob');
  expect(code(gate.approve(by))).toBe(because);
  expect(gate.alerts).toContainEqual({ code: 'APPROVAL_REFUSED', because, act: 'approve', transferId: 't1', by });
  expect([gate.state(), existsSync(gate.at('outbox', 't1'))]).toEqual(['awaiting-approval', false]);
});

test('10. asks for a dataset with a barred column: it is never built, withheld, and alerted', async () => {
  const gate = scratchGate();
  const asked = await gate.ask({ kind: 'tracks' });
  expect(asked).toMatchObject({ ok: true, value: { state: 'withheld', verdict: { decision: 'withhold' } } });
  expect(gate.alerts).toEqual([{ code: 'DATASET_BARRED', transferId: 't1', datasetId: 'one' }]);
  expect([existsSync(gate.at('staging', 't1')), existsSync(gate.at('outbox', 't1'))]).toEqual([false, false]);
});

test('11. reads from abroad: nothing is answered, and it is logged as the transfer it is, and alerted', () => {
  const abroad: Principal = {
    id: 'lab',
    person: 'p-9',
    employer: { name: 'Lab', country: 'DE' },
    resident: 'DE',
    reads: ['transfers', 'zones'],
    validFrom: '2026-01-01' as CivilDate,
    validUntil: '2026-12-31' as CivilDate,
  };
  const [alerts, logged]: [unknown[], unknown[]] = [[], []];
  const guard = createAccessGuard({
    principals: (account) => (account === 'lab' ? [abroad] : []),
    accountOf: () => 'lab',
    mainland: addressList(['192.0.2.0/24']),
    clock: { now: () => Date.parse('2026-06-01T00:00:00Z') as Instant },
    operations: { append: (entries) => ok({ firstIndex: logged.push(...entries), leafHashes: [] }) },
    alert: (document) => alerts.push(document),
  });
  expect(code(guard.check('zones', { via: 'network', address: '192.0.2.1', account: 'lab' }))).toBe('ACCESS_OVERSEAS');
  expect(code(guard.check('zones', { via: 'network', address: '203.0.113.1', account: 'somebody' }))).toBe(
    'ACCESS_ADDRESS',
  );
  expect(alerts).toMatchObject([{ code: 'READ_FROM_ABROAD' }, { code: 'READ_FROM_ABROAD' }]);
  expect(logged).toMatchObject([
    { document: { manner: 'read-from-abroad' } },
    { document: { manner: 'read-from-abroad' } },
  ]);
});

test('12. takes the mark of an emergency stop away: it is put back, and alerted', () => {
  const world = emergencyWorld();
  world.stop();
  rmSync(world.mark);
  rmSync(join(world.directory, 'border', 'outbox', 'STOP'));
  world.look();
  expect([existsSync(world.mark), world.codes().at(-1)]).toEqual([true, 'EMERGENCY_MARK_REMOVED']);
});

test('13. resumes exports alone, under two accounts: the stop stands, and it is alerted', () => {
  const world = emergencyWorld();
  world.stop();
  world.resume('bob');
  expect(code(world.resume('bob-2'))).toBe('EMERGENCY_SAME_PERSON');
  expect(world.alerts.at(-1)?.document).toMatchObject({
    code: 'EMERGENCY_RESUME_REFUSED',
    because: 'EMERGENCY_SAME_PERSON',
    by: 'bob-2',
  });
  expect(world.inForce()).toBeDefined();
});

test('14. asks while exports are stopped: withheld before anything is built, on record and alerted', async () => {
  const gate = scratchGate({ stopped: () => 'stop-1' });
  const asked = await gate.ask({ kind: 'tracks' });
  expect(code(asked)).toBe('EXPORTS_STOPPED');
  expect(gate.log).toMatchObject([{ kind: 'withheld', document: { because: 'emergency-stop', stop: 'stop-1' } }]);
  expect(gate.alerts).toEqual([{ code: 'REQUEST_WHILE_STOPPED', transferId: 't1', by: 'alice' }]);
  expect(gate.transfers.find('t1')?.state).toBe('withheld');
});
