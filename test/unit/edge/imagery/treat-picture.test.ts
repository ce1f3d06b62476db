import { describe, expect, test } from 'vitest';
import type { PictureOrder } from '../../../../edge/imagery/admit-picture.ts';
import { treatPicture } from '../../../../edge/imagery/treat-picture.ts';
import { readCleanJpeg } from '../../../../proto/codec/clean-jpeg.ts';
import { readMosaicPng } from '../../../../proto/codec/mosaic-png.ts';
import { IMAGE_BYTES_MAX, IMAGE_PIXELS_MAX } from '../../../../proto/codec/sensor-frames.ts';
import type { Box, Detector } from '../../../../proto/imagery/detector.ts';
import { BOXES_MAX } from '../../../../proto/imagery/fill-regions.ts';
import type { PictureCodec } from '../../../../proto/imagery/picture-codec.ts';
import { sharpCodec } from '../../../../proto/imagery/sharp-codec.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import { detectorOf, imageOf, jpegFile } from '../../../support/imagery/made-files.ts';

const codec = sharpCodec();
const order: PictureOrder = { treatment: 'redact', camera: 1, platesMayStay: false, consent: '' };
const FACE: Box = { subject: 'face', x: 100, y: 80, width: 40, height: 40 };
const finding = (...boxes: readonly unknown[]): Detector =>
  detectorOf(async () => ok({ boxes: boxes as readonly Box[], version: '1/abc' }));

const treat = async (detectors: readonly Detector[], change: Partial<PictureOrder> = {}, bytes?: Uint8Array) =>
  treatPicture(await imageOf(bytes === undefined ? {} : { bytes }), { ...order, ...change }, { codec, detectors });

describe('a mosaic', () => {
  test('needs no detector, and says what it is', async () => {
    const treated = await treat([], { treatment: 'mosaic', consent: 'c-1' });
    if (!treated.ok) throw new Error(treated.fault);
    expect(treated.value).toMatchObject({ width: 10, height: 7, detector: '', regions: 0, consent: 'c-1', camera: 1 });
    expect(readMosaicPng(treated.value.data)).toMatchObject({ columns: 10, rows: 7 });
  });
});

describe('a redaction', () => {
  test('fills what was found, with its margin, and keeps the rest', async () => {
    const treated = await treat([finding(FACE)]);
    if (!treated.ok) throw new Error(treated.fault);
    expect(treated.value).toMatchObject({
      width: 320,
      height: 240,
      detector: 'made',
      detectorVersion: '1/abc',
      regions: 1,
    });
    expect(readCleanJpeg(treated.value.data)).toEqual({ width: 320, height: 240 });
    const out = await codec.decode(treated.value.data);
    if (!out.ok) throw new Error(out.fault);
    const greyAt = (x: number, y: number): number => out.value.rgb[(y * 320 + x) * 3 + 1] ?? 255;
    // 40 px and a quarter of them and 4 px on each side: 86 to 154 across, 66 to 134 down.
    for (const [x, y] of [
      [88, 68],
      [120, 100],
      [151, 131],
      [88, 131],
    ])
      expect(greyAt(x ?? 0, y ?? 0)).toBeLessThan(24);
    const outside = Array.from({ length: 80 }, (_, index) => greyAt(200 + index, 200));
    expect(Math.max(...outside)).toBeGreaterThan(100);
  });

  test('keeps to its pixels and to its bytes, by size and quality', async () => {
    const treated = await treat([finding()], {}, await jpegFile(1_600, 1_200));
    if (!treated.ok) throw new Error(treated.fault);
    const { width, height, data } = treated.value;
    expect(width * height).toBeLessThanOrEqual(IMAGE_PIXELS_MAX);
    expect(data.length).toBeLessThanOrEqual(IMAGE_BYTES_MAX);
    expect(width / height).toBeCloseTo(4 / 3, 1);
  });

  test.each<readonly [string, readonly Detector[], string]>([
    ['no detector', [], 'detector-missing'],
    ['a detector that is not there', [detectorOf(async () => fail('detector-missing'))], 'detector-missing'],
    ['one that is slow', [detectorOf(async () => fail('detector-slow'))], 'detector-slow'],
    ['one that fails', [finding(FACE), detectorOf(async () => fail('detector-failed'))], 'detector-failed'],
    ['one that throws', [detectorOf(() => Promise.reject(new Error('a bug')))], 'detector-failed'],
    [
      'one that throws at once',
      [
        detectorOf(() => {
          throw new Error('a bug');
        }),
      ],
      'detector-failed',
    ],
    [
      'one that looks for faces only',
      [detectorOf(async () => ok({ boxes: [], version: '1' }), { finds: ['face'] })],
      'detector-incomplete',
    ],
    ['a box that is no number', [finding({ ...FACE, x: Number.NaN })], 'detector-implausible'],
    ['a box outside of the picture', [finding({ ...FACE, x: 321 })], 'detector-implausible'],
    ['a box left of the picture', [finding({ ...FACE, x: -40 })], 'detector-implausible'],
    ['a box without an area', [finding({ ...FACE, width: 0 })], 'detector-implausible'],
    ['a box without an end', [finding({ ...FACE, height: Number.POSITIVE_INFINITY })], 'detector-implausible'],
    ['a box of something else', [finding({ ...FACE, subject: 'tree' })], 'detector-implausible'],
    ['a box that is none', [finding(null)], 'detector-implausible'],
    ['no list', [detectorOf(async () => ok({ boxes: undefined as never, version: '1' }))], 'detector-implausible'],
    [
      'more boxes than one picture has',
      [finding(...Array.from({ length: BOXES_MAX + 1 }, () => FACE))],
      'detector-implausible',
    ],
    [
      'more boxes together',
      [finding(...Array.from({ length: BOXES_MAX }, () => FACE)), finding(FACE)],
      'detector-implausible',
    ],
  ])('with %s is no picture', async (_, detectors, cause) => {
    expect(await treat(detectors)).toEqual({ ok: false, fault: cause });
  });

  test('may leave plates where the policy says so in so many words', async () => {
    const faces = detectorOf(async () => ok({ boxes: [], version: '1' }), { finds: ['face'] });
    expect((await treat([faces], { platesMayStay: true })).ok).toBe(true);
  });

  test.each([
    ['no picture at all', Buffer.from('hello')],
    ['a head without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 240, 1, 64, 3])],
  ])('of %s is none', async (_, bytes) => {
    expect(await treat([finding()], {}, bytes)).toEqual({ ok: false, fault: 'image-unreadable' });
  });

  test('without a decoder is none', async () => {
    const missing: PictureCodec = {
      decode: async () => fail('image-decoder-missing'),
      encodeJpeg: async () => fail('image-decoder-missing'),
    };
    const treated = await treatPicture(await imageOf(), order, { codec: missing, detectors: [finding()] });
    expect(treated).toEqual({ ok: false, fault: 'image-decoder-missing' });
  });
});
