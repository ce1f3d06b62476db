import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../proto/words/time.ts';
import { approvalGate, row } from '../support/cloud/approval-gate.ts';

/** Who really sits behind an account; what the register says of it may change after the request. */
const TRUTH: Readonly<Record<string, string>> = {
  'zhang-1': 'zhang',
  'zhang-2': 'zhang',
  'zhang-3': 'zhang',
  'li-1': 'li',
  'li-2': 'li',
  'wang-1': 'wang',
};
const ACCOUNTS = Object.keys(TRUTH);
const ALL = ['request', 'approve'] as const;
const truthful = ACCOUNTS.map((account) => row(account, TRUTH[account] ?? '', ...ALL));

const account = fc.constantFrom(...ACCOUNTS);
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ act: fc.constant('approve' as const), account }) },
    fc.record({ act: fc.constant('reject' as const), account }),
    // Somebody is made another person, and approves at once.
    {
      weight: 5,
      arbitrary: fc.record({ act: fc.constant('pose' as const), account, person: fc.constantFrom('li', 'wang') }),
    },
    fc.record({
      act: fc.constant('role' as const),
      account,
      person: fc.constantFrom('zhang', 'li', 'wang', 'nobody', 'Zhang'),
      may: fc.subarray([...ALL]),
    }),
    fc.record({ act: fc.constant('remove' as const), account }),
    fc.record({ act: fc.constant('restore' as const) }),
    fc.record({ act: fc.constant('withdraw' as const) }),
    fc.record({ act: fc.constant('restart' as const) }),
    fc.record({ act: fc.constant('wait' as const) }),
  ),
  { minLength: 1, maxLength: 14 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer One)[]> ? One : never;
type Gate = ReturnType<typeof approvalGate>;

function take(step: Step, gate: Gate): string | undefined {
  const matrix = gate.world.matrix ?? [];
  switch (step.act) {
    case 'approve':
      return gate.approve(step.account).ok ? step.account : undefined;
    case 'reject':
      gate.reject(step.account);
      return undefined;
    case 'role':
      gate.setMatrix([
        ...matrix.filter((one) => one.account !== step.account),
        row(step.account, step.person, ...step.may),
      ]);
      return undefined;
    case 'pose':
      gate.setMatrix([...matrix.filter((one) => one.account !== step.account), row(step.account, step.person, ...ALL)]);
      return gate.approve(step.account).ok ? step.account : undefined;
    case 'remove':
      gate.setMatrix(matrix.filter((one) => one.account !== step.account));
      return undefined;
    case 'restore':
      gate.setMatrix(truthful);
      return undefined;
    case 'withdraw':
      gate.setMatrix(undefined);
      return undefined;
    case 'restart':
      gate.restart();
      return undefined;
    case 'wait':
      gate.world.now = (gate.world.now + 1_000) as Instant;
      gate.look();
      return undefined;
  }
}

const isApproval = (one: Step): one is Extract<Step, { act: 'approve' | 'pose' }> =>
  one.act === 'approve' || one.act === 'pose';

async function run(requester: string, sequence: readonly Step[]) {
  const gate = approvalGate();
  gate.setMatrix(truthful);
  await gate.ask(requester);
  const approvers = new Set<string>();
  for (const step of sequence) {
    const by = take(step, gate);
    if (by !== undefined) approvers.add(TRUTH[by] ?? '');
  }
  approvers.delete(TRUTH[requester] ?? '');
  return { gate, approvers, isCleared: existsSync(gate.at('outbox', 't1')) };
}

describe('four eyes', () => {
  test('no sequence by accounts of one natural person ever clears, whoever asked and whatever roles become', async () => {
    const own = steps.map((all) => all.filter((one) => !isApproval(one) || TRUTH[one.account] === 'zhang'));
    await fc.assert(
      fc.asyncProperty(account, own, async (requester, sequence) => {
        const { isCleared, gate } = await run(requester, sequence);
        expect([isCleared, gate.counted()]).toEqual([false, 0]);
      }),
      { numRuns: 40 },
    );
  });

  test('what was cleared had two natural persons beside the one who asked, and the log shows it', async () => {
    let cleared = 0;
    const likely = fc.tuple(steps, fc.shuffledSubarray(ACCOUNTS, { minLength: 2, maxLength: 4 }), steps);
    await fc.assert(
      fc.asyncProperty(account, likely, async (requester, [before, accounts, after]) => {
        const approvals = accounts.map((one) => ({ act: 'approve' as const, account: one }));
        const some = before.filter((one) => one.act !== 'reject').slice(0, 3);
        const { isCleared, approvers, gate } = await run(requester, [...some, ...approvals, ...after.slice(0, 4)]);
        if (isCleared) expect(approvers.size).toBeGreaterThanOrEqual(2);
        expect(gate.findings()).toEqual([]);
        cleared += isCleared ? 1 : 0;
      }),
      { numRuns: 60 },
    );
    // A property that nothing meets would hold as well.
    expect(cleared).toBeGreaterThan(3);
  });
});
