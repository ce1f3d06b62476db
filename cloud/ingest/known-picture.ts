import type { Box } from '../../proto/imagery/detector.ts';
import type { Pixels } from '../../proto/imagery/picture-codec.ts';

const WIDTH = 320;
const HEIGHT = 240;

/** Where the drawn face is. */
export const KNOWN_FACE = { x: 110, y: 60, width: 100, height: 110 } as const;

type Shade = readonly [red: number, green: number, blue: number];

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
  readonly shade: Shade;
}

/** From back to front, in pixels: centre, half axes. */
// biome-ignore format: one part a line
const FACE: readonly Ellipse[] = [
  { x: 160, y: 112, across: 58, down: 72, shade: [70, 50, 40] },
  { x: 160, y: 122, across: 47, down: 62, shade: [222, 184, 156] },
  { x: 140, y: 108, across: 15, down: 8, shade: [130, 95, 78] },
  { x: 180, y: 108, across: 15, down: 8, shade: [130, 95, 78] },
  { x: 140, y: 99, across: 15, down: 3, shade: [70, 48, 38] },
  { x: 180, y: 99, across: 15, down: 3, shade: [70, 48, 38] },
  { x: 140, y: 109, across: 9, down: 5, shade: [40, 28, 24] },
  { x: 180, y: 109, across: 9, down: 5, shade: [40, 28, 24] },
  { x: 160, y: 120, across: 6, down: 18, shade: [240, 206, 180] },
  { x: 160, y: 138, across: 11, down: 4, shade: [165, 120, 98] },
  { x: 160, y: 156, across: 19, down: 5, shade: [140, 66, 62] },
];

const GROUND: Shade = [150, 165, 180];

/** A face that looks into the camera, drawn from ellipses: a detector of faces that does not see it sees none. */
export function knownFace(): Pixels {
  const picture = knownNothing();
  for (const { x, y, across, down, shade } of FACE)
    for (let row = y - down; row <= y + down; row += 1)
      for (let column = x - across; column <= x + across; column += 1)
        if (((column - x) / across) ** 2 + ((row - y) / down) ** 2 <= 1)
          picture.rgb.set(shade, (row * WIDTH + column) * 3);
  return picture;
}

/** The same without the face: a detector that sees one here sees them everywhere. */
export function knownNothing(): Pixels {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set(GROUND, at);
  return { width: WIDTH, height: HEIGHT, rgb };
}

/** Whether one of the boxes lies on the drawn face. */
export function isOnFace(boxes: readonly Box[]): boolean {
  return boxes.some(({ subject, x, y, width, height }) => {
    const [across, down] = [x + width / 2 - KNOWN_FACE.x, y + height / 2 - KNOWN_FACE.y];
    return subject === 'face' && across > 0 && across < KNOWN_FACE.width && down > 0 && down < KNOWN_FACE.height;
  });
}
