import { join } from 'node:path';
import type { RawFrame } from '../proto/words/raw-frame.ts';
import type { Instant } from '../proto/words/time.ts';
import { openFeed } from './feed.ts';
import { frameLine } from './frame-line.ts';

/** Where the frames of a fleet go. Vehicles are named by their place in the plan. */
export interface Outlet {
  /** False: not now, offer the same frame again. */
  readonly offer: (vehicle: number, frame: RawFrame) => boolean;
  /** Sends what was offered; resolves when more may be. Nothing leaves before it is called. */
  readonly flush: () => Promise<void>;
  readonly counts: () => OutletCounts;
  /** Time stamp of the vehicle's last frame that left. */
  readonly sentTo: (vehicle: number) => Instant | undefined;
  readonly close: () => Promise<void>;
}

export interface OutletCounts {
  readonly written: number;
  readonly lost: number;
  readonly waiting: number;
}

/** Lines waiting in the whole fleet, and for one vehicle. */
export const FLEET_QUEUE_LINES_MAX = 200_000;
export const VEHICLE_QUEUE_LINES_MAX = 1_024;

const CLOSE_GRACE_MS = 2_000;

/** Each vehicle's lines to `<directory>/<name>.sock`, where its agent listens. */
export function socketOutlet(directory: string, names: readonly string[], onGaveUp: (name: string) => void): Outlet {
  const share = Math.max(2, Math.min(VEHICLE_QUEUE_LINES_MAX, Math.floor(FLEET_QUEUE_LINES_MAX / names.length)));
  const feeds = names.map((name) =>
    openFeed({ path: socketPath(directory, name), queueLinesMax: share, onGaveUp: () => onGaveUp(name) }),
  );
  return {
    offer: (vehicle, frame) => feeds[vehicle]?.offer(frame.at, frameLine(frame)) ?? false,
    flush: async () => {
      for (const feed of feeds) feed.flush();
    },
    counts: () => {
      const sum = { written: 0, lost: 0, waiting: 0 };
      for (const feed of feeds) {
        const { written, lost, waiting } = feed.counts();
        sum.written += written;
        sum.lost += lost;
        sum.waiting += waiting;
      }
      return sum;
    },
    sentTo: (vehicle) => feeds[vehicle]?.counts().sentTo,
    close: async () => {
      await Promise.all(feeds.map((feed) => feed.close(CLOSE_GRACE_MS)));
    },
  };
}

export function socketPath(directory: string, name: string): string {
  return join(directory, `${name}.sock`);
}

/** All vehicles' lines to one stream, each with the key `vehicle`. */
export function streamOutlet(names: readonly string[], write: (text: string) => Promise<void>): Outlet {
  const lines: string[] = [];
  const sentTo: (Instant | undefined)[] = [];
  let written = 0;
  const flush = async () => {
    const batch = lines.splice(0);
    if (batch.length > 0) await write(batch.join(''));
    written += batch.length;
  };
  return {
    offer: (vehicle, frame) => {
      if (lines.length >= STREAM_LINES_MAX) return false;
      lines.push(frameLine(frame, names[vehicle]));
      sentTo[vehicle] = frame.at;
      return true;
    },
    flush,
    counts: () => ({ written, lost: 0, waiting: lines.length }),
    sentTo: (vehicle) => sentTo[vehicle],
    close: flush,
  };
}

/** Lines gathered between two writes to the stream. */
const STREAM_LINES_MAX = 20_000;
