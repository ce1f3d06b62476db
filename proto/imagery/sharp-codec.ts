import type SharpModule from 'sharp';
import { fail, ok, type Result } from '../words/result.ts';
import type { JpegEncoding, PictureCodec, PictureCodecFault, Pixels } from './picture-codec.ts';

type Sharp = typeof SharpModule;

/** Longest time one picture may take to decode or encode, seconds. */
const WORK_S_MAX = 10;

/** As proto/imagery/picture-head.ts, which has looked before; the library is told as well. */
const PIXELS_MAX = 16_777_216;

/**
 * JPEG and PNG by sharp (libvips). The package is optional and is loaded when the first picture comes, since a vehicle
 * whose policy drops pictures has no use for its memory.
 */
export function sharpCodec(): PictureCodec {
  let loading: Promise<Sharp | undefined> | undefined;
  const withSharp = async <T>(work: (sharp: Sharp) => Promise<T>): Promise<Result<T, PictureCodecFault>> => {
    loading ??= loadSharp();
    const sharp = await loading;
    if (sharp === undefined) return fail('image-decoder-missing');
    try {
      return ok(await work(sharp));
    } catch {
      return fail('image-unreadable');
    }
  };
  return {
    decode: (file) => withSharp((sharp) => decode(sharp, file)),
    encodeJpeg: (pixels, encoding) => withSharp((sharp) => encodeJpeg(sharp, pixels, encoding)),
  };
}

async function loadSharp(): Promise<Sharp | undefined> {
  try {
    const { default: sharp } = await import('sharp');
    // Of some dozens of formats two are read; a cache would only hold what is never asked for again.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  } catch {
    return undefined;
  }
}

async function decode(sharp: Sharp, file: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(file, { limitInputPixels: PIXELS_MAX, failOn: 'warning', pages: 1 })
    .timeout({ seconds: WORK_S_MAX })
    .autoOrient()
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { width, height, rgb: data };
  // What is grey has one channel.
  if (channels !== 1) throw new Error('neither colour nor grey');
  const rgb = new Uint8Array(data.length * 3);
  for (const [index, grey] of data.entries()) rgb.fill(grey, index * 3, index * 3 + 3);
  return { width, height, rgb };
}

/** sharp writes no metadata that it is not asked for; what it did write is looked at by `inspect`. */
async function encodeJpeg(sharp: Sharp, pixels: Pixels, { width, height, quality }: JpegEncoding): Promise<Uint8Array> {
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const;
  return sharp(pixels.rgb, { raw })
    .timeout({ seconds: WORK_S_MAX })
    .resize({ width, height, fit: 'fill' })
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer();
}
