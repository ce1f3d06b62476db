import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeLostConnections } from '../../../../cloud/exporter/lost-connections.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { followTraffic, notBehind, type Traffic, type TrafficEntry } from '../../../../cloud/exporter/traffic.ts';
import { createLog, type OpenLog, openLog } from '../../../../cloud/log/open-log.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const ID = 't-1' as TransferId;
let directory: string;
let log: OpenLog;
const signingKey = generateKeyPairSync('ed25519').privateKey;
let now = 1;
const options = () => ({ directory, origin: 'test/traffic', signingKey, clock: { now: () => now as Instant } });

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'tongguan-traffic-')), 'log');
  const created = createLog(options());
  log = created.ok ? created.value : expect.fail(created.fault.code);
});
afterEach(() => {
  log.close();
  rmSync(join(directory, '..'), { recursive: true });
});

function follow(): Traffic {
  const followed = followTraffic(log);
  return followed.ok ? followed.value : expect.fail(followed.fault.problem.en);
}

const entry = (kind: TrafficEntry['kind'], document: TrafficEntry['document']): TrafficEntry => ({
  kind,
  transferId: ID,
  document,
});
const BEGUN = [entry('intent', { permitSha256: 'ab'.repeat(32) }), entry('attempt', { attempt: 1 })];
const OPENING = { sourceIp: '10.0.0.2', sourcePort: 40_000, date: '2026-05-01' };

test('says the same of a transfer after a restart as before it', async () => {
  const before = follow();
  expect(await before.append(BEGUN)).toEqual({ ok: true, value: 0 });
  expect(await before.append([entry('failed', { attempts: 1, retryAtMs: 77, fault: { code: 'X' } })])).toEqual({
    ok: true,
    value: 2,
  });
  log.close();
  const opened = openLog(options());
  log = opened.ok ? opened.value : expect.fail(opened.fault.code);
  const after = follow();
  expect(after.history(ID)).toEqual(before.history(ID));
  expect(after.counts()).toEqual({ delivered: 0, refused: 0, failed: 1 });
  expect(after.head()).toEqual(before.head());
  expect(after.document(2)).toEqual({ ok: true, value: { attempts: 1, retryAtMs: 77, fault: { code: 'X' } } });
});

test('what does not fit is never written: of two ends of one transfer at once one is, and the log opens again', async () => {
  const traffic = follow();
  await traffic.append(BEGUN);
  const delivered = entry('delivered', { attempts: 1, receipt: 'AA==' });
  const both = await Promise.allSettled([traffic.append([delivered]), traffic.append([delivered])]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  const strangers = [entry('attempt', { attempt: 2 }), entry('connection', { openLeafIndex: 0 }), entry('failed', {})];
  for (const one of strangers) await expect(traffic.append([one])).rejects.toThrow('fits the ledger');
  expect(log.head().size).toBe(3);
  expect(follow().history(ID).state).toBe('delivered');
});

test('what could not be logged has not happened', async () => {
  const traffic = follow();
  await traffic.append(BEGUN);
  rmSync(directory, { recursive: true });
  const failed = await traffic.append([entry('delivered', { attempts: 1, receipt: 'AA==' })]);
  expect(failed).toMatchObject({ ok: false, fault: { code: 'TRAFFIC_LOG' } });
  expect(traffic.history(ID).state).toBe('underway');
});

test('a log with an entry that this version cannot read is not followed: it may say that nothing is to be sent', () => {
  log.append([{ kind: 'revoked', transferId: ID, actor: 'exporter', document: {} }]);
  const followed = followTraffic(log);
  expect(followed).toMatchObject({ ok: false, fault: { code: 'TRAFFIC_LOG' } });
});

test('connections that a killed process left open are ended in the log, with nothing said of their volume', async () => {
  const traffic = follow();
  await traffic.append([...BEGUN, entry('connection-open', OPENING)]);
  const restarted = follow();
  expect(await closeLostConnections(restarted, () => undefined)).toEqual({ ok: true, value: undefined });
  expect(restarted.document(3)).toEqual({
    ok: true,
    value: {
      ...OPENING,
      openLeafIndex: 2,
      dataVolumeBytes: null,
      bytesSent: null,
      bytesReceived: null,
      durationMs: null,
      capture: null,
      ended: 'PROCESS_KILLED',
    },
  });
  expect(restarted.openConnections()).toEqual([]);
  await closeLostConnections(follow(), () => undefined);
  expect(log.head().size).toBe(4);
});

test('a clock that is set back is not believed: no earlier than the youngest entry, also after a restart; one that goes on is', async () => {
  const traffic = follow();
  now = 5_000;
  await traffic.append(BEGUN);
  now = 100;
  await traffic.append([entry('attempt', { attempt: 2 })]);
  const clock = { now: () => now as Instant };
  expect([traffic, follow()].map((one) => notBehind(one, clock).now())).toEqual([5_000, 5_000]);
  now = 5_001;
  expect(notBehind(traffic, clock).now()).toBe(5_001);
  now = 1;
});
