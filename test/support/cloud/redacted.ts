import {
  CAMERA_LABELS,
  IMAGE_FORMATS,
  IMAGE_TREATMENTS,
  type ImageFrame,
  MINUTE_MS,
} from '../../../proto/codec/sensor-frames.ts';
import type { Pixels } from '../../../proto/imagery/picture-codec.ts';
import { sharpCodec } from '../../../proto/imagery/sharp-codec.ts';
import { NOW } from './batches.ts';

/** A picture as a vehicle sends one that its detector found nothing in. */
export async function redactedFrame(pixels: Pixels): Promise<ImageFrame> {
  const { width, height } = pixels;
  const data = await sharpCodec().encodeJpeg(pixels, { width, height, quality: 85 });
  if (!data.ok) throw new Error(data.fault);
  return {
    ...{ kind: 'image', minute: Math.floor(NOW / MINUTE_MS) - 1, camera: CAMERA_LABELS.front, consent: '' },
    ...{ treatment: IMAGE_TREATMENTS.redact, format: IMAGE_FORMATS.jpeg, width, height },
    ...{ detector: 'opencv-cascade', detectorVersion: '4.12.0/0123456789ab', regions: 0, data: data.value },
  };
}
