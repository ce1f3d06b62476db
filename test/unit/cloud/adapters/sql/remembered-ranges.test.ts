import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rememberedRanges } from '../../../../../cloud/adapters/sql/remembered-ranges.ts';
import type { Extents } from '../../../../../cloud/ports/ledger.ts';

const WIDE: Extents = [[0, Number.MAX_SAFE_INTEGER]];
const GAPPED: Extents = [
  [0, 5],
  [9, 12],
];

test('what is remembered of a device and epoch is what was set last, or nothing', () => {
  const change = fc.record({
    device: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(4_095, 4_096, 4_097, 1_000_000)),
    epoch: fc.constantFrom(0, 11, 2 ** 48 - 1),
    ranges: fc.constantFrom<Extents>([], [[0, 1]], [[3, 9]], WIDE, GAPPED),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const remembered = rememberedRanges();
      const latest = new Map<number, { readonly epoch: number; readonly ranges: Extents }>();
      for (const { device, epoch, ranges } of changes) {
        const held = latest.get(device);
        expect(remembered.get(device, epoch)).toEqual(held?.epoch === epoch ? held.ranges : undefined);
        remembered.set(device, epoch, ranges);
        latest.set(device, { epoch, ranges });
      }
      for (const [device, { epoch, ranges }] of latest) expect(remembered.get(device, epoch)).toEqual(ranges);
    }),
  );
});

test('more devices than are remembered leave no wrong answer: who is gone is read again', () => {
  const remembered = rememberedRanges();
  const page = 4_096;
  for (let device = 0; device < 300 * page; device += page) remembered.set(device, 11, [[0, device + 1]]);
  const seen = Array.from({ length: 300 }, (_, at) => remembered.get(at * page, 11));
  expect(seen.every((ranges, at) => ranges === undefined || ranges[0]?.[1] === at * page + 1)).toBe(true);
  expect([seen[0], seen[299]]).toEqual([undefined, [[0, 299 * page + 1]]]);
});

test('devices with gaps are bounded too', () => {
  const remembered = rememberedRanges();
  for (let device = 1; device <= 25_000; device += 1) remembered.set(device, 11, GAPPED);
  expect([remembered.get(1, 11), remembered.get(25_000, 11)]).toEqual([undefined, GAPPED]);
});
