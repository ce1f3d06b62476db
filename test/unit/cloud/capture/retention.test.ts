import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampler, keepingOf } from '../../../../cloud/capture/retention.ts';
import { DAY_MS } from '../../../../proto/words/time.ts';
import { anyCapture, START } from '../../../support/capture/events.ts';

test('everything is kept for seven days of 24 hours, samples for 31, from the end of the connection', () => {
  expect(keepingOf({ endMs: START }, false)).toEqual({ row: 'capture-7d', until: START + 7 * DAY_MS });
  expect(keepingOf({ endMs: START }, true)).toEqual({ row: 'capture-sample-31d', until: START + 31 * DAY_MS });
});

const anyCaptures = fc.array(
  fc.record({ hash: fc.nat(0xffffff), day: fc.nat(3), peer: fc.nat(2) }).map(({ hash, day, peer }) =>
    anyCapture({
      endMs: START + day * DAY_MS,
      peerIp: `192.0.2.${peer}`,
      segments: [{ sha256: hash.toString(16).padStart(12, '0').padEnd(64, '0'), bytes: 1 }],
    }),
  ),
  { maxLength: 30 },
);

test('no day and no address is without a sample, and 1 in 1 is all of them', () => {
  fc.assert(
    fc.property(anyCaptures, fc.integer({ min: 1, max: 1_000 }), (captures, every) => {
      const isSample = createSampler({ every });
      const sample = captures.filter(isSample);
      const named = (list: typeof captures) => new Set(list.map(({ endMs, peerIp }) => `${endMs} ${peerIp}`));
      expect(named(sample)).toEqual(named(captures));
      if (every === 1) expect(sample).toEqual(captures);
    }),
  );
});

test('the same captures give the same sample', () => {
  fc.assert(
    fc.property(anyCaptures, (captures) => {
      expect(captures.filter(createSampler({ every: 7 }))).toEqual(captures.filter(createSampler({ every: 7 })));
    }),
  );
});
