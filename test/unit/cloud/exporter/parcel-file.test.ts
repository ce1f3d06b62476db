import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPiece, readSmallFile } from '../../../../cloud/exporter/parcel-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-files-'));
  path = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true }));

const OPTIONS = { bytesMax: 4, missing: 'PERMIT_MISSING', tooLong: 'PERMIT_MALFORMED' } as const;
async function codeOf(): Promise<string> {
  const read = await readSmallFile(path, OPTIONS);
  return read.ok ? `read ${read.value.toString()}` : read.fault.code;
}

test('a plain file is read whole, up to its limit and not a byte above', async () => {
  writeFileSync(path, 'four');
  expect(await codeOf()).toBe('read four');
  writeFileSync(path, 'fours');
  expect(await codeOf()).toBe('PERMIT_MALFORMED');
});

test('what is not there is missing', async () => {
  expect(await codeOf()).toBe('PERMIT_MISSING');
});

const linkTo = (target: string) => symlinkSync(target, path);

test.each([
  ['a link to a plain file', () => linkTo(import.meta.filename)],
  ['a link to nowhere', () => linkTo('nowhere')],
  ['a directory', () => mkdirSync(path)],
  ['a named pipe that nobody writes to', () => execFileSync('mkfifo', [path])],
])('%s is no plain file, and is told at once', async (_, make) => {
  make();
  expect(await codeOf()).toBe('PARCEL_NOT_A_FILE');
});

test('a socket is none either', async () => {
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await codeOf()).toBe('PARCEL_NOT_A_FILE');
  server.close();
});

test('a piece is as long as asked for, and shorter only at the end of the file', async () => {
  writeFileSync(path, '0123456789');
  const handle = await open(path);
  const pieces = [await readPiece(handle, 0, 4), await readPiece(handle, 8, 4), await readPiece(handle, 10, 4)];
  await handle.close();
  expect(pieces.map(String)).toEqual(['0123', '89', '']);
});
