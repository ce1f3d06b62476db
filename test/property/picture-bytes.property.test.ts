import sharp from 'sharp';
import { expect, test } from 'vitest';
import { treatPicture } from '../../edge/imagery/treat-picture.ts';
import { readCleanJpeg } from '../../proto/codec/clean-jpeg.ts';
import { readMosaicPng } from '../../proto/codec/mosaic-png.ts';
import { RAW_EDGE_PX_MAX, RAW_PIXELS_MAX, readPictureHead } from '../../proto/imagery/picture-head.ts';
import { sharpCodec } from '../../proto/imagery/sharp-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { seededChance } from '../support/edge/seeded.ts';
import { jpegFile } from '../support/imagery/made-files.ts';
import { noise } from '../support/imagery/made-pictures.ts';

const chance = seededChance(20_261_121);
const whole = (limit: number): number => Math.floor(limit * chance());
const jpeg = await jpegFile(64, 48);
const raw = { raw: { width: 64, height: 48, channels: 3 } } as const;
const seeds = [
  jpeg,
  await sharp(noise(64, 48, 2).rgb, raw)
    .png()
    .toBuffer(),
  await sharp(noise(64, 48, 3).rgb, raw)
    .jpeg({ progressive: true })
    .toBuffer(),
];

/** A picture file with some bytes changed, cut, doubled or put in, most of them near its head. */
function broken(): Uint8Array {
  let file: Buffer = Buffer.from(seeds[whole(seeds.length)] ?? jpeg);
  for (let turn = whole(6); turn >= 0; turn -= 1) {
    const at = chance() < 0.7 ? whole(Math.min(160, file.length)) : whole(file.length);
    const kind = whole(5);
    if (kind === 0) file = file.subarray(0, at);
    else if (kind === 1)
      file = Buffer.concat([file.subarray(0, at), Buffer.from([whole(256), whole(256)]), file.subarray(at)]);
    else if (kind === 2) file = Buffer.concat([file.subarray(0, at), file.subarray(Math.max(0, at - whole(64)))]);
    else if (at < file.length) file[at] = kind === 3 ? whole(256) : 0xff;
  }
  return file;
}

test('100,000 broken files: the readers of heads and structures answer, and within their limits', () => {
  let heads = 0;
  for (let turn = 0; turn < 100_000; turn += 1) {
    const file = broken();
    const head = readPictureHead(file);
    const clean = readCleanJpeg(file);
    expect(readMosaicPng(file)).toBeUndefined();
    if (head !== undefined) {
      heads += 1;
      expect(head.width * head.height <= RAW_PIXELS_MAX && Math.max(head.width, head.height) <= RAW_EDGE_PX_MAX).toBe(
        true,
      );
    }
    if (clean !== undefined) expect(clean.width > 0 && clean.height > 0).toBe(true);
  }
  expect(heads).toBeGreaterThan(1_000);
}, 120_000);

test('1,500 broken files through the decoder: a mosaic or a cause comes out, and nothing else happens', async () => {
  const codec = sharpCodec();
  const order = { treatment: 'mosaic', camera: 0, platesMayStay: false, consent: '' } as const;
  const causes = new Map<string, number>();
  for (let turn = 0; turn < 1_500; turn += 1) {
    const image = { kind: 'image', at: 1 as Instant, camera: 'c', place: 'exterior', bytes: broken() } as const;
    const treated = await treatPicture(image, order, { codec, detectors: [] });
    const cause = treated.ok ? 'mosaic' : treated.fault;
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
    if (treated.ok) expect(readMosaicPng(treated.value.data)).toBeDefined();
  }
  expect([...causes.keys()].sort()).toEqual(['image-unreadable', 'mosaic']);
}, 120_000);

test('a head that asks for more than may be decoded is refused before anything is decoded', () => {
  const png = Buffer.from(seeds[1] ?? jpeg);
  const sized = (width: number, height: number): Buffer => {
    const file = Buffer.from(png);
    file.writeUInt32BE(width, 16);
    file.writeUInt32BE(height, 20);
    return file;
  };
  expect(readPictureHead(sized(4_096, 4_096))).toEqual({ format: 'png', width: 4_096, height: 4_096 });
  for (const [width, height] of [
    [4_097, 4_096],
    [8_193, 1],
    [0, 9],
    [4_294_967_295, 4_294_967_295],
  ] as const)
    expect(readPictureHead(sized(width, height))).toBeUndefined();
});
