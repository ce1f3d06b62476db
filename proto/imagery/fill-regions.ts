import type { Box, Subject } from './detector.ts';
import type { Pixels } from './picture-codec.ts';

/** Boxes one picture may have; a detector that names more is out of order. */
export const BOXES_MAX = 256;

/** A box grows by this part of its longer side on every side, and by some pixels: detectors cut hair, chins and frames. */
export const MARGIN_RATIO = 0.25;
export const MARGIN_PX = 4;

/** Whether boxes are what a detector that works would say of a picture: few, finite, in the picture, and what it looks for. */
export function arePlausible(
  boxes: unknown,
  finds: readonly Subject[],
  { width, height }: Pixels,
): boxes is readonly Box[] {
  if (!Array.isArray(boxes) || boxes.length > BOXES_MAX) return false;
  return boxes.every((box: unknown) => isPlausible(box, finds, width, height));
}

function isPlausible(box: unknown, finds: readonly Subject[], width: number, height: number): boolean {
  if (typeof box !== 'object' || box === null) return false;
  const { subject, x, y, width: across, height: down } = box as Readonly<Record<keyof Box, unknown>>;
  if (!finds.some((one) => one === subject)) return false;
  const numbers = [x, y, across, down];
  if (!numbers.every((one): one is number => typeof one === 'number' && Number.isFinite(one))) return false;
  const [left = -1, top = -1, w = 0, h = 0] = numbers;
  // A box may reach over the edge, as that of a face cut by it does, but not lie outside.
  const overlaps = left < width && top < height && left + w > 0 && top + h > 0;
  return w >= 1 && h >= 1 && w <= 2 * width && h <= 2 * height && overlaps;
}

/** Fills the boxes and their margins with black, in the buffer itself: no blur, and nothing is left to undo. */
export function fillRegions({ width, height, rgb }: Pixels, boxes: readonly Box[]): void {
  for (const box of boxes) {
    const margin = MARGIN_PX + MARGIN_RATIO * Math.max(box.width, box.height);
    const left = Math.max(0, Math.floor(box.x - margin));
    const right = Math.min(width, Math.ceil(box.x + box.width + margin));
    const top = Math.max(0, Math.floor(box.y - margin));
    const bottom = Math.min(height, Math.ceil(box.y + box.height + margin));
    for (let y = top; y < bottom; y += 1) rgb.fill(0, (y * width + left) * 3, (y * width + right) * 3);
  }
}
