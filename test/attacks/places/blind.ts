import { metres, type Point } from '../traces/plane.ts';

/** Where others live or work, and where they stop. */
export interface Others {
  readonly anchors: readonly Point[];
  readonly stops: readonly Point[];
}

/** Guesses with no data of the victim: the spot where most others live (or work), and the spot where most of them stop. */
export function blindGuesses({ anchors, stops }: Others, radiusM: number): readonly Point[] {
  return [densest(anchors, radiusM), densest(stops, radiusM)].flatMap((point) => (point === undefined ? [] : [point]));
}

function densest(points: readonly Point[], radiusM: number): Point | undefined {
  let best: Point | undefined;
  let most = 0;
  for (const point of points) {
    const near = points.filter((other) => metres(point, other) <= radiusM);
    if (near.length <= most) continue;
    most = near.length;
    best = {
      x: near.reduce((sum, { x }) => sum + x, 0) / near.length,
      y: near.reduce((sum, { y }) => sum + y, 0) / near.length,
    };
  }
  return best;
}
