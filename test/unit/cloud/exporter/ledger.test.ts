import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLedger, type Ledger, TRAFFIC_KINDS } from '../../../../cloud/exporter/ledger.ts';

const sha = 'ab'.repeat(32);

// biome-ignore format: one kind a line
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  intent: { permitSha256: sha },
  attempt: { attempt: 1 },
  'connection-open': { sourcePort: 40_000 },
  connection: { openLeafIndex: 2 },
  'strangers-refused': { connections: 1 },
  failed: { attempts: 1, retryAtMs: 5_000 },
  refused: { attempts: 1 },
  delivered: { attempts: 1, receipt: 'AA==' },
};

function applyAll(ledger: Ledger, kinds: readonly string[], transferId = 't-1'): readonly boolean[] {
  return kinds.map((kind, index) => ledger.apply({ index, kind, transferId, document: DOCUMENTS[kind] }));
}

test('follows a transfer from its intent to its delivery', () => {
  const ledger = createLedger();
  expect(ledger.history('t-1')).toEqual({ state: 'new', attempts: 0, failedRounds: 0, leafIndex: -1 });
  expect(applyAll(ledger, ['intent', 'attempt', 'connection-open', 'connection', 'delivered'])).not.toContain(false);
  expect(ledger.history('t-1')).toEqual({
    state: 'delivered',
    attempts: 1,
    failedRounds: 0,
    permitSha256: sha,
    leafIndex: 4,
  });
  expect(ledger.counts()).toEqual({ delivered: 1, refused: 0, failed: 0 });
  expect(ledger.openConnections()).toEqual([]);
});

test('a failed transfer goes on under its intent and is no longer counted as failed then', () => {
  const ledger = createLedger();
  applyAll(ledger, ['intent', 'attempt', 'failed']);
  expect(ledger.history('t-1')).toMatchObject({
    state: 'failed',
    retryAtMs: 5_000,
    failedRounds: 1,
    permitSha256: sha,
  });
  expect(ledger.counts().failed).toBe(1);
  ledger.apply({ index: 3, kind: 'attempt', transferId: 't-1', document: { attempt: 2 } });
  expect(ledger.history('t-1')).toMatchObject({ state: 'underway', attempts: 2 });
  expect(ledger.counts().failed).toBe(0);
});

test('remembers which connections nobody has ended', () => {
  const ledger = createLedger();
  applyAll(ledger, ['intent', 'attempt', 'connection-open']);
  expect(ledger.openConnections()).toEqual([{ transferId: 't-1', openLeafIndex: 2, opening: { sourcePort: 40_000 } }]);
});

test.each([
  ['a kind it does not know', 'revoked', {}],
  ['an intent without its permit', 'intent', {}],
  ['an attempt without its number', 'attempt', { attempt: 0 }],
  ['a delivery without its receipt', 'delivered', { attempts: 1 }],
  ['the end of a connection that was never opened', 'connection', { openLeafIndex: 9 }],
])('says so when it cannot take in %s', (_, kind, document) => {
  expect(createLedger().apply({ index: 0, kind, transferId: 't-1', document })).toBe(false);
});

test('after a delivery or a refusal no entry whatever changes what has become of a transfer', () => {
  const kinds = fc.array(fc.constantFrom(...TRAFFIC_KINDS), { maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom('delivered', 'refused'), kinds, (end, later) => {
      const ledger = createLedger();
      applyAll(ledger, ['intent', 'attempt', end]);
      const history = ledger.history('t-1');
      const counts = ledger.counts();
      applyAll(ledger, later);
      expect(ledger.history('t-1')).toEqual(history);
      expect(ledger.counts()).toEqual(counts);
    }),
  );
});

test('the counts are those of the states, whatever the order of entries', () => {
  const entry = fc.record({ kind: fc.constantFrom(...TRAFFIC_KINDS), transferId: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const ledger = createLedger();
      for (const [index, { kind, transferId }] of entries.entries()) {
        ledger.apply({ index, kind, transferId, document: DOCUMENTS[kind] });
      }
      const states = ['a', 'b', 'c'].map((id) => ledger.history(id).state);
      const count = (state: string) => states.filter((one) => one === state).length;
      expect(ledger.counts()).toEqual({
        delivered: count('delivered'),
        refused: count('refused'),
        failed: count('failed'),
      });
    }),
  );
});
