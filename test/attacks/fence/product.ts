import { drawDecoys } from '../../../cloud/fences/draw-decoys.ts';
import { indexFences } from '../../../edge/fences/fence-index.ts';
import { DECOYS_MIN, type Ring } from '../../../proto/codec/fence-codec.ts';
import { cellOf } from '../../../proto/geo/grid.ts';
import { parsePosition, type Wgs84Position } from '../../../proto/words/position.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Plane, Point } from '../traces/plane.ts';
import type { FenceScheme } from './schemes.ts';

/** What the operator's tool draws and the vehicle is silent by: whole cells of every polygon, true or not. */
function productScheme(decoys: number): FenceScheme {
  return {
    name: `the product, ${decoys} decoys`,
    decoys,
    suppress: ({ cells, sizeM, fence, squares, plane, chance }) => {
      const set = drawDecoys({
        fences: [ringOf(fence, plane)],
        places: squares.map((square) => positionOf(square, plane)),
        decoysPerFence: decoys,
        secret: Uint8Array.from({ length: 32 }, () => Math.floor(chance() * 256)),
      });
      // No room for decoys: the tool makes no set, and without one the vehicle is silent everywhere.
      if (!set.ok) return [];
      const { blocks } = indexFences(set.value);
      return cells.filter((cell) => !blocks(cellOf(positionOf(cell, plane), sizeM)));
    },
  };
}

const CORNERS = 24;

function ringOf({ x, y, radiusM }: Point & { readonly radiusM: number }, plane: Plane): Ring {
  return Array.from({ length: CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    return positionOf({ x: x + radiusM * Math.cos(angle), y: y + radiusM * Math.sin(angle) }, plane);
  });
}

function positionOf(point: Point, plane: Plane): Wgs84Position {
  const { latitude, longitude } = plane.toDegrees(point);
  const position = parsePosition(latitude, longitude);
  assert(position.ok, 'the traces lie in the mainland');
  return position.value;
}

export const PRODUCT_SCHEMES: readonly FenceScheme[] = [productScheme(DECOYS_MIN), productScheme(9)];
