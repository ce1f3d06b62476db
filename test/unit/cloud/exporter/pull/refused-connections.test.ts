import { expect, test } from 'vitest';
import { createRefusals } from '../../../../../cloud/exporter/pull/refused-connections.ts';

test('counts by source, those with most of them first, and begins anew when it was asked', () => {
  const refusals = createRefusals();
  expect(refusals.take()).toBeUndefined();
  refusals.count('192.0.2.1', 1_000);
  refusals.count('192.0.2.2', 2_000);
  refusals.count('::ffff:192.0.2.2', 3_000);
  const sources = [
    { source: '192.0.2.2', connections: 2 },
    { source: '192.0.2.1', connections: 1 },
  ];
  expect(refusals.take()).toEqual({ fromMs: 1_000, toMs: 3_000, connections: 3, sources, elsewhere: 0 });
  expect(refusals.take()).toBeUndefined();
});

test('names few of many sources, and loses no connection', () => {
  const refusals = createRefusals();
  for (let at = 0; at < 100_000; at += 1) refusals.count(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, at);
  for (let at = 0; at < 50; at += 1) refusals.count('10.0.0.7', 100_000);
  const taken = refusals.take();
  expect(taken?.sources).toHaveLength(16);
  expect(taken?.sources[0]).toEqual({ source: '10.0.0.7', connections: 51 });
  expect(taken).toMatchObject({ connections: 100_050, elsewhere: 100_050 - 51 - 15 });
  expect(JSON.stringify(taken).length).toBeLessThan(1_200);
});
