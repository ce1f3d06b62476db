import type { Fault } from '../../proto/words/fault.ts';
import type { CameraPlace, RawImage } from '../../proto/words/raw-frame.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { IMAGE_BYTES_MAX, imageFormatOf } from './image-format.ts';
import { splitRecords } from './length-prefixed.ts';
import { listenOnSocket, type Writers } from './unix-socket.ts';
import { type WatchedDirectory, watchDirectory } from './watch-directory.ts';

/** Which camera the pictures are of; the files do not say. */
export interface Camera {
  readonly camera: string;
  readonly place: CameraPlace;
}

/** Pictures as files of a directory: `.jpg`, `.jpeg`, `.png`. They are dated with the time they were written. */
export function watchPictures(
  watched: Pick<WatchedDirectory, 'directory' | 'after' | 'pollMs' | 'seen'>,
  camera: Camera,
  events: FrameSourceEvents,
): Result<FrameSource, Fault> {
  const settings = {
    ...watched,
    bytesMax: IMAGE_BYTES_MAX,
    accepts: (name: string) => /\.(?:jpe?g|png)$/i.test(name),
  };
  return watchDirectory(
    settings,
    ({ bytes, at }) => {
      const frame = frameOf(bytes, at, camera);
      if (frame !== undefined) events.onFrame(frame);
      return frame !== undefined;
    },
    events,
  );
}

/** Longest silence in the middle of a picture. */
const SILENCE_MS_MAX = 30_000;

export interface PictureSocket extends Camera {
  readonly path: string;
  readonly writers: Writers;
}

/**
 * Pictures by a Unix socket, each behind its length (u32, big endian); dated with the time of arrival. A length beyond the
 * limit, and a picture that does not come to its end, cost the writer its connection: there is no way to find the next one.
 */
export function listenForPictures(
  { path, writers, ...camera }: PictureSocket,
  clock: Clock,
  events: FrameSourceEvents,
): Promise<FrameSource> {
  return listenOnSocket(path, writers, (socket) => {
    const records = splitRecords(IMAGE_BYTES_MAX, (bytes) => {
      const frame = frameOf(bytes, clock.now(), camera);
      if (frame === undefined) events.onMalformed();
      else events.onFrame(frame);
    });
    socket.on('data', (chunk: Buffer) => {
      const isWhole = records.push(chunk);
      if (!isWhole) {
        events.onMalformed();
        socket.destroy();
      }
      socket.setTimeout(records.isWithinRecord() ? SILENCE_MS_MAX : 0);
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('close', () => {
      if (records.isWithinRecord()) events.onMalformed();
    });
  });
}

function frameOf(bytes: Uint8Array, at: Instant, { camera, place }: Camera): RawImage | undefined {
  return imageFormatOf(bytes) === undefined ? undefined : { kind: 'image', at, camera, place, bytes };
}
