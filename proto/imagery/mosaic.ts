import { colourIndex, MOSAIC_COLUMNS_MAX, MOSAIC_ROWS_MAX, type MosaicPicture } from '../codec/mosaic-png.ts';
import type { Pixels } from './picture-codec.ts';

/** Smallest edge of a block, pixels of the raw picture: a face of 32 px touches four blocks at most (docs/adr/0023). */
export const BLOCK_PX_MIN = 32;

/**
 * A picture as the means of large blocks. Every block is at least `blockEdge` wide and high, or as large as the picture;
 * what is left over at the right and below belongs to the last block. All that comes out depends on is one sum per block
 * and colour: pixels may change places within a block and nothing changes.
 */
export function mosaicOf({ width, height, rgb }: Pixels): MosaicPicture {
  const edge = blockEdge(width, height);
  const columns = Math.max(1, Math.floor(width / edge));
  const rows = Math.max(1, Math.floor(height / edge));
  const colours = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const below = row === rows - 1 ? height : (row + 1) * edge;
    for (let column = 0; column < columns; column += 1) {
      const right = column === columns - 1 ? width : (column + 1) * edge;
      colours[row * columns + column] = meanColour(rgb, width, [column * edge, right], [row * edge, below]);
    }
  }
  return { columns, rows, colours };
}

/** Edge of a block for a picture of some size, pixels. */
export function blockEdge(width: number, height: number): number {
  return Math.max(BLOCK_PX_MIN, Math.ceil(width / MOSAIC_COLUMNS_MAX), Math.ceil(height / MOSAIC_ROWS_MAX));
}

type Range = readonly [from: number, to: number];

function meanColour(rgb: Uint8Array, width: number, [left, right]: Range, [top, bottom]: Range): number {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    const end = (y * width + right) * 3;
    for (let at = (y * width + left) * 3; at < end; at += 3) {
      red += rgb[at] ?? 0;
      green += rgb[at + 1] ?? 0;
      blue += rgb[at + 2] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  return colourIndex(Math.floor(red / count), Math.floor(green / count), Math.floor(blue / count));
}
