import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { streamWriter } from '../../../firmware-sim/stream-writer.ts';

test('a full stream holds its writer up until it drains', async () => {
  const taken: string[] = [];
  let release = () => {};
  const stream = new Writable({
    highWaterMark: 4,
    write: (chunk: Buffer, _, done) => {
      taken.push(chunk.toString());
      release = done;
    },
  });
  const write = streamWriter(stream);
  await write('abc');
  let isHeld = true;
  const second = write('def').then(() => {
    isHeld = false;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isHeld).toBe(true);
  release();
  await new Promise((resolve) => setImmediate(resolve));
  release();
  await second;
  expect(taken).toEqual(['abc', 'def']);
});

test('a stream that is gone holds nobody up', async () => {
  const stream = new Writable({ highWaterMark: 1, write: () => undefined });
  const write = streamWriter(stream);
  const held = write('abc');
  stream.destroy();
  await held;
  await write('more');
  expect(stream.destroyed).toBe(true);
});
