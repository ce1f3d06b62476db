import sharp from 'sharp';
import type { Detection, Detector, DetectorFault } from '../../../proto/imagery/detector.ts';
import type { Pixels } from '../../../proto/imagery/picture-codec.ts';
import type { RawImage } from '../../../proto/words/raw-frame.ts';
import type { Result } from '../../../proto/words/result.ts';
import { MORNING } from '../edge/candidates.ts';
import { noise } from './made-pictures.ts';

/** A JPEG of noise, with a position in its EXIF. */
export async function jpegFile(width = 320, height = 240, seed = 1): Promise<Buffer> {
  return sharp(noise(width, height, seed).rgb, { raw: { width, height, channels: 3 } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 16/1 4468/100' } })
    .jpeg()
    .toBuffer();
}

export async function imageOf(change: Partial<RawImage> = {}): Promise<RawImage> {
  return { kind: 'image', at: MORNING, camera: 'front', place: 'exterior', bytes: await jpegFile(), ...change };
}

/** A detector that answers as it is told. */
export function detectorOf(
  answer: (pixels: Pixels) => Promise<Result<Detection, DetectorFault>>,
  change: Partial<Detector> = {},
): Detector {
  return { name: 'made', finds: ['face', 'plate'], detect: answer, close: async () => undefined, ...change };
}
