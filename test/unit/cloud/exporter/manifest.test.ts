import { expect, test } from 'vitest';
import { MANIFEST_BYTES_MAX, parseManifest } from '../../../../cloud/exporter/manifest.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { canonicalJson } from '../../../../proto/words/canonical-json.ts';

const ID = 't-1' as TransferId;
const LIMITS = { filesMax: 2, parcelBytesMax: 1_000 };
const sha256 = 'ab'.repeat(32);
const file = (name: string, bytes = 1) => ({ name, bytes, sha256 });

const parse = (value: unknown, limits = LIMITS) => parseManifest(Buffer.from(canonicalJson(value)), ID, limits);
const faultOf = (value: unknown, limits = LIMITS) => {
  const parsed = parse(value, limits);
  return parsed.ok ? 'none' : parsed.fault.code;
};

test('takes its own id and files, and passes over the rest', () => {
  const parsed = parse({ transferId: 't-1', files: [file('b'), file('a', 0)], schema: { columns: [] }, rows: 3 });
  expect(parsed).toEqual({ ok: true, value: { transferId: 't-1', files: [file('b'), file('a', 0)] } });
});

// biome-ignore format: one flaw a line
const FLAWS: readonly (readonly [what: string, value: unknown, code: string])[] = [
  ['another transfer', { transferId: 't-2', files: [file('a')] }, 'MANIFEST_MALFORMED'],
  ['no files', { transferId: 't-1', files: [] }, 'MANIFEST_MALFORMED'],
  ['a file without a hash', { transferId: 't-1', files: [{ name: 'a', bytes: 1 }] }, 'MANIFEST_MALFORMED'],
  ['a hash in capitals', { transferId: 't-1', files: [{ ...file('a'), sha256: sha256.toUpperCase() }] }, 'MANIFEST_MALFORMED'],
  ['an unknown key of a file', { transferId: 't-1', files: [{ ...file('a'), path: '/' }] }, 'MANIFEST_MALFORMED'],
  ['a negative length', { transferId: 't-1', files: [file('a', -1)] }, 'MANIFEST_MALFORMED'],
  ['half a byte', { transferId: 't-1', files: [file('a', 0.5)] }, 'MANIFEST_MALFORMED'],
  ['a name twice, once in capitals', { transferId: 't-1', files: [file('a'), file('A')] }, 'MANIFEST_MALFORMED'],
  ['a name that climbs out', { transferId: 't-1', files: [file('../a')] }, 'PARCEL_FILE_NAME'],
  ['the name of the manifest', { transferId: 't-1', files: [file('manifest.json')] }, 'PARCEL_FILE_NAME'],
  ['a file too many', { transferId: 't-1', files: [file('a'), file('b'), file('c')] }, 'PARCEL_TOO_MANY_FILES'],
  ['a length beyond what a parcel may have', { transferId: 't-1', files: [file('a', 2 ** 52)] }, 'PARCEL_TOO_LARGE'],
];

test.each(FLAWS)('%s', (_, value, code) => {
  expect(faultOf(value)).toBe(code);
});

test('a parcel may be as large as its limit, the manifest included, and no byte larger', () => {
  const value = (bytes: number) => ({ transferId: 't-1', files: [file('a', bytes)] });
  const room = LIMITS.parcelBytesMax - canonicalJson(value(100)).length;
  expect(faultOf(value(room))).toBe('none');
  expect(faultOf(value(room + 1))).toBe('PARCEL_TOO_LARGE');
});

test.each([
  ['a space', '{"files":[], "transferId":"t-1"}'],
  ['another order of keys', '{"transferId":"t-1","files":[]}'],
  ['a key twice', '{"files":[],"transferId":"t-2","transferId":"t-1"}'],
  ['a byte order mark', '\ufeff{"files":[],"transferId":"t-1"}'],
  ['no JSON', 'files: []'],
])('is canonical JSON, so that all read the same of it: %s', (_, text) => {
  const parsed = parseManifest(Buffer.from(text), ID, LIMITS);
  expect(parsed).toMatchObject({
    ok: false,
    fault: { code: 'MANIFEST_MALFORMED', problem: { en: expect.stringContaining('not canonical') } },
  });
});

test('text that is no UTF-8 and a manifest above its limit are not parsed', () => {
  for (const bytes of [Uint8Array.of(0x22, 0xff, 0x22), Buffer.alloc(MANIFEST_BYTES_MAX + 1, '1')]) {
    expect(parseManifest(bytes, ID, LIMITS)).toMatchObject({ ok: false, fault: { code: 'MANIFEST_MALFORMED' } });
  }
});
