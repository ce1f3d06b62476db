import { expect, test } from 'vitest';
import { approveTransfer } from '../../../../cloud/approvals/approve.ts';
import { bilingual } from '../../../../proto/words/fault.ts';
import { fail } from '../../../../proto/words/result.ts';
import { approvalGate, Killed, MATRIX } from '../../../support/cloud/approval-gate.ts';

test('killed at any step of a rejection or of striking an approval out, what the log calls ended or void never counts again', async () => {
  const acts: readonly ((gate: ReturnType<typeof approvalGate>) => unknown)[] = [
    (gate) => gate.reject('carol'),
    (gate) => {
      // Bob is nobody for a while: what he approved is struck out.
      gate.setMatrix(MATRIX.filter(({ account }) => account !== 'bob'));
      gate.look();
    },
  ];
  for (const act of acts) {
    let kills = 0;
    for (let step = 0; step < 10; step += 1) {
      const gate = approvalGate();
      await gate.ask();
      gate.approve('bob');
      gate.world.killAt = gate.writes() + step;
      try {
        act(gate);
      } catch (cause) {
        if (!(cause instanceof Killed)) throw cause;
        kills += 1;
      }
      const wasEnded = gate.kinds().some((kind) => kind === 'rejection' || kind === 'approval-void');
      gate.restart();
      gate.setMatrix(MATRIX);
      gate.approve('carol');
      if (wasEnded) expect(gate.state()).not.toBe('permitted');
      expect(gate.findings()).toEqual([]);
    }
    expect(kills).toBeGreaterThan(1);
  }
});

test('an approval that the log did not take counts for nothing, and whoever gave it is told', async () => {
  const gate = approvalGate();
  await gate.ask();
  const untaken = { code: 'LOG_UNAVAILABLE', problem: bilingual('full', '满'), remedy: bilingual('-', '-') } as const;
  const operations = { append: () => fail({ ...untaken, retry: 'later' as const }) };
  const approved = approveTransfer({ transferId: 't1', by: 'bob' }, { ...gate.parts, operations });
  expect(approved).toMatchObject({ ok: false, fault: { code: 'LOG_UNAVAILABLE' } });
  expect(gate.approve('carol')).toMatchObject({ value: { state: 'awaiting-approval', approvals: 1 } });
  expect(gate.counted()).toBe(0);
});
