import { POINT_CLOUD_SETTINGS } from '../../proto/codec/control-codec.ts';
import { MINUTE_MS, POINT_CLOUD_TREATMENTS, type PointCloudFrame } from '../../proto/codec/sensor-frames.ts';
import {
  compareVoxels,
  packVoxels,
  RING_EDGES_M,
  VOXEL_RANGE_M,
  VOXELS_MAX,
  type Voxel,
} from '../../proto/codec/voxels.ts';
import type { RawPointCloud } from '../../proto/words/raw-frame.ts';
import type { SensorPolicy } from '../policy/sensor-policy.ts';
import { sensorInterval } from './sensor-interval.ts';
import type { RemovalCause, Stage } from './stage.ts';

/**
 * Counts or thins point clouds. A cloud that lies anywhere but round its sensor is removed, whatever it says of itself:
 * its coordinates are positions, and what would make them local again is the vehicle's own.
 */
export function reducePoints(sensors: SensorPolicy): Stage {
  const { pointCloud, voxelMm, intervalS } = sensors;
  const takeTurn = sensorInterval(intervalS);
  return {
    name: `point-cloud-${WORDS[pointCloud]}`,
    parameters: pointCloud === POINT_CLOUD_SETTINGS.voxel ? `interval-s=${intervalS} voxel-mm=${voxelMm}` : '',
    apply: (draft, removed) => {
      if (draft.kind !== 'point-cloud') return [draft];
      const cause = whyNot(draft, sensors) ?? (takeTurn(draft.sensor, draft.at) ? undefined : 'sensor-interval');
      if (cause !== undefined) {
        removed(cause, 1);
        return [];
      }
      const minute = Math.floor(draft.at / MINUTE_MS);
      const content =
        pointCloud === POINT_CLOUD_SETTINGS.voxel ? thinned(draft, voxelMm, minute) : counted(draft, minute);
      if (content === undefined) removed('point-cloud-empty', 1);
      return content === undefined ? [] : [{ kind: 'candidate', content }];
    },
  };
}

const WORDS = ['drop', 'counts', 'voxel'] as const;

function whyNot({ points, georeferenced }: RawPointCloud, { pointCloud }: SensorPolicy): RemovalCause | undefined {
  if (pointCloud === POINT_CLOUD_SETTINGS.drop) return 'point-cloud';
  return georeferenced || !liesRoundSensor(points) ? 'point-cloud-georeferenced' : undefined;
}

/** No point of a road vehicle's sensor is further away, metres. Projected coordinates are. */
const LOCAL_M_MAX = 1_000;

/** Some point is nearer, metres. Degrees of longitude in the mainland are not: 73 and more. */
const NEAREST_M_MAX = 60;

function liesRoundSensor(points: Float64Array): boolean {
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 2 < points.length; at += 3) {
    const [x, y, z] = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0];
    // Written so that what is no number fails.
    if (!(Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= LOCAL_M_MAX)) return false;
    nearest = Math.min(nearest, Math.hypot(x, y));
  }
  return nearest <= NEAREST_M_MAX;
}

function counted({ points }: RawPointCloud, minute: number): PointCloudFrame {
  const rings = Array.from({ length: RING_EDGES_M.length + 1 }, () => 0);
  for (let at = 0; at + 2 < points.length; at += 3) {
    const distance = Math.hypot(points[at] ?? 0, points[at + 1] ?? 0);
    const ring = RING_EDGES_M.findIndex((edge) => distance < edge);
    const index = ring === -1 ? RING_EDGES_M.length : ring;
    rings[index] = (rings[index] ?? 0) + 1;
  }
  return {
    ...{ kind: 'points', minute, treatment: POINT_CLOUD_TREATMENTS.counts, voxelMm: 0, voxels: new Uint8Array(0) },
    rings: rings.map((count) => ({ points: count })),
  };
}

/** @returns undefined when no point lies within the range */
function thinned({ points }: RawPointCloud, smallestMm: number, minute: number): PointCloudFrame | undefined {
  // A cloud with more voxels than fit is thinned further; at 64 m a cloud has six voxels an axis.
  for (let voxelMm = smallestMm; voxelMm <= VOXEL_MM_MAX; voxelMm *= 2) {
    const voxels = voxelsOf(points, voxelMm);
    if (voxels.length === 0) return undefined;
    if (voxels.length > VOXELS_MAX) continue;
    const bytes = packVoxels([...voxels].sort(compareVoxels));
    return {
      ...{ kind: 'points', minute, treatment: POINT_CLOUD_TREATMENTS.voxel, rings: [], voxelMm },
      voxels: bytes,
    };
  }
  return undefined;
}

const VOXEL_MM_MAX = 64_000;

function voxelsOf(points: Float64Array, voxelMm: number): readonly Voxel[] {
  const edgeM = voxelMm / 1_000;
  const occupied = new Map<number, Voxel>();
  for (let at = 0; at + 2 < points.length; at += 3) {
    const [x, y, z] = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0];
    if (Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) > VOXEL_RANGE_M) continue;
    const voxel: Voxel = [Math.floor(x / edgeM), Math.floor(y / edgeM), Math.floor(z / edgeM)];
    occupied.set((voxel[0] * SPAN + voxel[1]) * SPAN + voxel[2], voxel);
  }
  return [...occupied.values()];
}

/** More than the indices of one axis, so that three make one number. */
const SPAN = 4_096;
