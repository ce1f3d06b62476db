import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createPermitWatch } from '../../../../cloud/approvals/permit-watch.ts';
import type { ExportGateParts } from '../../../../cloud/transfer/export-gate.ts';
import { resumeTransfers } from '../../../../cloud/transfer/settle-transfers.ts';
import { bilingual } from '../../../../proto/words/fault.ts';
import { fail } from '../../../../proto/words/result.ts';
import { approvalGate } from '../../../support/cloud/approval-gate.ts';
import { scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

// A permit that was reserved and then could not be logged, staged or moved: nothing of it may leave, and nobody may be told
// that it is under way.

const full = () =>
  fail({
    code: 'BORDER_UNAVAILABLE' as const,
    problem: bilingual('full', '满'),
    remedy: bilingual('-', '-'),
    retry: 'later' as const,
  });
const DOOR = { 'on-verdict': scratchGate, 'on-approval': approvalGate } as const;

/** An object with some of its methods in place of its own. */
const instead = <T extends object>(whole: T, some: Partial<T>): T =>
  new Proxy(whole, { get: (target, name) => Reflect.get(name in some ? some : target, name) });

/** A gate in which one step fails; `fails` is asked for each of them. */
function gateWhere(issue: keyof typeof DOOR, fails: (step: string) => boolean) {
  const gate = DOOR[issue]();
  const { operations, border, transfers } = gate.parts;
  const broken: Partial<ExportGateParts> = {
    operations: {
      append: (entries) => (entries.some(({ kind }) => fails(kind)) ? full() : operations.append(entries)),
    },
    border: instead(border, {
      stageBytes: (...file) => (fails(file[1]) ? full() : border.stageBytes(...file)),
      clear: (id) => {
        const cleared = fails('clear') ? full() : border.clear(id);
        return fails('synced') ? full() : cleared;
      },
    }),
    transfers: instead(transfers, {
      close: (...end) => {
        if (fails('close')) throw new Error('database or disk is full');
        transfers.close(...end);
      },
    }),
  };
  Object.assign(gate.parts, broken);
  return {
    ...gate,
    counted: () => transfers.project({ year: 2026, kind: 'plain', persons: [] }).before,
    state: () => transfers.find('t1')?.state,
    transfers,
    go: async () => {
      if ('ask' in gate && issue === 'on-verdict') return (gate as ReturnType<typeof scratchGate>).ask(STATISTICS);
      const waiting = gate as ReturnType<typeof approvalGate>;
      await waiting.ask();
      waiting.approve('bob');
      return waiting.approve('carol');
    },
  };
}

const DOORS = ['on-verdict', 'on-approval'] as const;

describe.each(DOORS)('issued %s', (issue) => {
  test.each(['permit', 'permit.bin', 'clear'])(
    'where `%s` fails nothing is permitted, and nobody is counted',
    async (step) => {
      const gate = gateWhere(issue, (one) => one === step);
      expect(await gate.go()).toMatchObject({ ok: false });
      expect([gate.state(), gate.counted()]).toEqual(['failed', 0]);
      expect([existsSync(gate.at('outbox', 't1')), existsSync(gate.at('staging', 't1'))]).toEqual([false, false]);
      resumeTransfers(gate.parts);
      expect([gate.state(), existsSync(gate.at('outbox', 't1'))]).toEqual(['failed', false]);
    },
  );

  test('what was moved and then not made durable is permitted, for it may leave', async () => {
    const gate = gateWhere(issue, (one) => one === 'synced');
    expect(await gate.go()).toMatchObject({ ok: true, value: { state: 'permitted' } });
    expect(gate.counted()).toBeGreaterThan(0);
    expect([gate.state(), existsSync(gate.at('outbox', 't1'))]).toEqual(['permitted', true]);
  });

  test('where its persons cannot be given back either, the next look does it, and nothing leaves before', async () => {
    let isFull = true;
    const gate = gateWhere(issue, (one) => isFull && (one === 'permit' || one === 'close'));
    await expect(gate.go()).rejects.toThrow('full');
    expect([gate.state(), existsSync(gate.at('outbox', 't1'))]).toEqual(['permitted', false]);
    isFull = false;
    const told = { onFault: () => undefined, onRevoked: () => undefined };
    createPermitWatch({ gate: gate.parts, registersAt: () => 0, ...told })();
    expect([gate.state(), gate.counted()]).toEqual(['revoked', 0]);
    expect([existsSync(gate.at('outbox', 't1')), existsSync(gate.at('staging', 't1'))]).toEqual([false, false]);
  });
});
