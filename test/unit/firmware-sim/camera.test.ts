import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { imageFormatOf } from '../../../edge/sources/image-format.ts';
import { SYNTHETIC_IMAGE_MARK, syntheticImage } from '../../../firmware-sim/camera.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { WALL_START } from './run-virtually.ts';

test('a picture is a PNG that says of itself that it is synthetic', () => {
  const image = syntheticImage(WALL_START, createPrng('camera'));
  const file = Buffer.from(image.bytes);
  expect(imageFormatOf(file)).toBe('png');
  expect(file.includes(`tEXtComment\0${SYNTHETIC_IMAGE_MARK}`)).toBe(true);
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([16, 12]);
  const chunks = chunksOf(file);
  expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'tEXt', 'IDAT', 'IEND']);
  for (const { type, content, crc } of chunks) expect(crc).toBe(crc32(Buffer.concat([Buffer.from(type), content])));
  expect(inflateSync(chunks[2]?.content ?? Buffer.alloc(0))).toHaveLength(12 * 17);
  expect(image).toMatchObject({ kind: 'image', at: WALL_START });
});

test('what looks into the cabin says so', () => {
  const prng = createPrng('places');
  const places = Array.from({ length: 100 }, () => syntheticImage(WALL_START, prng));
  for (const { camera, place } of places) expect(place).toBe(camera === 'cabin' ? 'cabin' : 'exterior');
  expect(new Set(places.map(({ place }) => place)).size).toBe(2);
});

function chunksOf(file: Buffer): readonly { readonly type: string; readonly content: Buffer; readonly crc: number }[] {
  const chunks = [];
  for (let start = 8; start < file.length; ) {
    const end = start + 8 + file.readUInt32BE(start);
    chunks.push({
      type: file.toString('latin1', start + 4, start + 8),
      content: file.subarray(start + 8, end),
      crc: file.readUInt32BE(end),
    });
    start = end + 4;
  }
  return chunks;
}
