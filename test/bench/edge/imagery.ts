import { existsSync } from 'node:fs';
import { treatPicture } from '../../../edge/imagery/treat-picture.ts';
import type { Box, Detector, Subject } from '../../../proto/imagery/detector.ts';
import { fillRegions } from '../../../proto/imagery/fill-regions.ts';
import { mosaicOf } from '../../../proto/imagery/mosaic.ts';
import { openDetector } from '../../../proto/imagery/open-detector.ts';
import type { Pixels } from '../../../proto/imagery/picture-codec.ts';
import { sharpCodec } from '../../../proto/imagery/sharp-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { type Linked, linkAll } from '../../support/imagery/attack.ts';
import { openGallery } from '../../support/imagery/gallery.ts';
import { LABELLED } from '../../support/imagery/labelled-boxes.table.ts';
import { noise, resized } from '../../support/imagery/made-pictures.ts';
import { cascade, hasPictures, LABELS, pictureFile } from '../../support/imagery/shared-pictures.ts';

/** Speed of mosaics of 720p pictures, decoding and all. */
export interface MosaicSpeed {
  readonly picture: string;
  readonly fileBytes: number;
  readonly mosaicBytes: number;
  readonly picturesPerSecond: number;
  readonly cpuMsPerPicture: number;
  /** Of these, the arithmetic without decoding. */
  readonly blocksMsPerPicture: number;
}

const PICTURES = 100;

export async function measureMosaic(): Promise<MosaicSpeed> {
  const codec = sharpCodec();
  const street = 'hyperlpr_test_img.jpg';
  const source = hasPictures ? await codec.decode(pictureFile(street)) : undefined;
  const pixels: Pixels = source?.ok ? source.value : resized(noise(160, 90, 1), 1_280, 720);
  const file = await codec.encodeJpeg(pixels, { width: 1_280, height: 720, quality: 85 });
  assert(file.ok, 'sharp is installed');
  const image = { kind: 'image', at: 1 as Instant, camera: 'front', place: 'exterior', bytes: file.value } as const;
  const order = { treatment: 'mosaic', camera: 1, platesMayStay: false, consent: '' } as const;
  const treatOne = () => treatPicture(image, order, { codec, detectors: [] });
  const first = await treatOne();
  assert(first.ok, 'the picture can be treated');
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let turn = 0; turn < PICTURES; turn += 1) await treatOne();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const decoded = await codec.decode(file.value);
  assert(decoded.ok, 'the picture can be decoded');
  const blocksAt = performance.now();
  for (let turn = 0; turn < PICTURES; turn += 1) mosaicOf(decoded.value);
  return {
    picture: hasPictures ? street : 'a made-up picture (../shared/data/images is absent)',
    fileBytes: file.value.length,
    mosaicBytes: first.value.data.length,
    picturesPerSecond: PICTURES / seconds,
    cpuMsPerPicture: (user + system) / 1_000 / PICTURES,
    blocksMsPerPicture: (performance.now() - blocksAt) / PICTURES,
  };
}

/** How often an attacker who has every photograph in question says which one stands in a street (docs/adr/0023). */
export interface Links extends Linked {
  readonly subject: Subject;
  readonly known: number;
  readonly heightPx: number;
}

const TRIES = 40;
const HEIGHTS: Readonly<Record<Subject, readonly number[]>> = { face: [32, 96, 192], plate: [16, 64, 180] };

/** None without the shared pictures. */
export async function measureLinks(): Promise<readonly Links[]> {
  if (!hasPictures) return [];
  const { street, faces, plates } = await openGallery(sharpCodec());
  return (['face', 'plate'] as const).flatMap((subject) => {
    const known = subject === 'face' ? faces : plates;
    return HEIGHTS[subject].map((heightPx) => ({
      ...{ subject, known: known.length, heightPx },
      ...linkAll(known, street, heightPx, TRIES),
    }));
  });
}

/** How many of the labelled regions of a kind a detector would have removed. */
export interface Recall {
  readonly name: string;
  readonly subject: Subject;
  readonly labelled: number;
  readonly removed: number;
  /** Boxes that touch no labelled region. */
  readonly beside: number;
  readonly pictures: number;
  readonly secondsPerMegapixel: number;
}

/** A region counts as removed when this part of its area is filled. */
export const REMOVED_PART_MIN = 0.8;

const CASCADES: readonly (readonly [file: string, finds: Subject])[] = [
  ['haarcascades/haarcascade_frontalface_default.xml', 'face'],
  ['haarcascades/haarcascade_frontalface_alt2.xml', 'face'],
  ['lbpcascades/lbpcascade_frontalface.xml', 'face'],
  ['haarcascades/haarcascade_russian_plate_number.xml', 'plate'],
  ['haarcascades/haarcascade_licence_plate_rus_16stages.xml', 'plate'],
];

const TIME_LIMIT_MS = 60_000;

/** Every cascade that is installed, over every labelled picture; none without pictures or cascades. */
export async function measureRecall(): Promise<readonly Recall[]> {
  const recalls: Recall[] = [];
  for (const [name, subject] of CASCADES) {
    if (!hasPictures || !existsSync(cascade(name))) continue;
    const detector = openDetector({
      ...{ kind: 'opencv-cascade', file: cascade(name), finds: subject, timeLimitMs: TIME_LIMIT_MS },
    });
    recalls.push({ name: name.replace(/^.*\/|\.xml$/g, ''), subject, ...(await recallOf(detector, subject)) });
    await detector.close();
  }
  return recalls;
}

async function recallOf(detector: Detector, subject: Subject): Promise<Omit<Recall, 'name' | 'subject'>> {
  const codec = sharpCodec();
  let [labelled, removed, beside, pixels, milliseconds] = [0, 0, 0, 0, 0];
  for (const { file } of LABELS) {
    const decoded = await codec.decode(pictureFile(file));
    assert(decoded.ok, 'every shared picture can be decoded');
    const startedAt = performance.now();
    const found = await detector.detect(decoded.value);
    milliseconds += performance.now() - startedAt;
    assert(found.ok, 'the detector works');
    pixels += decoded.value.width * decoded.value.height;
    const wanted = LABELLED.filter(([name, box]) => name === file && box.subject === subject).map(([, box]) => box);
    const filled = mask(decoded.value, found.value.boxes);
    labelled += wanted.length;
    removed += wanted.filter((box) => partOf(filled, box) >= REMOVED_PART_MIN).length;
    beside += found.value.boxes.filter((box) => !wanted.some((one) => touch(one, box))).length;
  }
  return { labelled, removed, beside, pictures: LABELS.length, secondsPerMegapixel: (milliseconds * 1_000) / pixels };
}

/** White, and black where regions are filled. */
function mask({ width, height }: Pixels, boxes: readonly Box[]): Pixels {
  const filled = { width, height, rgb: new Uint8Array(width * height * 3).fill(255) };
  fillRegions(filled, boxes);
  return filled;
}

function partOf({ width, rgb }: Pixels, box: Box): number {
  let black = 0;
  for (let y = box.y; y < box.y + box.height; y += 1)
    for (let x = box.x; x < box.x + box.width; x += 1) if (rgb[(y * width + x) * 3] === 0) black += 1;
  return black / (box.width * box.height);
}

function touch(one: Box, other: Box): boolean {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return across > 0 && down > 0;
}
