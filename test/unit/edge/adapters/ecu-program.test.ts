import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ecuProgram } from '../../../../edge/adapters/ecu-program.ts';
import { imageFile } from '../../../../edge/adapters/image-file.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-ecu-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const example = new URL('../../../../docs/examples/ecu-program.mjs', import.meta.url).pathname;

test('the program of docs/ota.md writes, starts, confirms and goes back', async () => {
  const ecus = ecuProgram([process.execPath, example, join(directory, 'ecus.json')], ['brake']);
  const image = imageFile(join(directory, 'image'), 4);
  image.write(0, Buffer.from('abcd'));
  expect(await ecus.status('brake')).toEqual({ version: 1, isConfirmed: true });
  expect(await ecus.start('brake')).toBe(false);
  expect(await ecus.announce('brake', '1.2.0', 'begins')).toBe(true);
  expect(await ecus.write('brake', image, 2)).toBe(true);
  expect(await ecus.start('brake')).toBe(true);
  expect(await ecus.status('brake')).toEqual({ version: 2, isConfirmed: false });
  expect([await ecus.check('brake'), await ecus.revert('brake')]).toEqual([true, true]);
  expect(await ecus.status('brake')).toEqual({ version: 1, isConfirmed: true });
  expect([await ecus.start('brake'), await ecus.confirm('brake')]).toEqual([true, true]);
  expect(await ecus.status('brake')).toEqual({ version: 2, isConfirmed: true });
});

test('a program that is not there, fails or says something else means no', async () => {
  const absent = ecuProgram([join(directory, 'nothing')], ['brake']);
  expect([await absent.status('brake'), await absent.check('brake')]).toEqual([undefined, false]);
  const chatty = join(directory, 'chatty.mjs');
  writeFileSync(chatty, 'process.stdout.write("2 confirmed maybe")');
  expect(await ecuProgram([process.execPath, chatty], ['brake']).status('brake')).toBeUndefined();
});

test('pieces lie where they belong, in any order, and what is not there is not read', () => {
  const image = imageFile(join(directory, 'pieces'), 4);
  expect([image.read(0, 4), image.settle(Number.MAX_SAFE_INTEGER)]).toEqual([undefined, undefined]);
  image.write(1, Buffer.from('efg'));
  image.write(0, Buffer.from('abcd'));
  expect([0, 1].map((index) => image.read(index, 4 - index)?.toString())).toEqual(['abcd', 'efg']);
  expect(image.read(1, 4)).toBeUndefined();
  image.clear();
  expect(image.read(0, 4)).toBeUndefined();
});
