import Flatbush from 'flatbush';
import type { Ring } from '../../proto/codec/fence-codec.ts';
import { boundsOf } from '../../proto/geo/grid.ts';
import { degreesOf, type GridCell, type Wgs84Position } from '../../proto/words/position.ts';

/** Where fences and decoys are; which is which it does not know. */
export interface FenceIndex {
  /** Whether a position lies in one, or within the margin of one. */
  readonly isNear: (position: Wgs84Position) => boolean;
  /**
   * Whether any of a cell lies in one or within the margin: by the rectangle of the fence, so rather more cells than fewer.
   * It is asked of the cell and not of the fix, so every vehicle is silent in the same whole cells.
   */
  readonly blocks: (cell: Omit<GridCell, 'datum'>) => boolean;
}

/** A receiver is off by 235 m one time in twenty, and a picture shows what lies ahead. */
export const FENCE_MARGIN_M = 500;

/**
 * Builds the index (flatbush: a packed R-tree over rectangles). Distances are taken on a plane that touches the sphere at
 * the position; over the size of a fence that is right to a fraction of the margin.
 */
export function indexFences(rings: readonly Ring[], marginM = FENCE_MARGIN_M): FenceIndex {
  if (rings.length === 0) return { isNear: () => false, blocks: () => false };
  const polygons = rings.map(degreesOfRing);
  const tree = new Flatbush(polygons.length);
  for (const ring of polygons) addWidened(tree, ring, marginM);
  tree.finish();
  const blocked = new Map<string, boolean>();

  return {
    isNear: ({ latitudeMicrodeg, longitudeMicrodeg }) => {
      const [y, x] = [degreesOf(latitudeMicrodeg), degreesOf(longitudeMicrodeg)];
      return tree.collides(x, y, x, y, (index) => isWithin(polygons[index] as Float64Array, x, y, marginM));
    },
    blocks: (cell) => {
      const key = `${cell.sizeM}/${cell.zone}/${cell.row}/${cell.column}`;
      const known = blocked.get(key);
      if (known !== undefined) return known;
      const { south, west, north, east } = boundsOf(cell);
      const made = tree.collides(west, south, east, north);
      if (blocked.size < CELLS_REMEMBERED_MAX) blocked.set(key, made);
      return made;
    },
  };
}

/** A year of one vehicle's driving crosses fewer. */
const CELLS_REMEMBERED_MAX = 10_000;

/** Metres a degree of latitude has on the sphere of proto/geo/distance.ts. */
const DEGREE_M = 111_195.08;

/** x and y of each corner in turn, degrees. */
function degreesOfRing(ring: Ring): Float64Array {
  const numbers = new Float64Array(ring.length * 2);
  for (const [index, { latitudeMicrodeg, longitudeMicrodeg }] of ring.entries()) {
    numbers[2 * index] = degreesOf(longitudeMicrodeg);
    numbers[2 * index + 1] = degreesOf(latitudeMicrodeg);
  }
  return numbers;
}

function addWidened(tree: Flatbush, ring: Float64Array, marginM: number): void {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < ring.length; at += 2) {
    const [x = 0, y = 0] = [ring[at], ring[at + 1]];
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  const latitudeDeg = marginM / DEGREE_M;
  const longitudeDeg = latitudeDeg / eastScale(Math.max(Math.abs(south), Math.abs(north)) + latitudeDeg);
  tree.add(west - longitudeDeg, south - latitudeDeg, east + longitudeDeg, north + latitudeDeg);
}

/** How much shorter a degree of longitude is than one of latitude. */
const eastScale = (latitude: number): number => Math.cos((latitude * Math.PI) / 180);

/** Inside by the even-odd rule, or within the margin of an edge. */
function isWithin(ring: Float64Array, x: number, y: number, marginM: number): boolean {
  const scale = eastScale(y) * DEGREE_M;
  let isInside = false;
  let fromX = ((ring[ring.length - 2] ?? 0) - x) * scale;
  let fromY = ((ring[ring.length - 1] ?? 0) - y) * DEGREE_M;
  for (let at = 0; at < ring.length; at += 2) {
    const toX = ((ring[at] ?? 0) - x) * scale;
    const toY = ((ring[at + 1] ?? 0) - y) * DEGREE_M;
    if (fromY > 0 !== toY > 0 && fromX + ((toX - fromX) * -fromY) / (toY - fromY) > 0) isInside = !isInside;
    if (originDistance(fromX, fromY, toX, toY) <= marginM) return true;
    fromX = toX;
    fromY = toY;
  }
  return isInside;
}

/** Metres from the origin to a straight line between two points. */
function originDistance(fromX: number, fromY: number, toX: number, toY: number): number {
  const [wayX, wayY] = [toX - fromX, toY - fromY];
  const squared = wayX * wayX + wayY * wayY;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, -(fromX * wayX + fromY * wayY) / squared));
  const [nearX, nearY] = [fromX + share * wayX, fromY + share * wayY];
  return Math.sqrt(nearX * nearX + nearY * nearY);
}
