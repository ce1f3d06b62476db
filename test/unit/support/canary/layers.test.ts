import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildCanaries } from '../../../support/canary/canaries.ts';
import { SCAN_LIMITS, scan, scanWithReport } from '../../../support/canary/scan.ts';
import { noise, pairedEncodings, pairOf, plant, TRUTH, written } from './plants.ts';
import { TEXT_WRAPPINGS, WRAPPINGS, type Wrapping, wrapAll } from './wrappings.ts';

const VIN = 'LSGKB54E1HA012345';
const TAG = createHash('sha256').update('a tag').digest().subarray(0, 16);
const CANARIES = buildCanaries({ points: [TRUTH], vins: [VIN], tags: [TAG] });

const inPair = (form: string): Buffer => {
  const encode = pairedEncodings().get(form);
  if (encode === undefined) throw new Error(`no such encoding: ${form}`);
  return pairOf(encode, TRUTH, 2);
};
const LEAKS: readonly (readonly [string, string, Buffer])[] = [
  ['latitude', 'decimal', Buffer.from(' 31.27908 ')],
  ['latitude', 'decimal', Buffer.from('31.2790')],
  ['longitude', 'float64le', written(8, (bytes) => bytes.writeDoubleLE(TRUTH.longitude))],
  ['longitude', 'float64be', written(8, (bytes) => bytes.writeDoubleBE(TRUTH.longitude))],
  ...['float32le', 'int32be x1e6', 'int64le x1e7', 'varint x1e6', 'zigzag x1e7', 'integer text x1e6'].map(
    (form) => ['position', form, inPair(form)] as const,
  ),
  ['vin', 'text', Buffer.from(VIN)],
  ['vin', 'reversed', Buffer.from([...VIN].reverse().join(''))],
  ['vin', 'sha256', createHash('sha256').update(VIN).digest()],
  ['tag', 'raw', TAG],
];
const TEXT_LEAKS = LEAKS.filter(([, form]) => ['decimal', 'integer text x1e6', 'text', 'reversed'].includes(form));

/** Compressors leave what they cannot shorten as it is, so an inner wrapping may be met without the one round it. */
function expectFound(leak: readonly [string, string, Buffer], wrappings: readonly Wrapping[], seed: number): void {
  const [kind, form, content] = leak;
  const { bytes, offset } = plant(wrapAll(content, wrappings), seed);
  const hits = scan(bytes, CANARIES).filter((hit) => hit.kind === kind && hit.form === form && hit.of === 0);
  const told = `${kind} ${form}, seed ${seed}: ${JSON.stringify(hits)}`;
  expect(hits.length, told).toBeGreaterThan(0);
  // zlib is raw deflate with a header, and noise before it may lead into it past that header.
  const innermost = wrappings[0]?.layer === 'zlib' ? ['zlib', 'deflate'] : [wrappings[0]?.layer];
  expect(
    innermost.filter((layer) => hits.some(({ within }) => within.at(-1) === layer)),
    told,
  ).not.toEqual([]);
  // The text round a wrapping may be taken into it, and a header left out; a stream may also be found from its middle.
  expect(Math.min(...hits.map((hit) => Math.abs(hit.offset - offset))), told).toBeLessThan(60);
}

describe('in one wrapping', () => {
  test.each(WRAPPINGS)('$name: every form is found', (wrapping) => {
    for (const [at, leak] of LEAKS.entries()) expectFound(leak, [wrapping], at);
  });

  test.each(TEXT_WRAPPINGS)('$name: every form of text is found', (wrapping) => {
    for (const [at, leak] of TEXT_LEAKS.entries()) expectFound(leak, [wrapping], at);
  });
});

describe('in two wrappings', () => {
  const inner = [...WRAPPINGS, ...TEXT_WRAPPINGS];
  test.each(WRAPPINGS)('$name round each other wrapping: found', (outer) => {
    for (const [at, wrapping] of inner.entries()) {
      // Two of one magic-less kind in each other are what noise decodes to.
      if (wrapping.layer === 'deflate' && outer.layer === 'deflate') continue;
      const leaks = wrapping.layer === 'utf16' ? TEXT_LEAKS : LEAKS;
      const leak = leaks[at % leaks.length];
      if (leak !== undefined) expectFound(leak, [wrapping, outer], at);
    }
  });
});

describe('in three wrappings', () => {
  const named = (name: string): Wrapping => {
    const found = [...WRAPPINGS, ...TEXT_WRAPPINGS].find((wrapping) => wrapping.name === name);
    if (found === undefined) throw new Error(`no such wrapping: ${name}`);
    return found;
  };
  test.each([
    ['gzip', 'base64, 1 bytes before it', 'JSON escapes'],
    ['hex', 'gzip among other records', 'base64url, 0 bytes before it'],
    ['base64, 0 bytes before it', 'base64, 0 bytes before it', 'base64, 0 bytes before it'],
    ['raw deflate', 'base64, 2 bytes before it', 'zlib'],
    ['byte list', 'gzip', 'gzip'],
  ])('%s, in %s, in %s: found', (first, second, third) => {
    const wrappings = [first, second, third].map(named);
    expect(wrappings).toHaveLength(SCAN_LIMITS.layers);
    for (const [at, leak] of LEAKS.entries()) expectFound(leak, wrappings, at);
  });
});

test('four bytes each, encoded apart and side by side, are still a pair', () => {
  const encode = pairedEncodings().get('float32le');
  const [latitude = '', longitude = ''] = [TRUTH.latitude, TRUTH.longitude].map((value) =>
    encode?.(value).toString('base64'),
  );
  const bytes = Buffer.from(JSON.stringify({ latitude, longitude }));
  expect(scan(bytes, CANARIES)).toContainEqual(expect.objectContaining({ kind: 'position', form: 'float32le', of: 0 }));
});

test('what was opened is counted', () => {
  const text = 'plain words, and nothing else in them';
  const { hits, openedBytes, unread } = scanWithReport(gzipSync(text), CANARIES);
  expect({ hits, unread }).toEqual({ hits: [], unread: [] });
  expect(openedBytes.gzip).toBe(text.length);
});

describe('a limit is never met in silence', () => {
  const long = gzipSync(Buffer.alloc(50_000, 'a word '));

  test('on one stream', () => {
    const { unread } = scanWithReport(long, CANARIES, { ...SCAN_LIMITS, streamBytes: 10_000 });
    expect(unread).toEqual([{ within: [], offset: 10, cause: 'stream-too-long' }]);
  });

  test('on all that is opened', () => {
    const text = Buffer.from(noise(1, 6_000).toString('base64'));
    const { unread } = scanWithReport(text, CANARIES, { ...SCAN_LIMITS, openedBytes: 5_000 });
    expect(unread).toContainEqual({ within: ['base64'], offset: 0, cause: 'too-much-opened' });
  });

  test('scan throws rather than answer that nothing was found', () => {
    const bomb = gzipSync(Buffer.alloc(SCAN_LIMITS.streamBytes + 1));
    expect(() => scan(bomb, CANARIES)).toThrow('not all bytes were scanned: stream-too-long at offset 10');
  });
});

test('streams one after the other are each opened, and each only once', () => {
  const records = Array.from({ length: 60 }, (_, at) =>
    Buffer.from(`record number ${at}, and the same again `.repeat(60)),
  );
  const streams = records.map((record) => gzipSync(record));
  const { hits, openedBytes, unread } = scanWithReport(Buffer.concat([...streams, gzipSync(VIN)]), CANARIES);
  expect(unread).toEqual([]);
  expect(hits.map(({ kind, within }) => ({ kind, within }))).toContainEqual({ kind: 'vin', within: ['gzip'] });
  expect(openedBytes.gzip).toBe(Buffer.concat(records).length + VIN.length + records.length);
});
