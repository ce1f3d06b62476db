/** Smallest edge of a voxel that may leave, millimetres: a face or a plate is within one or two (docs/adr/0025). */
export const VOXEL_MM_MIN = 500;

/** Points further from the sensor are left out, metres along each axis. */
export const VOXEL_RANGE_M = 160;

/** Voxels of one cloud, as the schema's bytes have room for. */
export const VOXELS_MAX = 8_000;

/** Outer edges of the rings that points are counted in, metres; one more ring holds what lies beyond. */
export const RING_EDGES_M = [10, 20, 40, 80, 160] as const;

const VOXEL_BYTES = 6;

/** Voxel of a point, in edges from the sensor: three whole numbers. */
export type Voxel = readonly [x: number, y: number, z: number];

/** @param voxels - in ascending order, each once, within int16 */
export function packVoxels(voxels: readonly Voxel[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(voxels.length * VOXEL_BYTES));
  for (const [index, voxel] of voxels.entries())
    for (const [axis, value] of voxel.entries()) view.setInt16(index * VOXEL_BYTES + axis * 2, value, true);
  return new Uint8Array(view.buffer);
}

/** Ascending by x, then y, then z. */
export function compareVoxels(one: Voxel, other: Voxel): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/** Whether bytes are voxels of an edge: whole ones, in order, each once, and none beyond the range. */
export function areVoxels(bytes: Uint8Array, voxelMm: number): boolean {
  if (bytes.length === 0 || bytes.length % VOXEL_BYTES !== 0 || bytes.length / VOXEL_BYTES > VOXELS_MAX) return false;
  if (!Number.isInteger(voxelMm) || voxelMm < VOXEL_MM_MIN) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const indexMax = Math.ceil((VOXEL_RANGE_M * 1_000) / voxelMm);
  let before: Voxel | undefined;
  for (let at = 0; at < bytes.length; at += VOXEL_BYTES) {
    const voxel: Voxel = [view.getInt16(at, true), view.getInt16(at + 2, true), view.getInt16(at + 4, true)];
    if (voxel.some((index) => Math.abs(index) > indexMax)) return false;
    if (before !== undefined && compareVoxels(before, voxel) >= 0) return false;
    before = voxel;
  }
  return true;
}
