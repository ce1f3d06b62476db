import { parseKitti } from './kitti.ts';
import { parseLas } from './las.ts';
import { parsePly } from './ply.ts';
import { looksGlobal } from './points.ts';

/** Largest file of a cloud, bytes: as many points as a cloud may have, in ASCII. */
export const CLOUD_BYTES_MAX = 33_554_432;

/** Points of a file: x, y, z triples in metres. */
export interface PointFile {
  readonly points: Float64Array;
  /** The file has a projection, or its numbers are places on the globe. */
  readonly georeferenced: boolean;
}

/** What a reader of one format gives. */
export interface ReadPoints {
  readonly points: Float64Array;
  readonly hasProjection: boolean;
}

const READERS: Readonly<Record<string, (bytes: Uint8Array) => ReadPoints | undefined>> = {
  bin: parseKitti,
  ply: parsePly,
  las: parseLas,
};

const endingOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

export function isPointFile(name: string): boolean {
  return Object.hasOwn(READERS, endingOf(name));
}

/**
 * Reads a cloud by the ending of its file's name: KITTI `.bin`, PLY, LAS.
 *
 * @returns undefined for what is not that format, has no point, or more than the limit
 */
export function readPointFile(name: string, bytes: Uint8Array): PointFile | undefined {
  const read = isPointFile(name) ? READERS[endingOf(name)]?.(bytes) : undefined;
  if (read === undefined || read.points.length === 0) return undefined;
  return { points: read.points, georeferenced: read.hasProjection || looksGlobal(read.points) };
}
