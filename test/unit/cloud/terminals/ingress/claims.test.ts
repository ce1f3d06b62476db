import { expect, test } from 'vitest';
import type { AttestedAdapter } from '../../../../../cloud/ingest/recheck-attestation.ts';
import type { Sender } from '../../../../../cloud/ports/device-register.ts';
import { claimSteps } from '../../../../../cloud/terminals/ingress/claims.ts';
import { redacted } from '../../../../../proto/words/redacted.ts';
import type { Instant } from '../../../../../proto/words/time.ts';
import type { DeviceId } from '../../../../../proto/words/topics.ts';
import { parseVin } from '../../../../../proto/words/vin.ts';
import { testVin } from '../../../../support/cloud/vins.ts';

const parsed = parseVin(testVin(1));
if (!parsed.ok) throw new Error('a VIN');
const SENDER: Sender = { device: 'ab'.repeat(16) as DeviceId, number: 7, vin: redacted(parsed.value) };
const [FROM, UNTIL] = [1_000, 2_000];
const adapter = (change: Partial<AttestedAdapter>): AttestedAdapter => ({
  ...{ id: 'example-plug-in', certificate: 'EX-1', validFromMs: FROM, validUntilMs: UNTIL },
  ...{ devices: new Set<string>(), models: [] },
  ...change,
});
const claimed = (record: AttestedAdapter, at = 1_500, now = 1_600) =>
  claimSteps(SENDER, [record], at as Instant, now as Instant)[0]?.parameters;

test('a claim counts for a vehicle that is bound to a record, by model or device, and for no other', () => {
  const counts = 'state-recognised=example-plug-in certificate=EX-1';
  expect(claimed(adapter({ models: [testVin(1).slice(0, 8)] }))).toBe(counts);
  expect(claimed(adapter({ devices: new Set([SENDER.device]) }))).toBe(counts);
  expect(claimed(adapter({ models: ['LXXXXXXX'], devices: new Set(['cd'.repeat(16)]) }))).toBe('unbound');
  expect(claimSteps(SENDER, [], 1_500 as Instant, 1_600 as Instant)[0]?.parameters).toBe('unbound');
});

test.each([
  ['taken before the certificate', FROM - 1, 1_500],
  ['taken after it', UNTIL, 1_500],
  ['received before it', 1_500, FROM - 1],
  ['received after it', 1_500, UNTIL],
])('a position %s is unbound', (_, at, now) => {
  expect(claimed(adapter({ devices: new Set([SENDER.device]) }), at, now)).toBe('unbound');
});
