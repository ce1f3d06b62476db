import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exporterFault } from '../../../../cloud/exporter/exporter-fault.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { isOutcome, writeReturn } from '../../../../cloud/exporter/return-file.ts';

const ID = 't-1' as TransferId;
let returns: string;
beforeEach(() => {
  returns = mkdtempSync(join(tmpdir(), 'tongguan-returns-'));
});
afterEach(() => rmSync(returns, { recursive: true, force: true }));

const text = () => readFileSync(join(returns, 't-1.json'), 'utf8');

test('a delivery hands back its receipt, and nothing lies beside it', async () => {
  const document = { attempts: 2, receipt: 'AAAA', recipientCertificate: 'BBBB' };
  expect(await writeReturn(returns, ID, { outcome: 'delivered', leafIndex: 5, document })).toEqual({
    ok: true,
    value: undefined,
  });
  expect(text()).toBe('{"attempts":2,"outcome":"delivered","receipt":"AAAA","trafficLeafIndex":5,"transferId":"t-1"}');
  expect(readdirSync(returns)).toEqual(['t-1.json']);
});

test('a refusal takes the place of an earlier failure, with its fault', async () => {
  const failed = { attempts: 1, fault: exporterFault('RECIPIENT_UNREACHABLE'), retryAtMs: 9 };
  await writeReturn(returns, ID, { outcome: 'failed', leafIndex: 2, document: failed });
  expect(JSON.parse(text())).toMatchObject({
    outcome: 'failed',
    fault: { code: 'RECIPIENT_UNREACHABLE', retry: 'later' },
  });
  const refused = { attempts: 1, fault: exporterFault('PERMIT_EXPIRED') };
  await writeReturn(returns, ID, { outcome: 'refused', leafIndex: 3, document: refused });
  expect(JSON.parse(text())).toMatchObject({
    outcome: 'refused',
    attempts: 1,
    trafficLeafIndex: 3,
    fault: { code: 'PERMIT_EXPIRED' },
  });
});

test('a directory that cannot be written is a fault that may pass', async () => {
  rmSync(returns, { recursive: true });
  const written = await writeReturn(returns, ID, { outcome: 'refused', leafIndex: 0, document: {} });
  expect(written).toMatchObject({ ok: false, fault: { code: 'RETURN_UNWRITABLE', retry: 'later' } });
});

test('only what has come to something is an outcome', () => {
  expect(['delivered', 'refused', 'failed', 'new', 'underway'].filter((state) => isOutcome(state as never))).toEqual([
    'delivered',
    'refused',
    'failed',
  ]);
});
