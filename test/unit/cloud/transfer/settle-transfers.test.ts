import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import type { Reservation, TransferRegister } from '../../../../cloud/ports/transfer-register.ts';
import { resumeTransfers, settleReturns } from '../../../../cloud/transfer/settle-transfers.ts';
import { canonicalJson } from '../../../../proto/words/canonical-json.ts';
import { bilingual } from '../../../../proto/words/fault.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const person = (n: number) => new Uint8Array(16).fill(n);
const persons = (...numbers: number[]) => ({ year: 2026, kind: 'plain' as const, persons: numbers.map(person) });
const row = (transferId: string) => ({
  transferId,
  requestedAt: 1 as Instant,
  datasetId: 'd',
  recipientId: 'r',
  purpose: 'p',
  state: 'requested' as const,
  persons: 0,
});

const held = (...numbers: readonly number[]): Reservation => ({
  year: 2026,
  route: 'free-flow',
  isExempt: false,
  persons: { plain: persons(...numbers).persons },
});

let directory: string;
let transfers: TransferRegister;
const logged: unknown[] = [];
const operations = {
  append: (entries: readonly unknown[]) => {
    logged.push(...entries);
    return ok({ firstIndex: 0, leafHashes: [] });
  },
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-settle-'));
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name));
  transfers = sqliteTransferRegister(join(directory, 'transfers.sqlite'));
  logged.length = 0;
});

afterEach(() => {
  transfers.shut();
  rmSync(directory, { recursive: true, force: true });
});

function permitted(transferId: string, ...numbers: number[]): void {
  transfers.add(row(transferId));
  transfers.permit(transferId, held(...numbers), transfers.counted());
  mkdirSync(join(directory, 'outbox', transferId));
}

const returned = (transferId: string, document: object) =>
  writeFileSync(join(directory, 'returns', `${transferId}.json`), JSON.stringify({ transferId, ...document }));

const alerts: unknown[] = [];
const settle = (neverBegun?: () => boolean | 'unknown') =>
  settleReturns({
    ...{ operations, transfers, border: borderDirectory(directory), alert: (one) => void alerts.push(one) },
    isReceipt: () => true,
    ...(neverBegun && { neverBegun }),
  });

describe('persons of a transfer that came to an end', () => {
  test.each([
    ['delivered', { outcome: 'delivered', attempts: 1 }, 2],
    ['refused after an attempt: bytes may have left', { outcome: 'refused', attempts: 1 }, 2],
    ['refused, and nobody says how often it was tried', { outcome: 'refused' }, 2],
    ['refused before any attempt', { outcome: 'refused', attempts: 0 }, 0],
  ])('%s', (_, document, counted) => {
    permitted('t1', 1, 2);
    returned('t1', document);
    settle(() => true);
    expect(transfers.project(persons()).before).toBe(counted);
    expect(transfers.find('t1')?.state).toBe(document.outcome);
    expect(logged).toHaveLength(1);
  });

  test.each([
    ['the exporter’s log has more of it', () => false, ['TRANSFER_REFUSED', 'RETURN_DISPUTED']],
    ['its log cannot be read', () => 'unknown' as const, ['TRANSFER_REFUSED']],
    ['its log is not read', undefined, ['TRANSFER_REFUSED']],
  ])('a return that says nothing was tried is only a file: persons count where %s', (_, neverBegun, told) => {
    alerts.length = 0;
    permitted('t1', 1, 2);
    returned('t1', { outcome: 'refused', attempts: 0 });
    settle(neverBegun);
    expect([transfers.find('t1')?.state, transfers.project(persons()).before]).toEqual(['refused', 2]);
    expect(alerts.map((one) => (one as { code: string }).code)).toEqual(told);
  });

  test('a delivery that the recipient did not sign for is set apart: the transfer goes on, its persons count, and it is told', () => {
    alerts.length = 0;
    permitted('t1', 1, 2);
    const parts = {
      operations,
      transfers,
      border: borderDirectory(directory),
      alert: (one: object) => alerts.push(one),
    };
    const look = () => settleReturns({ ...parts, isReceipt: (id, receipt) => id === 't1' && receipt === 'signed' });
    returned('t1', { outcome: 'delivered', attempts: 1, receipt: 'forged' });
    for (let looks = 0; looks < 2; looks += 1) look();
    expect([transfers.find('t1')?.state, transfers.project(persons()).before, logged]).toEqual(['permitted', 2, []]);
    expect(alerts).toEqual([{ code: 'RECEIPT_DISPUTED', transferId: 't1' }]);
    expect(readdirSync(join(directory, 'returns'))).toEqual(['t1.disputed']);
    expect(existsSync(join(directory, 'outbox', 't1'))).toBe(true);
    returned('t1', { outcome: 'delivered', attempts: 1, receipt: 'signed' });
    // Where nobody looks at receipts none is good.
    settleReturns(parts);
    expect(transfers.find('t1')?.state).toBe('permitted');
    returned('t1', { outcome: 'delivered', attempts: 1, receipt: 'signed' });
    look();
    expect(transfers.find('t1')?.state).toBe('delivered');
  });

  test.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
    ['a named pipe', (path: string) => void execFileSync('mkfifo', [path])],
    ['a file without end', (path: string) => writeFileSync(path, 'x'.repeat(70_000))],
  ])('%s among the returns keeps none of the others from being settled', (_, plant) => {
    plant(join(directory, 'returns', 'a.json'));
    permitted('t1', 1);
    returned('t1', { outcome: 'delivered', attempts: 1 });
    settle();
    expect(transfers.find('t1')?.state).toBe('delivered');
  });

  test('a return deeper than the stack keeps none of the others from being settled', () => {
    permitted('a', 1);
    permitted('t1', 2);
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    writeFileSync(
      join(directory, 'returns', 'a.json'),
      `{"transferId":"a","outcome":"refused","attempts":1,"fault":${deep}}`,
    );
    returned('t1', { outcome: 'delivered', attempts: 1 });
    const entered = (entries: readonly unknown[]) => {
      for (const entry of entries) canonicalJson((entry as { document: unknown }).document);
      return ok({ firstIndex: 0, leafHashes: [] });
    };
    const parts = { operations: { append: entered }, transfers, border: borderDirectory(directory) };
    settleReturns({ ...parts, isReceipt: () => true });
    expect(['a', 't1'].map((id) => transfers.find(id)?.state)).toEqual(['permitted', 'delivered']);
  });

  test('a link among the returns is not followed, wherever it leads', () => {
    writeFileSync(join(directory, 'elsewhere'), JSON.stringify({ transferId: 't1', outcome: 'delivered' }));
    symlinkSync(join(directory, 'elsewhere'), join(directory, 'returns', 't1.json'));
    expect(borderDirectory(directory).returns()).toEqual([]);
  });

  test('a failure that is not the end keeps them reserved, and settling twice changes nothing', () => {
    permitted('t1', 1, 2);
    returned('t1', { outcome: 'failed', attempts: 3 });
    settle();
    expect(transfers.find('t1')?.state).toBe('permitted');
    returned('t1', { outcome: 'delivered', attempts: 4 });
    settle();
    returned('t1', { outcome: 'refused', attempts: 0 });
    settle();
    expect(transfers.find('t1')?.state).toBe('delivered');
    expect(transfers.project(persons(2, 3))).toEqual({ before: 2, projected: 3 });
  });
});

test('a return that the log did not take is not settled: it waits, with its persons, until it is on record', () => {
  permitted('t1', 1, 2);
  returned('t1', { outcome: 'delivered' });
  const border = borderDirectory(directory);
  const untaken = { code: 'LOG_UNAVAILABLE', problem: bilingual('full', '满'), remedy: bilingual('-', '-') } as const;
  const full = { append: () => fail({ ...untaken, retry: 'later' as const }) };
  settleReturns({ operations: full, transfers, border, isReceipt: () => true });
  expect([transfers.find('t1')?.state, border.isCleared('t1'), border.returns().length]).toEqual([
    'permitted',
    true,
    1,
  ]);
  settle();
  expect([transfers.find('t1')?.state, border.returns().length]).toEqual(['delivered', 0]);
});

describe('persons are distinct whatever the transfers', () => {
  test('the same person in two transfers, open or delivered, is one; the next year begins at none', () => {
    permitted('t1', 1, 2);
    permitted('t2', 2, 3);
    expect(transfers.project(persons(1, 2, 3, 4))).toEqual({ before: 3, projected: 4 });
    returned('t1', { outcome: 'delivered', attempts: 1 });
    settle();
    expect(transfers.project(persons(1, 2, 3, 4))).toEqual({ before: 3, projected: 4 });
    expect(transfers.project({ ...persons(1), year: 2027 })).toEqual({ before: 0, projected: 1 });
  });
});

describe('after a crash', () => {
  test('what was requested failed, and what was permitted without a permit in staging gives its persons back', () => {
    transfers.add(row('t1'));
    transfers.add(row('t2'));
    transfers.permit('t2', held(1), transfers.counted());
    mkdirSync(join(directory, 'staging', 't2'));
    resumeTransfers({ operations, transfers, border: borderDirectory(directory) });
    expect(transfers.list().map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(transfers.project(persons()).before).toBe(0);
    expect(readdirSync(join(directory, 'staging'))).toEqual([]);
  });

  test('persons of a parcel that somebody took out of the outbox count: nobody can say what left of it', () => {
    permitted('t1', 1, 2);
    rmSync(join(directory, 'outbox', 't1'), { recursive: true });
    resumeTransfers({ operations, transfers, border: borderDirectory(directory) });
    expect(transfers.find('t1')?.state).toBe('failed');
    expect(transfers.project(persons()).before).toBe(2);
  });

  test('what is left in staging of a transfer that is over goes, and nothing that is under way or that no transfer names', () => {
    const border = borderDirectory(directory);
    const states = ['failed', 'rejected', 'lapsed', 'refused', 'delivered'] as const;
    for (const state of states) {
      permitted(state, 1);
      transfers.close(state, state, 'released');
      rmSync(join(directory, 'outbox', state), { recursive: true });
    }
    transfers.add(row('withheld'));
    transfers.withhold('withheld', 1);
    permitted('revoked', 1);
    rmSync(join(directory, 'outbox', 'revoked'), { recursive: true });
    transfers.revoke('revoked');
    transfers.add(row('waits'));
    transfers.wait('waits', 1);
    permitted('there', 2);
    for (const id of [...states, 'withheld', 'revoked', 'waits', 'nobodys'])
      expect(border.stageBytes(id, 'manifest.json', Buffer.from(id)).ok).toBe(true);
    resumeTransfers({ operations, transfers, border });
    expect([...border.staged()].sort()).toEqual(['nobodys', 'waits']);
    expect([transfers.find('waits')?.state, border.isCleared('there')]).toEqual(['awaiting-approval', true]);
  });

  test('what has its permit in staging is cleared', () => {
    transfers.add(row('t1'));
    transfers.permit('t1', held(1), transfers.counted());
    mkdirSync(join(directory, 'staging', 't1'));
    writeFileSync(join(directory, 'staging', 't1', 'permit.bin'), 'x');
    const border = borderDirectory(directory);
    resumeTransfers({ operations, transfers, border });
    expect(border.isCleared('t1')).toBe(true);
    expect(transfers.find('t1')?.state).toBe('permitted');
    expect(transfers.project(persons()).before).toBe(1);
  });
});
