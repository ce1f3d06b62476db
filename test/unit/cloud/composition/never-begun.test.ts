import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, expect, onTestFinished, test } from 'vitest';
import { trafficOf } from '../../../../cloud/composition/never-begun.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import type { Instant } from '../../../../proto/words/time.ts';

/** A traffic log with entries of these kinds, a transfer each. */
function traffic(transfers: Readonly<Record<string, readonly string[]>>) {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-traffic-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(directory, 'log.pub'), publicKey.export({ format: 'pem', type: 'spki' }));
  const log = createLog({
    ...{ directory: join(directory, 'traffic'), origin: 'test/traffic', signingKey: privateKey },
    clock: { now: () => 1_700_000_000_000 as Instant },
  });
  assert(log.ok, JSON.stringify(log));
  for (const [transferId, kinds] of Object.entries(transfers))
    for (const kind of kinds) assert(log.value.append([{ kind, transferId, actor: 'exporter', document: {} }]).ok);
  log.value.close();
  const config = {
    log: { origin: 'test' },
    monitoring: { trafficLog: { directory: 'traffic', publicKeyFile: 'log.pub' } },
  };
  const loaded = { config, path: (name: string) => join(directory, name) };
  return { directory, of: trafficOf(loaded as unknown as Parameters<typeof trafficOf>[0]) };
}

test('only a transfer that the log has as refused, and nothing else of it, was never begun', () => {
  const { of } = traffic({ t1: ['refused'], t2: ['intent', 'attempt', 'refused'], t3: ['attempt'] });
  expect(['t1', 't2', 't3', 't4'].map((id) => of.neverBegun?.(id))).toEqual([true, false, false, 'unknown']);
});

test('a log that is damaged or gone tells nothing', () => {
  const { of, directory } = traffic({ t1: ['refused'] });
  rmSync(join(directory, 'traffic'), { recursive: true });
  expect(of.neverBegun?.('t1')).toBe('unknown');
});

test('without a traffic log nobody can tell', () => {
  const loaded = { config: { log: { origin: 'test' } }, path: (name: string) => name };
  expect(trafficOf(loaded as unknown as Parameters<typeof trafficOf>[0])).toEqual({});
});
