import { describe, expect, test } from 'vitest';
import { untilDecided } from '../../../cloud/cli/until-decided.ts';
import type { Progress } from '../../../cloud/ports/progress.ts';
import type { ExportGateParts } from '../../../cloud/transfer/export-gate.ts';
import { openTransferDesk } from '../../../cloud/transfer-desk.ts';
import { definedDataset, recipient, scratchGate } from '../../support/cloud/gate.ts';
import { STATISTICS } from '../../support/datasets/parcels.ts';

const dataset = definedDataset(STATISTICS);
const request = { dataset, recipient, purpose: 'warranty', requestedBy: 'alice' };

/** A desk whose builds wait until they are let go. */
function slowDesk(end: 'builds' | 'throws' = 'builds') {
  const plain = scratchGate().parts;
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const build: ExportGateParts['build'] = async (...order) => {
    await held;
    if (end === 'throws') throw new Error('a defect');
    return plain.build(...order);
  };
  const progressOf = (): Progress => ({ step: 'reading', share: 0.5 });
  return { desk: openTransferDesk({ gate: { ...plain, build }, progressOf, answerMs: 0 }), go };
}

describe('a transfer that is asked for', () => {
  test('is answered with the outcome where the build is short, and the outcome is kept', async () => {
    const { parts } = scratchGate();
    const desk = openTransferDesk({ gate: parts, progressOf: () => ({ step: 'waiting', share: 0 }) });
    const asked = await desk.ask(request);
    expect(asked).toMatchObject({ ok: true, value: { transferId: 't1', state: 'permitted' } });
    expect(asked.ok && desk.find('t1')).toEqual({
      transferId: 't1',
      state: 'answered',
      outcome: asked.ok && asked.value,
    });
    expect(desk.find('t2')).toBeUndefined();
  });

  test('is refused as before where nothing is begun', async () => {
    const asked = await slowDesk().desk.ask({ ...request, purpose: 'elsewhere' });
    expect(asked).toMatchObject({ ok: false, fault: { code: 'DATASET_PURPOSE' } });
  });

  test('is told as under way where the build takes its time; who comes back hears what the question would have said', async () => {
    const { desk, go } = slowDesk();
    const told: Progress[] = [];
    const ask = untilDecided(
      async (_socket, method, path) => {
        if (method === 'POST') {
          const asked = await desk.ask(request);
          return { status: 200, body: { ...(asked.ok ? asked.value : asked) } };
        }
        expect(path).toBe('/v1/transfers/t1/request');
        return { status: 200, body: { ...desk.find('t1') } };
      },
      {
        note: (progress) => told.push(progress),
        wait: async () => {
          go();
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    );
    const answer = await ask('socket', 'POST', '/v1/transfers', {});
    expect(answer).toMatchObject({ status: 200, body: { transferId: 't1', state: 'permitted', rows: 30 } });
    expect(told[0]).toEqual({ step: 'reading', share: 0.5 });
  });

  test('which breaks while nobody waits is a fault to who comes back', async () => {
    const { desk, go } = slowDesk('throws');
    expect(await desk.ask(request)).toMatchObject({ ok: true, value: { state: 'under-way' } });
    go();
    await new Promise((resolve) => setImmediate(resolve));
    expect(desk.find('t1')).toMatchObject({ state: 'failed', fault: { code: 'REQUEST_BROKE' } });
  });
});
