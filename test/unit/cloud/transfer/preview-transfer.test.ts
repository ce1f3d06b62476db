import { expect, test } from 'vitest';
import { previewTransfer } from '../../../../cloud/transfer/preview-transfer.ts';
import { definedDataset, recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

test('a preview decides as the request would, and leaves nothing behind', async () => {
  const gate = scratchGate();
  const dataset = definedDataset(STATISTICS);
  const request = { dataset, recipient, purpose: 'warranty', requestedBy: 'preview' };
  const preview = await previewTransfer(request, [], gate.parts);
  expect(preview).toMatchObject({ ok: true, value: { verdict: { decision: 'permit' }, persons: 30 } });
  expect(gate.log).toEqual([]);
  expect(gate.transfers.list()).toEqual([]);
  expect(gate.transfers.project({ year: 2026, kind: 'plain', persons: [] }).before).toBe(0);
  expect(gate.parts.border.isStaged('t1')).toBe(false);
  const asked = await gate.askFor(dataset);
  expect(asked).toMatchObject({ ok: true, value: { persons: 30, state: 'permitted' } });
});

test('what may not be built is not, and another purpose is none', async () => {
  const { parts } = scratchGate();
  const tracks = definedDataset({ kind: 'tracks' });
  const ask = (purpose: string) =>
    previewTransfer({ dataset: tracks, recipient, purpose, requestedBy: 'p' }, [], parts);
  expect(await ask('warranty')).toMatchObject({ ok: true, value: { verdict: { decision: 'withhold' }, rows: 0 } });
  expect(await ask('marketing')).toMatchObject({ ok: false, fault: { code: 'DATASET_PURPOSE' } });
});
