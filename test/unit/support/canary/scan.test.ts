import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCanaries, type Canaries } from '../../../support/canary/canaries.ts';
import { isDegenerate } from '../../../support/canary/coordinate-index.ts';
import type { Hit } from '../../../support/canary/hit.ts';
import { SCAN_LIMITS, scan, scanWithReport } from '../../../support/canary/scan.ts';
import {
  degreesMinutes,
  ELSEWHERE,
  noise,
  pairedEncodings,
  pairOf,
  plant,
  SOUTH_WEST,
  TRUTH,
  written,
} from './plants.ts';

const VIN = 'LSGKB54E1HA012345';
const TAG = createHash('sha256').update('a tag').digest().subarray(0, 16);
const CANARIES = buildCanaries({
  points: [ELSEWHERE, TRUTH, SOUTH_WEST],
  vins: ['LDPGABAC7JN200663', VIN],
  tags: [noise(999_999, 16), TAG],
});
const SEEDS = [1, 20, 300];

const hitsOf = (leak: Uint8Array, seed: number): readonly Hit[] => {
  const { bytes, offset } = plant(leak, seed);
  return scan(bytes, CANARIES).map((hit) => ({ ...hit, offset: hit.offset - offset }));
};

describe('a coordinate that counts alone', () => {
  const doubles = [TRUTH.longitude, 119.677672, 119.677671, 119.67767].flatMap((value) => [
    ['float64le', 'longitude', written(8, (bytes) => bytes.writeDoubleLE(value))] as const,
    ['float64be', 'longitude', written(8, (bytes) => bytes.writeDoubleBE(value))] as const,
  ]);
  const texts = [
    ['decimal', 'latitude', ' 31.27908'],
    ['decimal', 'latitude', ' 31.2790,'],
    ['decimal', 'latitude', '=31.2791 '],
    ['decimal', 'latitude', '"-0031.279081"'],
    ['decimal', 'longitude', ' 119.6776716'],
    ['decimal', 'longitude', 'E119.6776;'],
    ['decimal', 'longitude', 'E119.6777;'],
    ['decimal', 'longitude', ':119.677671661376953'],
    ['decimal prefix', 'latitude', ' 31.27905555'],
    ['decimal suffix', 'latitude', ' 2020071831.27908'],
    ['degrees-minutes', 'latitude', `,${degreesMinutes(TRUTH.latitude)},N,`],
    ['degrees-minutes', 'longitude', ` E0${degreesMinutes(TRUTH.longitude)}00 `],
  ].map(([form = '', kind = '', text = '']) => [form, kind, Buffer.from(text)] as const);

  test.each([...texts, ...doubles])('%s of a %s: found', (form, kind, leak) => {
    for (const seed of SEEDS) {
      const hits = hitsOf(leak, seed);
      expect(hits).toContainEqual({ kind, form, within: [], offset: expect.any(Number), of: 1 });
      for (const hit of hits) expect(hit.offset).toBeGreaterThanOrEqual(0);
    }
  });

  test('says where it stands', () => {
    const { bytes, offset } = plant(Buffer.from('31.27908'), 4);
    bytes[offset - 1] = 0x20;
    expect(scan(bytes, CANARIES)).toEqual([{ kind: 'latitude', form: 'decimal', within: [], offset, of: 1 }]);
  });
});

describe('a coordinate that counts beside its partner', () => {
  const cases = [...pairedEncodings()].flatMap(([form, encode]) =>
    [TRUTH, SOUTH_WEST].map((point) => ({ form, encode, point, of: point === TRUTH ? 1 : 2 })),
  );

  test.each(cases)('$form: found with a partner near by, in either order', ({ form, encode, point, of }) => {
    for (const seed of SEEDS) {
      for (const leak of [pairOf(encode, point), pairOf(encode, point, 40), pairOf(encode, point, 8, true)]) {
        expect(hitsOf(leak, seed)).toContainEqual(expect.objectContaining({ kind: 'position', form, of }));
      }
    }
  });

  test.each(cases)(
    '$form: silent alone, far from its partner, or beside that of another point',
    ({ encode, point }) => {
      const other = point === TRUTH ? ELSEWHERE : TRUTH;
      for (const seed of SEEDS) {
        expect(hitsOf(encode(point.latitude), seed)).toEqual([]);
        expect(hitsOf(pairOf(encode, point, 80), seed)).toEqual([]);
        expect(hitsOf(Buffer.concat([encode(point.latitude), encode(other.longitude)]), seed)).toEqual([]);
      }
    },
  );

  test('not when the two are written in different forms', () => {
    const encodings = pairedEncodings();
    const latitude = encodings.get('int32le x1e6')?.(TRUTH.latitude) ?? Buffer.alloc(0);
    const longitude = encodings.get('int32be x1e6')?.(TRUTH.longitude) ?? Buffer.alloc(0);
    expect(hitsOf(Buffer.concat([latitude, longitude]), 5)).toEqual([]);
  });
});

describe('nothing hangs on what stands round it', () => {
  // So far south that degrees times 1e5 are a varint of three bytes.
  const southern = { latitude: 20.0312345, longitude: 110.3501234 };
  const canaries = buildCanaries({ points: [southern], vins: [], tags: [] });

  test.each([...pairedEncodings().keys()])('%s: found where it is all there is', (form) => {
    const encode = pairedEncodings().get(form) ?? (() => Buffer.alloc(0));
    for (const bytes of [pairOf(encode, southern, 0), pairOf(encode, southern, 0, true)]) {
      expect(scan(bytes, canaries)).toContainEqual(expect.objectContaining({ kind: 'position', form }));
    }
  });

  test('found for every coordinate of the mainland', { timeout: 240_000 }, () => {
    const degrees = (min: number, max: number) =>
      fc.double({ min, max, noNaN: true }).map((value) => Number(value.toFixed(7)));
    const places = fc
      .array(fc.record({ latitude: degrees(18, 53.9), longitude: degrees(73, 135.5) }), {
        minLength: 30,
        maxLength: 30,
      })
      .map((points) => points.filter((point) => !isDegenerate(point.latitude) && !isDegenerate(point.longitude)));
    const foundIn = (leaks: readonly Buffer[], canaries: Canaries): ReadonlySet<number> => {
      const apart = leaks.map((leak) => Buffer.concat([leak, Buffer.alloc(100)]));
      const hits = scan(Buffer.concat(apart), canaries).filter(({ kind }) => kind === 'position');
      return new Set(hits.map(({ of }) => of));
    };
    fc.assert(
      fc.property(places, (points) => {
        const canaries = buildCanaries({ points, vins: [], tags: [] });
        const all = new Set(points.keys());
        for (const encode of pairedEncodings().values()) {
          expect(
            foundIn(
              points.map((point) => pairOf(encode, point, 1)),
              canaries,
            ),
          ).toEqual(all);
        }
        const texts = points.map(({ latitude, longitude }) => Buffer.from(`${latitude} ${longitude}`));
        expect(foundIn(texts, canaries)).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });
});

test('an ordinary number is no coordinate, even if one rounds to it', () => {
  const canaries = buildCanaries({ points: [{ latitude: 31.280003, longitude: 119.299998 }], vins: [], tags: [] });
  const ordinary = [31.28, 119.3].flatMap((value) => [
    Buffer.from(` ${value.toFixed(4)} `),
    Buffer.from(` ${value} `),
    written(8, (bytes) => bytes.writeDoubleLE(value)),
  ]);
  for (const bytes of ordinary) expect(scan(bytes, canaries)).toEqual([]);
  for (const text of ['31.280003', '119.299998']) expect(scan(Buffer.from(text), canaries)).toHaveLength(1);
});

describe('a VIN', () => {
  const reversed = [...VIN].reverse().join('');
  const digest = (name: string, text: string): Buffer => createHash(name).update(text).digest();
  const leaks: readonly (readonly [string, string, Buffer])[] = [
    ['as issued', 'text', Buffer.from(VIN)],
    ['in lower case', 'text', Buffer.from(VIN.toLowerCase())],
    ['reversed', 'reversed', Buffer.from(reversed)],
    ['SHA-256', 'sha256', digest('sha256', VIN)],
    ['SHA-256, first half', 'sha256', digest('sha256', VIN).subarray(0, 16)],
    ['SHA-256 of lower case', 'sha256', digest('sha256', VIN.toLowerCase())],
    ['SHA-1', 'sha1', digest('sha1', VIN)],
    ['MD5', 'md5', digest('md5', VIN)],
  ];

  test.each(leaks)('%s: found', (_name, form, leak) => {
    for (const seed of SEEDS) {
      expect(hitsOf(leak, seed)).toEqual([{ kind: 'vin', form, within: [], offset: 0, of: 1 }]);
    }
  });

  test('with any one character changed: not found', () => {
    for (const [at, character] of [...VIN].entries()) {
      const changed = VIN.slice(0, at) + (character === '7' ? '8' : '7') + VIN.slice(at + 1);
      expect(hitsOf(Buffer.from(changed), at)).toEqual([]);
      expect(hitsOf(digest('sha256', changed), at)).toEqual([]);
    }
  });
});

test('a subject tag, whole or its first half: found', () => {
  for (const seed of SEEDS) {
    const found = [{ kind: 'tag', form: 'raw', within: [], offset: 0, of: 1 }];
    expect(hitsOf(TAG, seed)).toEqual(found);
    expect(hitsOf(TAG.subarray(0, 8), seed)).toEqual(found);
  }
});

test('a hit never holds what was found', () => {
  const bytes = Buffer.from(`${VIN} ${TRUTH.latitude},${TRUTH.longitude} ${TAG.toString('hex')}`);
  const hits = scan(bytes, CANARIES);
  expect(new Set(hits.map(({ kind }) => kind))).toEqual(new Set(['vin', 'latitude', 'longitude', 'position', 'tag']));
  const told = JSON.stringify(hits);
  for (const value of [VIN, '31.279', '119.677', TAG.toString('hex')]) expect(told).not.toContain(value);
});

test('the same leak over and over is told a bounded number of times, and hides no other', () => {
  const bytes = Buffer.concat([Buffer.from(' 31.27908'.repeat(5_000)), TAG]);
  const { hits } = scanWithReport(bytes, CANARIES);
  expect(hits.filter(({ kind }) => kind === 'latitude')).toHaveLength(SCAN_LIMITS.hitsPerForm);
  expect(hits.filter(({ kind }) => kind === 'tag')).toHaveLength(1);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])('%d bytes of anything are scanned without a stumble', (length) => {
  expect(scan(noise(length, length), CANARIES)).toEqual([]);
});
