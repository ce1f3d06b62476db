import { encodeMosaicPng } from '../../proto/codec/mosaic-png.ts';
import { IMAGE_BYTES_MAX, IMAGE_FORMATS, IMAGE_PIXELS_MAX, IMAGE_TREATMENTS } from '../../proto/codec/sensor-frames.ts';
import type { RawImage } from '../../proto/words/raw-frame.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Box, Detector, Subject } from '../ports/detector.ts';
import type { JpegEncoding, PictureCodec, Pixels } from '../ports/picture-codec.ts';
import type { RemovalCause, TreatedPicture } from '../stages/stage.ts';
import type { PictureOrder } from './admit-picture.ts';
import { arePlausible, BOXES_MAX, fillRegions } from './fill-regions.ts';
import { mosaicOf } from './mosaic.ts';
import { readPictureHead } from './picture-head.ts';

export interface PictureTools {
  readonly codec: PictureCodec;
  readonly detectors: readonly Detector[];
}

export type Treated = Result<TreatedPicture, RemovalCause>;

/** Does with a picture what was ordered. Whatever goes wrong on the way drops the picture, with its cause. */
export async function treatPicture(image: RawImage, order: PictureOrder, tools: PictureTools): Promise<Treated> {
  if (readPictureHead(image.bytes) === undefined) return fail('image-unreadable');
  const decoded = await tools.codec.decode(image.bytes);
  if (!decoded.ok) return decoded;
  return order.treatment === 'mosaic'
    ? mosaic(image, order, decoded.value)
    : redact(image, order, decoded.value, tools);
}

function mosaic({ at }: RawImage, { camera, consent }: PictureOrder, pixels: Pixels): Treated {
  const picture = mosaicOf(pixels);
  return ok({
    ...{ kind: 'treated-picture', at, camera, consent },
    ...{ treatment: IMAGE_TREATMENTS.mosaic, format: IMAGE_FORMATS.png, width: picture.columns, height: picture.rows },
    ...{ detector: '', detectorVersion: '', regions: 0 },
    data: encodeMosaicPng(picture),
  });
}

async function redact({ at }: RawImage, order: PictureOrder, pixels: Pixels, tools: PictureTools): Promise<Treated> {
  const found = await detectAll(pixels, wantedOf(order), tools.detectors);
  if (!found.ok) return found;
  const { boxes, version } = found.value;
  fillRegions(pixels, boxes);
  const encoded = await encodeToBudget(pixels, tools.codec);
  if (!encoded.ok) return encoded;
  const { width, height, data } = encoded.value;
  return ok({
    ...{ kind: 'treated-picture', at, camera: order.camera, consent: order.consent },
    ...{ treatment: IMAGE_TREATMENTS.redact, format: IMAGE_FORMATS.jpeg, width, height },
    detector: tools.detectors.map(({ name }) => name).join('+'),
    ...{ detectorVersion: version, regions: boxes.length, data },
  });
}

const wantedOf = ({ platesMayStay }: PictureOrder): readonly Subject[] =>
  platesMayStay ? ['face'] : ['face', 'plate'];

interface Found {
  readonly boxes: readonly Box[];
  readonly version: string;
}

/** One after the other: a vehicle has few cores. */
async function detectAll(
  pixels: Pixels,
  wanted: readonly Subject[],
  detectors: readonly Detector[],
): Promise<Result<Found, RemovalCause>> {
  if (detectors.length === 0) return fail('detector-missing');
  if (!wanted.every((subject) => detectors.some(({ finds }) => finds.includes(subject))))
    return fail('detector-incomplete');
  const boxes: Box[] = [];
  const versions: string[] = [];
  for (const detector of detectors) {
    const detection = await ask(detector, pixels);
    if (!detection.ok) return detection;
    if (!arePlausible(detection.value.boxes, detector.finds, pixels)) return fail('detector-implausible');
    boxes.push(...detection.value.boxes);
    versions.push(detection.value.version);
  }
  return boxes.length > BOXES_MAX ? fail('detector-implausible') : ok({ boxes, version: versions.join('+') });
}

/** A detector that breaks its promise and throws has failed. */
async function ask(detector: Detector, pixels: Pixels): ReturnType<Detector['detect']> {
  try {
    return await detector.detect(pixels);
  } catch {
    return fail('detector-failed');
  }
}

/** What is tried in turn until a picture fits `IMAGE_BYTES_MAX`: part of the largest size, and quality. */
const ENCODINGS = [
  ...[
    { scale: 1, quality: 75 },
    { scale: 1, quality: 50 },
    { scale: 0.85, quality: 50 },
    { scale: 0.7, quality: 50 },
  ],
  ...[
    { scale: 0.6, quality: 50 },
    { scale: 0.5, quality: 50 },
    { scale: 0.4, quality: 50 },
    { scale: 0.3, quality: 40 },
  ],
] as const;

async function encodeToBudget(
  pixels: Pixels,
  codec: PictureCodec,
): Promise<Result<JpegEncoding & { readonly data: Uint8Array }, RemovalCause>> {
  const largest = Math.min(1, Math.sqrt(IMAGE_PIXELS_MAX / (pixels.width * pixels.height)));
  for (const { scale, quality } of ENCODINGS) {
    const width = Math.max(1, Math.floor(pixels.width * largest * scale));
    const height = Math.max(1, Math.floor(pixels.height * largest * scale));
    const encoded = await codec.encodeJpeg(pixels, { width, height, quality });
    if (!encoded.ok) return encoded;
    if (encoded.value.length <= IMAGE_BYTES_MAX) return ok({ width, height, quality, data: encoded.value });
  }
  return fail('image-over-budget');
}
