import { crc32, deflateSync } from 'node:zlib';
import type { CameraPlace, RawImage } from '../proto/words/raw-frame.ts';
import type { NonEmpty } from '../proto/words/result.ts';
import type { Instant } from '../proto/words/time.ts';
import type { Prng } from './prng.ts';

const WIDTH_PX = 16;
const HEIGHT_PX = 12;

/** Words inside every simulated picture, as a text chunk of the file: whoever finds one downstream knows what it is. */
export const SYNTHETIC_IMAGE_MARK = 'tongguan synthetic image: noise, shows nothing';

const CAMERAS: NonEmpty<{ readonly camera: string; readonly place: CameraPlace }> = [
  { camera: 'front', place: 'exterior' },
  { camera: 'rear', place: 'exterior' },
  { camera: 'cabin', place: 'cabin' },
];

/** A picture of noise, 16 x 12 grey pixels, as a PNG file. */
export function syntheticImage(at: Instant, prng: Prng): RawImage {
  const pixels = Uint8Array.from({ length: WIDTH_PX * HEIGHT_PX }, () => prng.whole(0, 255));
  return { kind: 'image', at, ...prng.pick(CAMERAS), bytes: greyPng(pixels, { width: WIDTH_PX, height: HEIGHT_PX }) };
}

/**
 * PNG (W3C, third edition): header, the mark, rows without a filter, end.
 *
 * @param pixels - 8 bits each, grey, row by row
 */
export function greyPng(
  pixels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a sample, grey; the compression, the filter and the order there is one of each.
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1) {
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${SYNTHETIC_IMAGE_MARK}`, 'latin1')),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
