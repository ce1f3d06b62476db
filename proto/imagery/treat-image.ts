import { encodeMosaicPng } from '../codec/mosaic-png.ts';
import {
  IMAGE_BYTES_MAX,
  IMAGE_FORMATS,
  IMAGE_PIXELS_MAX,
  IMAGE_TREATMENTS,
  type ImageFrame,
} from '../codec/sensor-frames.ts';
import { fail, ok, type Result } from '../words/result.ts';
import type { Box, Detector, DetectorFault, Subject } from './detector.ts';
import { arePlausible, BOXES_MAX, fillRegions } from './fill-regions.ts';
import { mosaicOf } from './mosaic.ts';
import type { JpegEncoding, PictureCodec, PictureCodecFault, Pixels } from './picture-codec.ts';
import { readPictureHead } from './picture-head.ts';

export interface PictureTools {
  readonly codec: PictureCodec;
  readonly detectors: readonly Detector[];
}

/** What is to be done with a picture. */
export interface TreatmentOrder {
  readonly treatment: 'mosaic' | 'redact';
  /** Faces are enough to look for. */
  readonly platesMayStay: boolean;
}

/** Why there is no picture; each of them drops it. */
export type TreatmentFault =
  | PictureCodecFault
  | DetectorFault
  | 'detector-incomplete'
  | 'detector-implausible'
  | 'image-over-budget';

/** A picture after its mosaic or redaction, without when and by which camera it was taken. */
export type TreatedImage = Omit<ImageFrame, 'kind' | 'minute' | 'camera' | 'consent'>;

export type Treated = Result<TreatedImage, TreatmentFault>;

/** Does with a picture file what was ordered. Whatever goes wrong on the way drops the picture, with its cause. */
export async function treatImage(bytes: Uint8Array, order: TreatmentOrder, tools: PictureTools): Promise<Treated> {
  if (readPictureHead(bytes) === undefined) return fail('image-unreadable');
  const decoded = await tools.codec.decode(bytes);
  if (!decoded.ok) return decoded;
  return order.treatment === 'mosaic' ? mosaic(decoded.value) : redact(order, decoded.value, tools);
}

function mosaic(pixels: Pixels): Treated {
  const picture = mosaicOf(pixels);
  return ok({
    ...{ treatment: IMAGE_TREATMENTS.mosaic, format: IMAGE_FORMATS.png, width: picture.columns, height: picture.rows },
    ...{ detector: '', detectorVersion: '', regions: 0 },
    data: encodeMosaicPng(picture),
  });
}

async function redact(order: TreatmentOrder, pixels: Pixels, tools: PictureTools): Promise<Treated> {
  const found = await detectAll(pixels, wantedOf(order), tools.detectors);
  if (!found.ok) return found;
  const { boxes, version } = found.value;
  fillRegions(pixels, boxes);
  const encoded = await encodeToBudget(pixels, tools.codec);
  if (!encoded.ok) return encoded;
  const { width, height, data } = encoded.value;
  return ok({
    ...{ treatment: IMAGE_TREATMENTS.redact, format: IMAGE_FORMATS.jpeg, width, height },
    detector: tools.detectors.map(({ name }) => name).join('+'),
    ...{ detectorVersion: version, regions: boxes.length, data },
  });
}

const wantedOf = ({ platesMayStay }: TreatmentOrder): readonly Subject[] =>
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
): Promise<Result<Found, TreatmentFault>> {
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
): Promise<Result<JpegEncoding & { readonly data: Uint8Array }, TreatmentFault>> {
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
