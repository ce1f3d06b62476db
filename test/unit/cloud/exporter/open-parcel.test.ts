import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { type CheckedFile, openParcel } from '../../../../cloud/exporter/open-parcel.ts';
import { PIECE_BYTES } from '../../../../cloud/exporter/piece-marks.ts';
import { readChecked } from '../../../../cloud/exporter/read-checked.ts';
import { canonicalJson } from '../../../../proto/words/canonical-json.ts';
import { manifestOf, sha256Hex } from '../../../integration-exporter/support/border.ts';

const LIMITS = { filesMax: 8, parcelBytesMax: 10_000_000 };
const FILES = {
  'exact.bin': Buffer.alloc(2 * PIECE_BYTES, 'exact'),
  'long.bin': Buffer.alloc(2 * PIECE_BYTES + 1, 'long'),
  'none.bin': Buffer.alloc(0),
};

let directory: string;
let manifestSha256: Uint8Array;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-parcel-'));
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(directory, name), bytes);
  const manifest = Buffer.from(canonicalJson(manifestOf('t-1', FILES)));
  manifestSha256 = Buffer.from(sha256Hex(manifest), 'hex');
  writeFileSync(join(directory, 'manifest.json'), manifest);
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openParcel(directory, { id: 't-1' as TransferId, manifestSha256, limits: LIMITS });
async function files(): Promise<readonly CheckedFile[]> {
  const opened = await open();
  return opened.ok ? opened.value.files : expect.fail(opened.fault.code);
}
async function codeOf(): Promise<string | undefined> {
  const opened = await open();
  return opened.ok ? undefined : opened.fault.code;
}

async function readAll(file: CheckedFile): Promise<{ readonly bytes: Buffer; readonly faults: readonly string[] }> {
  const pieces: Buffer[] = [];
  const faults: string[] = [];
  // At most four of them: older ones hold no longer.
  for await (const piece of readChecked(file, 0, (fault) => faults.push(fault.code))) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), faults };
}

test('opens a sound parcel, the manifest first, and reads from it what was put in', async () => {
  const opened = await files();
  expect(opened.map(({ name }) => name)).toEqual(['manifest.json', 'exact.bin', 'long.bin', 'none.bin']);
  for (const file of opened.slice(1)) {
    const read = await readAll(file);
    expect(read.faults).toEqual([]);
    expect(read.bytes.equals(FILES[file.name as keyof typeof FILES])).toBe(true);
  }
});

test('a piece holds while the three after it are read: as many may be on their way at once', async () => {
  const content = Buffer.concat([1, 2, 3, 4].map((byte) => Buffer.alloc(PIECE_BYTES, byte)));
  writeFileSync(join(directory, 'four.bin'), content);
  const manifest = Buffer.from(canonicalJson(manifestOf('t-1', { ...FILES, 'four.bin': content })));
  manifestSha256 = Buffer.from(sha256Hex(manifest), 'hex');
  writeFileSync(join(directory, 'manifest.json'), manifest);
  const file = (await files()).find(({ name }) => name === 'four.bin') ?? expect.fail('a file');
  // All four are in hand before any is looked at.
  expect((await readAll(file)).bytes.equals(content)).toBe(true);
});

test.each([
  ['first', 0, 0],
  ['last byte of the first', PIECE_BYTES - 1, 0],
  ['first byte of the second', PIECE_BYTES, 1],
  ['very last', 2 * PIECE_BYTES, 2],
])('a change after checking, at the %s byte, stops the reading at its piece', async (_, at, pieces) => {
  const file = (await files())[2] ?? expect.fail('a file');
  const changed = Buffer.from(FILES['long.bin']);
  changed[at] = (changed[at] ?? 0) ^ 1;
  writeFileSync(file.path, changed);
  const read = await readAll(file);
  expect(read.faults).toEqual(['PARCEL_CHANGED']);
  expect(read.bytes).toHaveLength(pieces * PIECE_BYTES);
});

test('a file that was cut, removed or made a link after checking is not sent either', async () => {
  const file = (await files())[2] ?? expect.fail('a file');
  writeFileSync(file.path, FILES['long.bin'].subarray(0, -1));
  expect((await readAll(file)).faults).toEqual(['PARCEL_CHANGED']);
  rmSync(file.path);
  expect(await readAll(file)).toEqual({ bytes: Buffer.alloc(0), faults: ['PARCEL_UNREADABLE'] });
  symlinkSync(join(directory, 'exact.bin'), file.path);
  expect(await readAll(file)).toEqual({ bytes: Buffer.alloc(0), faults: ['PARCEL_UNREADABLE'] });
});

test('a file that grew after checking is sent as it was', async () => {
  const file = (await files())[2] ?? expect.fail('a file');
  writeFileSync(file.path, 'more', { flag: 'a' });
  const read = await readAll(file);
  expect(read.faults).toEqual([]);
  expect(read.bytes.equals(FILES['long.bin'])).toBe(true);
});

test('a permit may lie beside the files, and nothing else may', async () => {
  writeFileSync(join(directory, 'permit.bin'), 'permit');
  expect(await codeOf()).toBeUndefined();
  mkdirSync(join(directory, 'sub'));
  expect(await codeOf()).toBe('PARCEL_EXTRA_FILE');
});

test('a directory in the place of a file is no file', async () => {
  rmSync(join(directory, 'none.bin'));
  mkdirSync(join(directory, 'none.bin'));
  expect(await codeOf()).toBe('PARCEL_NOT_A_FILE');
});

test('a directory that is not there is missing its manifest', async () => {
  const opened = await openParcel(join(directory, 'no'), { id: 't-1' as TransferId, manifestSha256, limits: LIMITS });
  expect(opened).toMatchObject({ ok: false, fault: { code: 'MANIFEST_MISSING' } });
});
