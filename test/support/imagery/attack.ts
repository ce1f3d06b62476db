import type { MosaicPicture } from '../../../proto/codec/mosaic-png.ts';
import { blockEdge, mosaicOf } from '../../../proto/imagery/mosaic.ts';
import type { Pixels } from '../../../proto/imagery/picture-codec.ts';
import { seededChance } from '../edge/seeded.ts';
import { cut, type Region, repainted, resized } from './made-pictures.ts';

/** A mosaic as large as the picture it was made of, or a part of it: all that an attacker can do about its size. */
export function blownUp({ columns, rows, colours }: MosaicPicture, of: Pixels, part?: Region): Pixels {
  const { x, y, width, height } = part ?? { x: 0, y: 0, width: of.width, height: of.height };
  const edge = blockEdge(of.width, of.height);
  const rgb = new Uint8Array(width * height * 3);
  for (let v = 0; v < height; v += 1)
    for (let u = 0; u < width; u += 1) {
      const column = Math.min(columns - 1, Math.floor((x + u) / edge));
      const row = Math.min(rows - 1, Math.floor((y + v) / edge));
      const colour = colours[row * columns + column] ?? 0;
      const at = (v * width + u) * 3;
      rgb[at] = ((colour >> 5) * 255) / 7;
      rgb[at + 1] = (((colour >> 2) & 7) * 255) / 7;
      rgb[at + 2] = (colour & 3) * 85;
    }
  return { width, height, rgb };
}

/** How alike two pictures of one size are, -1 to 1: normalised correlation of their grey values. */
export function alike(one: Pixels, other: Pixels): number {
  const [a, b] = [greys(one), greys(other)];
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) + 1e-9);
}

function greys({ rgb }: Pixels): Float64Array {
  const grey = Float64Array.from({ length: rgb.length / 3 }, (_, index) => {
    const at = index * 3;
    return 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
  });
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return grey.map((value) => value - mean);
}

export interface Linked {
  readonly tries: number;
  readonly raw: number;
  readonly mosaic: number;
}

/**
 * Puts each of some faces or plates at random places into a street, and lets an attacker who has them all say which it is:
 * by correlation with the place where it stands, which the attacker is told. Once with the picture, once with its mosaic.
 *
 * @param heightPx - how high they stand in the street
 */
export function linkAll(known: readonly Pixels[], street: Pixels, heightPx: number, tries: number): Linked {
  const chance = seededChance(heightPx);
  const gallery = known.map((one) =>
    resized(one, Math.max(1, Math.round((one.width * heightPx) / one.height)), heightPx),
  );
  let [raw, mosaic] = [0, 0];
  for (let index = 0; index < tries; index += 1) {
    const wanted = index % gallery.length;
    const shown = gallery[wanted] as Pixels;
    const place = {
      x: Math.floor(chance() * (street.width - shown.width)),
      y: Math.floor(chance() * (street.height - shown.height)),
      ...{ width: shown.width, height: shown.height },
    };
    const scene = repainted(street, place, (x, y) => {
      const at = ((y - place.y) * shown.width + x - place.x) * 3;
      // Another exposure and some noise: it is the same face, and not the same file.
      return [0, 1, 2].map((part) => Math.min(255, 20 + 0.85 * (shown.rgb[at + part] ?? 0) + 10 * chance()));
    });
    if (bestOf(cut(scene, place), gallery) === wanted) raw += 1;
    if (bestOf(blownUp(mosaicOf(scene), scene, place), gallery) === wanted) mosaic += 1;
  }
  return { tries, raw: raw / tries, mosaic: mosaic / tries };
}

function bestOf(seen: Pixels, gallery: readonly Pixels[]): number {
  const scores = gallery.map((one) => alike(seen, resized(one, seen.width, seen.height)));
  return scores.indexOf(Math.max(...scores));
}
