import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildCanaries } from '../../../support/canary/canaries.ts';
import type { Point } from '../../../support/canary/coordinate-index.ts';
import { scan, scanWithReport } from '../../../support/canary/scan.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { noise } from './plants.ts';

const NOISE_BYTES = 5 * 2 ** 20;
const LONG_TEST_MS = 600_000;

const chance = seededChance(7);
const degrees = (least: number, span: number): number => Math.round((least + chance() * span) * 1e7) / 1e7;
/** Half over the whole mainland, half as thick as a fleet in one town. */
const POINTS: readonly Point[] = Array.from({ length: 100_000 }, (_, at) =>
  at % 2 === 0
    ? { latitude: degrees(18, 36), longitude: degrees(73, 62) }
    : { latitude: degrees(31.4, 0.2), longitude: degrees(120.2, 0.3) },
);
const VINS = Array.from({ length: 500 }, (_, at) => `LSGKB54E1HA${String(100_000 + at * 7)}`);
const TAGS = Array.from({ length: 2_000 }, (_, at) => createHash('md5').update(`tag ${at}`).digest());
const CANARIES = buildCanaries({ points: POINTS, vins: VINS, tags: TAGS });

describe('zero hits', () => {
  test('in 5 MB of ciphertext', { timeout: LONG_TEST_MS }, () => {
    expect(scan(noise(1, NOISE_BYTES), CANARIES)).toEqual([]);
  });

  test('in hashes, signatures and keys as text', { timeout: LONG_TEST_MS }, () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => {
      const hash = createHash('sha256').update(`record ${at}`).digest();
      return JSON.stringify({ sequence: at, root: hash.toString('hex'), signature: hash.toString('base64') });
    });
    expect(scan(Buffer.from(lines.join('\n')), CANARIES)).toEqual([]);
  });

  test('in records of quantised signals, as text and as doubles', { timeout: LONG_TEST_MS }, () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => {
      const speed = Math.round(chance() * 1_400) / 10;
      const temperature = Math.round((31 + chance()) * 1_000) / 1_000;
      return JSON.stringify({
        at: new Date(1.595e12 + at * 1_000),
        speed,
        temperature,
        fixed: temperature.toFixed(2).concat('00'),
      });
    });
    const doubles = Float64Array.from({ length: 5_000 }, () => Math.round((119 + chance() * 2) * 1_000) / 1_000);
    expect(scan(Buffer.from(lines.join('\n')), CANARIES)).toEqual([]);
    expect(scan(new Uint8Array(doubles.buffer), CANARIES)).toEqual([]);
  });

  test('in coordinates that are a hundredth of a degree away', { timeout: LONG_TEST_MS }, () => {
    const sparse = POINTS.slice(0, 2_000).filter((_, at) => at % 2 === 0);
    const canaries = buildCanaries({ points: sparse, vins: [], tags: [] });
    const isFree = (value: number, axis: keyof Point): boolean =>
      sparse.every((point) => Math.abs(point[axis] - value) > 0.0002);
    const missed = sparse
      .map(({ latitude, longitude }) => ({ latitude: latitude + 0.01, longitude: longitude + 0.01 }))
      .filter(({ latitude, longitude }) => isFree(latitude, 'latitude') && isFree(longitude, 'longitude'));
    expect(missed.length).toBeGreaterThan(500);
    const text = Buffer.from(missed.map(({ latitude, longitude }) => `${latitude},${longitude}`).join('\n'));
    const pairs = missed.flatMap(({ latitude, longitude }) => [latitude, longitude]);
    const binary = [
      new Uint8Array(Float64Array.from(pairs).buffer),
      new Uint8Array(Float32Array.from(pairs).buffer),
      new Uint8Array(Int32Array.from(pairs, (value) => Math.round(value * 1e6)).buffer),
    ];
    for (const bytes of [text, ...binary]) expect(scan(bytes, canaries)).toEqual([]);
  });
});

test('one leak of eight bytes is found among 100,000 points', { timeout: LONG_TEST_MS }, () => {
  const bytes = noise(2, 2 * 2 ** 20);
  const leak = Buffer.alloc(8);
  leak.writeInt32LE(Math.round((POINTS[99_998]?.latitude ?? 0) * 1e6));
  leak.writeInt32LE(Math.round((POINTS[99_998]?.longitude ?? 0) * 1e6), 4);
  leak.copy(bytes, 1_234_567);
  const { hits, unread } = scanWithReport(bytes, CANARIES);
  expect(unread).toEqual([]);
  expect(hits).toEqual([{ kind: 'position', form: 'int32le x1e6', within: [], offset: 1_234_571, of: 99_998 }]);
});
