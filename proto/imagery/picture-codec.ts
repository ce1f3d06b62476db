import type { Result } from '../words/result.ts';

/** A decoded picture, upright. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, 0 to 255 (sRGB), row by row without gaps. */
  readonly rgb: Uint8Array;
}

export type PictureCodecFault = 'image-decoder-missing' | 'image-unreadable';

/** Picture files to pixels and back. It answers within a time limit of its own, and never throws. */
export interface PictureCodec {
  decode(file: Uint8Array): Promise<Result<Pixels, PictureCodecFault>>;
  /** A JPEG of the pixels at a size, and of nothing else: no metadata of any kind. */
  encodeJpeg(pixels: Pixels, encoding: JpegEncoding): Promise<Result<Uint8Array, PictureCodecFault>>;
}

export interface JpegEncoding {
  readonly width: number;
  readonly height: number;
  /** 1 to 100, as libjpeg counts. */
  readonly quality: number;
}
