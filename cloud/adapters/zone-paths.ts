import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { NO_PATHS_DIGEST, nextPathsDigest } from '../zones/segment.ts';
import type { StoreDatabase } from './open-database.ts';

/**
 * Paths in the zone's list, as far as the schema lets a reading count. VSS has some thousand; a vehicle that makes up
 * paths would otherwise stop the zone for all. Past the limit a segment carries a list of its own.
 */
export const PATHS_MAX = 65_536;

/** The paths that the frames of one zone count in. They are no secret: sealed is which of them a frame holds. */
export interface ZonePaths {
  readonly byPath: Map<string, number>;
  readonly list: () => readonly string[];
  /** Takes in what another process wrote since; for who reads beside the writer. */
  readonly refresh: () => void;
  readonly hasRoomFor: (contents: readonly FrameContent[]) => boolean;
  /** Digest of the first so many, base64. */
  readonly digest: (count: number) => string;
  /** Writes what the map grew by; inside the transaction of the records that use it. */
  readonly save: () => void;
  /** That transaction is durable. */
  readonly saved: () => void;
}

export function zonePaths(database: StoreDatabase): ZonePaths {
  const select = database.prepare('SELECT id, path FROM path WHERE id >= ? ORDER BY id');
  const byPath = new Map<string, number>();
  const refresh = (): void => {
    for (const { id, path } of select.all(byPath.size) as { id: number; path: string }[]) byPath.set(path, id);
  };
  refresh();
  const digests: string[] = [NO_PATHS_DIGEST];
  let durable = byPath.size;
  let digested: readonly string[] = [];
  const insert = database.readonly ? undefined : database.prepare('INSERT OR IGNORE INTO path VALUES (?, ?)');
  return {
    byPath,
    list: () => [...byPath.keys()],
    refresh,
    hasRoomFor: (contents) => {
      let readings = 0;
      for (const content of contents) if (content.kind === 'signals') readings += content.signals.length;
      if (byPath.size + readings <= PATHS_MAX) return true;
      return contents.every(
        (content) => content.kind !== 'signals' || content.signals.every(({ path }) => byPath.has(path)),
      );
    },
    digest: (count) => {
      // The list is looked at only when it grew: copying it for each segment would cost more than the seal.
      if (count >= digests.length) digested = [...byPath.keys()];
      while (digests.length <= count)
        digests.push(nextPathsDigest(digests.at(-1) ?? NO_PATHS_DIGEST, digested[digests.length - 1] ?? ''));
      return digests[count] ?? NO_PATHS_DIGEST;
    },
    save: () => {
      if (byPath.size === durable) return;
      for (const [path, id] of byPath) if (id >= durable) insert?.run(id, path);
    },
    saved: () => {
      durable = byPath.size;
    },
  };
}
