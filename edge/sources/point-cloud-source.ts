import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { CLOUD_BYTES_MAX, isPointFile, readPointFile } from './points/point-file.ts';
import { type WatchedDirectory, watchDirectory } from './watch-directory.ts';

export interface CloudSensor {
  readonly sensor: string;
  /** What the points of these files are; a file may be found to hold places all the same. */
  readonly georeferenced: boolean;
}

/** Point clouds as files of a directory: KITTI `.bin`, `.ply`, `.las`. They are dated with the time they were written. */
export function watchPointClouds(
  watched: Pick<WatchedDirectory, 'directory' | 'after' | 'pollMs' | 'seen'>,
  { sensor, georeferenced }: CloudSensor,
  events: FrameSourceEvents,
): Result<FrameSource, Fault> {
  return watchDirectory(
    { ...watched, bytesMax: CLOUD_BYTES_MAX, accepts: isPointFile },
    ({ name, bytes, at }) => {
      const read = readPointFile(name, bytes);
      if (read === undefined) return false;
      const { points } = read;
      events.onFrame({ kind: 'point-cloud', at, sensor, points, georeferenced: georeferenced || read.georeferenced });
      return true;
    },
    events,
  );
}
