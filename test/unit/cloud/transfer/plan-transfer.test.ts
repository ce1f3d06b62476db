import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planTransfer } from '../../../../cloud/transfer/plan-transfer.ts';
import { fail } from '../../../../proto/words/result.ts';
import { definedDataset, NOW, recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

const asked = { dataset: definedDataset(STATISTICS), recipient, purpose: 'warranty' };
const scope = {
  validFrom: '2026-01-01',
  validUntil: '2027-01-01',
  recipients: ['lab'],
  datasets: ['one'],
  purposes: ['warranty'],
};
const assessment = (personsMax: number) => ({
  ...{ kind: 'security-assessment' as const, id: 'sa', ...scope, appliedOn: '2025-12-01' },
  scale: { personsMax, personsBefore: 0 },
});

test('a plan is of what would go now, and leaves nothing behind', async () => {
  const { parts, transfers, log, at } = scratchGate();
  const planned = await planTransfer(asked, parts);
  expect(planned).toMatchObject({ ok: true, value: { routes: [{ route: 'as-it-stands', clears: true }, {}, {}, {}] } });
  expect([transfers.list(), log, readdirSync(at('staging'))]).toEqual([[], [], []]);
  expect(transfers.project({ year: 2026, kind: 'plain', persons: [] }).before).toBe(0);
});

test('it takes in what was counted before it', async () => {
  const { parts, askFor } = scratchGate();
  expect(await askFor(asked.dataset)).toMatchObject({ ok: true, value: { state: 'permitted', persons: 30 } });
  const planned = await planTransfer(asked, parts);
  expect(planned).toMatchObject({ value: { paces: { persons: { method: 'even-year', persons: 30 } } } });
});

test('a build that fails, and a purpose of another dataset, are told', async () => {
  const none = { en: 'x', zh: 'x' };
  const stopped = { code: 'BUILD_STOPPED', problem: none, remedy: none, retry: 'later' as const };
  const { parts, at } = scratchGate({ build: async () => fail(stopped) });
  expect(await planTransfer(asked, parts)).toMatchObject({ ok: false, fault: { code: 'BUILD_STOPPED' } });
  expect(await planTransfer({ ...asked, purpose: 'other' }, parts)).toMatchObject({
    fault: { code: 'DATASET_PURPOSE' },
  });
  expect(existsSync(at('outbox', 't1'))).toBe(false);
});

test('of an assessment the cloud counts what went in its scope, and the greater of two figures decides', async () => {
  const decide = async (personsMax: number, already: number) => {
    const { onFile, filed } = scratchGate().parts;
    const gate = scratchGate({
      onFile: [...onFile, assessment(personsMax)],
      filed: (...of) => ({ ...filed(...of), ciio: 'yes' }),
    });
    const persons = Array.from({ length: already }, (_, at) => new Uint8Array(16).fill(at + 1));
    const row = { datasetId: 'one', recipientId: 'lab', purpose: 'warranty', requestedAt: NOW, persons: 0 };
    gate.transfers.add({ ...row, transferId: 'before', state: 'requested' });
    const held = { year: 2026, route: 'security-assessment', isExempt: false, bytes: 1, persons: { plain: persons } };
    gate.transfers.permit('before', held, gate.transfers.counted());
    gate.transfers.close('before', 'delivered', 'counted');
    const outcome = await gate.askFor(asked.dataset);
    return outcome.ok ? outcome.value.verdict : undefined;
  };
  // 30 persons are in hand, and the entry states that none went before.
  expect(await decide(40, 10)).toMatchObject({
    decision: 'permit',
    reliedOn: expect.arrayContaining([expect.objectContaining({ id: 'sa', remark: expect.anything() })]),
  });
  const withheld = await decide(39, 10);
  expect(withheld).toMatchObject({ decision: 'withhold' });
  expect(JSON.stringify(withheld)).toContain('10 / - are counted');
  expect(JSON.stringify(await decide(30, 0))).not.toContain('the greater were taken');
});
