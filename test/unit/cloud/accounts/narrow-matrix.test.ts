import { expect, test } from 'vitest';
import { narrowMatrix } from '../../../../cloud/accounts/narrow-matrix.ts';
import type { Account } from '../../../../cloud/ports/account-store.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { approvalGate, MATRIX } from '../../../support/cloud/approval-gate.ts';

const bob: Account = {
  ...{ name: 'bob', person: 'p-bob', roles: ['approver'], isDisabled: false },
  ...{ lastStep: 0, recovery: [], createdAt: 0 as Instant },
};

test('a row stands whole or not at all', () => {
  const rowsWith = (account: Account) =>
    narrowMatrix(MATRIX, (name) => (name === 'bob' ? account : undefined))?.map((row) => row.account);
  const all = MATRIX.map((row) => row.account);
  expect(rowsWith(bob)).toEqual(all);
  const without = all.filter((name) => name !== 'bob');
  expect(rowsWith({ ...bob, roles: ['viewer'] })).toEqual(without);
  expect(rowsWith({ ...bob, isDisabled: true })).toEqual(without);
  expect(rowsWith({ ...bob, person: 'p-somebody' })).toEqual(without);
  // Alice's row lets her ask as well.
  expect(narrowMatrix(MATRIX, (name) => (name === 'alice' ? { ...bob, person: 'p-alice' } : undefined))).toHaveLength(
    4,
  );
  expect(narrowMatrix(undefined, () => bob)).toBeUndefined();
});

test('an approver who loses the role between takes the approval along, and the evidence holds', async () => {
  let account = bob;
  const gate = approvalGate({ matrix: () => narrowMatrix(MATRIX, (name) => (name === 'bob' ? account : undefined)) });
  await gate.ask();
  expect(gate.approve('bob')).toMatchObject({ ok: true, value: { approvals: 1 } });
  account = { ...bob, roles: ['viewer'] };
  expect(gate.approve('carol')).toMatchObject({ ok: true, value: { approvals: 1, state: 'awaiting-approval' } });
  expect(gate.kinds()).toContain('approval-void');
  expect(gate.approve('bob')).toMatchObject({ ok: false, fault: { code: 'APPROVAL_ACCOUNT' } });
  account = bob;
  expect(gate.approve('bob')).toMatchObject({ ok: true, value: { state: 'permitted' } });
  expect(gate.findings()).toEqual([]);
});
