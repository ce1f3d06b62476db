import type { ReadPoints } from './point-file.ts';
import { POINTS_MAX } from './points.ts';

/** Puts points together; one that is not finite is how sensors write "no echo", and is left out. */
export interface PointCollector {
  readonly add: (x: number, y: number, z: number) => void;
  readonly points: () => Float64Array;
}

/** @returns undefined when the file says it has more points than a cloud may have, or none */
export function collectPoints(count: number): PointCollector | undefined {
  if (!Number.isInteger(count) || count < 1 || count > POINTS_MAX) return undefined;
  const points = new Float64Array(count * 3);
  let length = 0;
  return {
    add: (x, y, z) => {
      if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z)) return;
      points[length] = x;
      points[length + 1] = y;
      points[length + 2] = z;
      length += 3;
    },
    points: () => points.slice(0, length),
  };
}

export function withoutProjection(collector: PointCollector): ReadPoints {
  return { points: collector.points(), hasProjection: false };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
