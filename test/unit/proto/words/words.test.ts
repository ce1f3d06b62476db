import { expect, test } from 'vitest';
import { DATA_CLASSES, strictest } from '../../../../proto/words/data-class.ts';
import { assert, fail, isNonEmpty, ok, unreachable } from '../../../../proto/words/result.ts';
import { type DeviceId, downlinkTopic, PAYLOAD_BYTES_MAX, uplinkTopic } from '../../../../proto/words/topics.ts';

test('the strictest of classes is the last in their order, whatever the order they come in', () => {
  expect(strictest([...DATA_CLASSES].reverse())).toBe('core');
  expect(strictest(['sensitive', 'general'])).toBe('sensitive');
  expect(strictest([])).toBeUndefined();
});

test('topics hold the device and nothing that a wildcard could widen', () => {
  const device = 'a1'.repeat(16) as DeviceId;
  expect([uplinkTopic(device), downlinkTopic(device)]).toEqual([
    `tongguan/v1/up/${device}`,
    `tongguan/v1/down/${device}`,
  ]);
});

test('the largest batch of the schema fits one payload', () => {
  // SealedBatch of 65 536 bytes, its tag and length, and a signature of 64 bytes with its own.
  expect(PAYLOAD_BYTES_MAX).toBeGreaterThanOrEqual(65_536 + 4 + 66);
});

test('a result is ok or a fault, and a broken invariant is thrown by its name', () => {
  expect([ok(1), fail('why')]).toEqual([
    { ok: true, value: 1 },
    { ok: false, fault: 'why' },
  ]);
  expect([isNonEmpty([]), isNonEmpty([0])]).toEqual([false, true]);
  expect(() => assert(false, 'it holds')).toThrow('broken invariant: it holds');
  expect(() => unreachable('x' as never)).toThrow('unreachable case x');
});
