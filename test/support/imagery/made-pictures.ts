import type { Pixels } from '../../../proto/imagery/picture-codec.ts';
import { seededChance } from '../edge/seeded.ts';

/** Noise of a size: every detail a picture can have. */
export function noise(width: number, height: number, seed: number): Pixels {
  const chance = seededChance(seed);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => Math.floor(256 * chance())) };
}

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The same picture with other pixels in one region; the region may reach over the edge. */
export function repainted(
  picture: Pixels,
  region: Region,
  colourAt: (x: number, y: number) => readonly number[],
): Pixels {
  const rgb = Uint8Array.from(picture.rgb);
  for (let y = Math.max(0, region.y); y < Math.min(picture.height, region.y + region.height); y += 1)
    for (let x = Math.max(0, region.x); x < Math.min(picture.width, region.x + region.width); x += 1)
      rgb.set(colourAt(x, y), (y * picture.width + x) * 3);
  return { ...picture, rgb };
}

/** A part of a picture, whose edges lie within it. */
export function cut({ width, rgb }: Pixels, region: Region): Pixels {
  const part = new Uint8Array(region.width * region.height * 3);
  for (let y = 0; y < region.height; y += 1) {
    const from = ((region.y + y) * width + region.x) * 3;
    part.set(rgb.subarray(from, from + region.width * 3), y * region.width * 3);
  }
  return { width: region.width, height: region.height, rgb: part };
}

/** Another size, each pixel the mean of what it stands for or the nearest where there is less than one. */
export function resized({ width, height, rgb }: Pixels, across: number, down: number): Pixels {
  const scaled = new Uint8Array(across * down * 3);
  for (let y = 0; y < down; y += 1) {
    const [top, bottom] = [Math.floor((y * height) / down), Math.max(Math.floor(((y + 1) * height) / down), 1)];
    for (let x = 0; x < across; x += 1) {
      const [left, right] = [Math.floor((x * width) / across), Math.max(Math.floor(((x + 1) * width) / across), 1)];
      for (let part = 0; part < 3; part += 1) {
        let [sum, count] = [0, 0];
        for (let v = top; v < Math.max(bottom, top + 1); v += 1)
          for (let u = left; u < Math.max(right, left + 1); u += 1) {
            sum += rgb[(v * width + u) * 3 + part] ?? 0;
            count += 1;
          }
        scaled[(y * across + x) * 3 + part] = sum / count;
      }
    }
  }
  return { width: across, height: down, rgb: scaled };
}
