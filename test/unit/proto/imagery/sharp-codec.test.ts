import { crc32 as zlibCrc } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readCleanJpeg } from '../../../../proto/codec/clean-jpeg.ts';
import { encodeMosaicPng } from '../../../../proto/codec/mosaic-png.ts';
import { mosaicOf } from '../../../../proto/imagery/mosaic.ts';
import { sharpCodec } from '../../../../proto/imagery/sharp-codec.ts';
import { noise } from '../../../support/imagery/made-pictures.ts';

const codec = sharpCodec();
const MARK = 'PLANTED-31.27908-119.67767';
const picture = noise(96, 64, 1);
const raw = { raw: { width: 96, height: 64, channels: 3 } } as const;
const made = () => sharp(picture.rgb, raw);

/** Every kind of thing a file can carry beside its picture. */
const CARRIERS: readonly (readonly [string, () => Promise<Buffer>])[] = [
  [
    'EXIF',
    () =>
      made()
        .withExif({ IFD0: { ImageDescription: MARK, Copyright: MARK } })
        .jpeg()
        .toBuffer(),
  ],
  [
    'EXIF with GPS',
    () =>
      made()
        .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 16/1 4468/100', GPSAreaInformation: MARK } })
        .jpeg()
        .toBuffer(),
  ],
  [
    'XMP',
    () =>
      made()
        .withXmp(
          `<?xpacket?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="${MARK}"/></rdf:RDF></x:xmpmeta>`,
        )
        .jpeg()
        .toBuffer(),
  ],
  ['a colour profile', () => made().withIccProfile('p3').jpeg().toBuffer()],
  ['a comment', async () => segmented(await made().jpeg().toBuffer(), 0xfe, MARK)],
  ['IPTC in APP13', async () => segmented(await made().jpeg().toBuffer(), 0xed, `Photoshop 3.0\0${MARK}`)],
  ['a maker segment, APP7', async () => segmented(await made().jpeg().toBuffer(), 0xe7, MARK)],
  ['bytes after the end', async () => Buffer.concat([await made().jpeg().toBuffer(), Buffer.from(MARK)])],
  ['text of a PNG', async () => withText(await made().png().toBuffer(), MARK)],
];

/** A segment of its own right after the start of image. */
function segmented(jpeg: Buffer, marker: number, text: string): Buffer {
  const body = Buffer.from(text, 'latin1');
  const head = Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A tEXt chunk before the last one. */
function withText(png: Buffer, text: string): Buffer {
  const named = Buffer.from(`tEXtComment\0${text}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(named.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(named));
  return Buffer.concat([png.subarray(0, -12), length, named, sum, png.subarray(-12)]);
}

/** Node 20 has none of its own. */
function crc(bytes: Uint8Array): number {
  if (typeof zlibCrc === 'function') return zlibCrc(bytes);
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) * 0xedb88320);
  }
  return ~sum >>> 0;
}

async function pixelsOf(file: Uint8Array) {
  const decoded = await codec.decode(file);
  if (!decoded.ok) throw new Error(decoded.fault);
  return decoded.value;
}

describe('what a file carries beside its picture', () => {
  test.each(CARRIERS)('%s is found in the raw file by the check, and is not in what comes out', async (name, make) => {
    const file = await make();
    if (!name.includes('PNG')) expect(readCleanJpeg(file)).toBeUndefined();
    const pixels = await pixelsOf(file);
    const jpeg = await codec.encodeJpeg(pixels, { width: 96, height: 64, quality: 75 });
    if (!jpeg.ok) throw new Error(jpeg.fault);
    expect(readCleanJpeg(jpeg.value)).toEqual({ width: 96, height: 64 });
    const { exif, xmp, icc, iptc, comments } = await sharp(jpeg.value).metadata();
    expect([exif, xmp, icc, iptc, comments ?? []]).toEqual([undefined, undefined, undefined, undefined, []]);
    for (const out of [jpeg.value, encodeMosaicPng(mosaicOf(pixels))])
      expect(Buffer.from(out).includes(MARK) || Buffer.from(out).includes('Exif')).toBe(false);
  });
});

describe('decoding', () => {
  test('gives the pixels, of grey and of see-through pictures too', async () => {
    expect(await pixelsOf(await made().png().toBuffer())).toMatchObject({ width: 96, height: 64 });
    expect(Buffer.compare((await pixelsOf(await made().png().toBuffer())).rgb, picture.rgb)).toBe(0);
    const grey = await pixelsOf(await made().greyscale().jpeg().toBuffer());
    expect([grey.width, grey.height, grey.rgb.length]).toEqual([96, 64, 96 * 64 * 3]);
    expect((await pixelsOf(await made().ensureAlpha(0.5).png().toBuffer())).rgb.length).toBe(96 * 64 * 3);
  });

  test('turns a picture upright, so that faces stand as detectors expect them', async () => {
    const turned = await made().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await pixelsOf(turned)).toMatchObject({ width: 64, height: 96 });
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from(picture.rgb.subarray(0, 5_000))],
    ['an SVG, which could name files', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a GIF', Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64')],
  ])('refuses %s', async (_, file) => {
    expect(await codec.decode(file)).toEqual({ ok: false, fault: 'image-unreadable' });
  });

  test('refuses a file that was cut', async () => {
    const whole = await made().jpeg().toBuffer();
    expect(await codec.decode(whole.subarray(0, whole.length >> 1))).toEqual({ ok: false, fault: 'image-unreadable' });
  });
});

test('a mosaic is a picture for other programs too, with the colours of its palette', async () => {
  const mosaic = mosaicOf(noise(400, 300, 2));
  const { data, info } = await sharp(encodeMosaicPng(mosaic)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([mosaic.columns, mosaic.rows, 3]);
  for (const [index, colour] of mosaic.colours.entries()) {
    const wanted = [
      Math.round(((colour >> 5) * 255) / 7),
      Math.round((((colour >> 2) & 7) * 255) / 7),
      (colour & 3) * 85,
    ];
    expect([...data.subarray(index * 3, index * 3 + 3)]).toEqual(wanted);
  }
});
