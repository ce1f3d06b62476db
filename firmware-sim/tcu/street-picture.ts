import { greyPng } from '../camera.ts';
import type { Prng } from '../prng.ts';

/** What is drawn into a picture of a street, with the lesser side of its box in pixels: what rules about pictures are about. */
export interface StreetScene {
  readonly facePx?: number;
  readonly platePx?: number;
}

export const STREET_WIDTH_PX = 320;
export const STREET_HEIGHT_PX = 240;

/**
 * A drawn street as a PNG file: a road, noise, and where asked for a face (an ellipse with eyes and mouth) and a plate (a light
 * rectangle with dark strokes) whose boxes have exactly the size asked for. Nothing of it is of anybody.
 */
export function streetPicture(scene: StreetScene, prng: Prng): Uint8Array {
  const pixels = new Uint8Array(STREET_WIDTH_PX * STREET_HEIGHT_PX);
  for (let index = 0; index < pixels.length; index += 1) {
    const row = Math.floor(index / STREET_WIDTH_PX);
    pixels[index] = (row < STREET_HEIGHT_PX / 2 ? SKY : ROAD) + prng.whole(-NOISE, NOISE);
  }
  if (scene.facePx !== undefined) drawFace(pixels, scene.facePx);
  if (scene.platePx !== undefined) drawPlate(pixels, scene.platePx);
  return greyPng(pixels, { width: STREET_WIDTH_PX, height: STREET_HEIGHT_PX });
}

/** Where a face of this width stands in the picture. */
export function faceBox(widthPx: number): Box {
  return { ...FACE_AT, widthPx, heightPx: Math.round(widthPx * FACE_ASPECT) };
}

function drawFace(pixels: Uint8Array, widthPx: number): void {
  fill(pixels, faceBox(widthPx), (x, y) => {
    const isInside = (x - 0.5) ** 2 + (y - 0.5) ** 2 <= 0.25;
    const isEye = Math.abs(y - 0.4) < 0.06 && Math.abs(Math.abs(x - 0.5) - 0.18) < 0.08;
    const isMouth = Math.abs(y - 0.75) < 0.04 && Math.abs(x - 0.5) < 0.18;
    return isInside ? (isEye || isMouth ? DARK : SKIN) : undefined;
  });
}

function drawPlate(pixels: Uint8Array, heightPx: number): void {
  const widthPx = Math.round(heightPx * PLATE_ASPECT);
  fill(pixels, { left: PLATE_AT.left, top: PLATE_AT.top, widthPx, heightPx }, (x, y) => {
    const isStroke = y > 0.2 && y < 0.8 && Math.floor(x * PLATE_STROKES) % 2 === 1;
    return isStroke ? DARK : LIGHT;
  });
}

/** Pixels, from the upper left corner of the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** @param shade - grey of a point, its place in the box from 0 to 1; undefined leaves what is there */
function fill(pixels: Uint8Array, box: Box, shade: (x: number, y: number) => number | undefined): void {
  for (let row = 0; row < box.heightPx; row += 1) {
    for (let column = 0; column < box.widthPx; column += 1) {
      const grey = shade((column + 0.5) / box.widthPx, (row + 0.5) / box.heightPx);
      if (grey !== undefined) pixels[(box.top + row) * STREET_WIDTH_PX + box.left + column] = grey;
    }
  }
}

const SKY = 190;
const ROAD = 90;
const NOISE = 12;
const DARK = 20;
const SKIN = 170;
const LIGHT = 235;
const FACE_ASPECT = 1.25;
const FACE_AT = { left: 40, top: 60 } as const;

/** A plate of a small car of the mainland is 440 by 140 mm. */
const PLATE_ASPECT = 440 / 140;
const PLATE_AT = { left: 160, top: 150 } as const;
const PLATE_STROKES = 14;
