import { afterAll, describe, expect, test } from 'vitest';
import { treatPicture } from '../../../../edge/imagery/treat-picture.ts';
import { readCleanJpeg } from '../../../../proto/codec/clean-jpeg.ts';
import type { Box } from '../../../../proto/imagery/detector.ts';
import { mosaicOf } from '../../../../proto/imagery/mosaic.ts';
import { openDetector } from '../../../../proto/imagery/open-detector.ts';
import { sharpCodec } from '../../../../proto/imagery/sharp-codec.ts';
import { blownUp, linkAll } from '../../../support/imagery/attack.ts';
import { openGallery } from '../../../support/imagery/gallery.ts';
import { LABELLED } from '../../../support/imagery/labelled-boxes.table.ts';
import {
  FACE_CASCADE,
  hasCascades,
  hasPictures,
  LABELS,
  PLATE_CASCADE,
  pictureFile,
} from '../../../support/imagery/shared-pictures.ts';

const codec = sharpCodec();

/** A cascade also sees plates in a few flat squares; what counts is whether it sees one where one is. */
const hitsLabelled = (file: string, { subject, x, y, width, height }: Box): boolean =>
  LABELLED.some(
    ([name, box]) =>
      name === file &&
      box.subject === subject &&
      Math.max(x, box.x) < Math.min(x + width, box.x + box.width) &&
      Math.max(y, box.y) < Math.min(y + height, box.y + box.height),
  );

async function pixelsOf(file: string) {
  const decoded = await codec.decode(pictureFile(file));
  if (!decoded.ok) throw new Error(`${file}: ${decoded.fault}`);
  return decoded.value;
}

const asked = { kind: 'opencv-cascade', timeLimitMs: 30_000 } as const;
const faces = openDetector({ ...asked, file: FACE_CASCADE, finds: 'face' });
const plates = openDetector({ ...asked, file: PLATE_CASCADE, finds: 'plate' });
afterAll(() => Promise.all([faces.close(), plates.close()]));

describe.runIf(hasPictures && hasCascades)(
  'an attack by cascades (needs ../shared/data/images, opencv-data and @techstark/opencv-js)',
  () => {
    test('finds faces and plates in the pictures, and none in their mosaics', async () => {
      let [facesFound, platesFound] = [0, 0];
      for (const { file } of LABELS) {
        const pixels = await pixelsOf(file);
        for (const attacker of [faces, plates]) {
          const raw = await attacker.detect(pixels);
          const mosaic = await attacker.detect(blownUp(mosaicOf(pixels), pixels));
          if (!raw.ok || !mosaic.ok) throw new Error(file);
          expect(
            mosaic.value.boxes.filter((box) => hitsLabelled(file, box)),
            file,
          ).toEqual([]);
          if (attacker === faces) facesFound += raw.value.boxes.length;
          else platesFound += raw.value.boxes.length;
        }
      }
      expect([facesFound > 5, platesFound > 1]).toEqual([true, true]);
    }, 240_000);

    test('finds no face any more where one was found and filled', async () => {
      for (const file of ['coco01.jpg', 'fr_obama_small.jpg', 'fr_two_people.jpg']) {
        const image = {
          kind: 'image',
          at: 1 as never,
          camera: 'front',
          place: 'exterior',
          bytes: pictureFile(file),
        } as const;
        const order = { treatment: 'redact', camera: 1, platesMayStay: true, consent: '' } as const;
        const treated = await treatPicture(image, order, { codec, detectors: [faces] });
        if (!treated.ok) throw new Error(treated.fault);
        const out = await codec.decode(treated.value.data);
        const again = out.ok ? await faces.detect(out.value) : out;
        expect(again.ok && again.value.boxes, file).toEqual([]);
        expect(treated.value.detectorVersion).toMatch(/^4\.12\.0-release\.1\/[0-9a-f]{12}$/);
      }
    }, 120_000);
  },
);

describe.runIf(hasPictures)(
  'an attacker who has all faces and plates in question (needs ../shared/data/images)',
  () => {
    test('says which one it is by the picture, and by the mosaic hardly better than by guessing', async () => {
      const { street, faces: people, plates: cars } = await openGallery(codec);
      const byFace = linkAll(people, street, 32, 60);
      const byPlate = linkAll(cars, street, 16, 60);
      expect([byFace.raw, byPlate.raw]).toEqual([1, 1]);
      // Chance is 20 % of five faces and 17 % of six plates.
      expect(byFace.mosaic).toBeLessThan(0.4);
      expect(byPlate.mosaic).toBeLessThan(0.35);
    }, 120_000);
  },
);

describe.runIf(hasPictures)('metadata of real cameras (needs ../shared/data/images)', () => {
  test.each(LABELS.filter(({ hasGps }) => hasGps))('of $file, GPS among it, does not come out', async ({ file }) => {
    const bytes = Buffer.from(pictureFile(file));
    expect(bytes.includes('Exif') && bytes.includes('NIKON')).toBe(true);
    expect(readCleanJpeg(bytes)).toBeUndefined();
    const pixels = await pixelsOf(file);
    const jpeg = await codec.encodeJpeg(pixels, { width: 640, height: 480, quality: 75 });
    if (!jpeg.ok) throw new Error(jpeg.fault);
    expect(readCleanJpeg(jpeg.value)).toEqual({ width: 640, height: 480 });
    expect(Buffer.from(jpeg.value).includes('Exif') || Buffer.from(jpeg.value).includes('NIKON')).toBe(false);
  });
});
