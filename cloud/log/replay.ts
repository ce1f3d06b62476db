import { fail, ok, type Result } from '../../proto/words/result.ts';
import { walkFrames } from './entry-file.ts';
import type { Damage } from './faults.ts';
import { type CompactRange, emptyRange, leafHash } from './merkle.ts';

/** The tree over the first entries of a file. */
export interface Replay {
  readonly range: CompactRange;
  /** End of the last of them, in bytes from the start of the file. */
  readonly bytes: number;
}

export interface ReplayFault {
  readonly damage: Damage;
  /** Index of the first entry that is not there whole. */
  readonly entry: number;
}

/**
 * Hashes the first `size` entries of a file into a tree; memory does not grow with the file.
 *
 * @param visit - sees each leaf, a view that is overwritten afterwards, and the offset at which its entry begins
 * @throws the system error of a failed read
 */
export function replayEntries(
  fd: number,
  size: number,
  visit: (entry: { readonly index: number; readonly offset: number; readonly leaf: Uint8Array }) => void,
): Result<Replay, ReplayFault> {
  const range = emptyRange();
  let bytes = 0;
  if (size === 0) return ok({ range, bytes });
  for (const frame of walkFrames(fd, 0)) {
    const index = range.size();
    if (frame.kind === 'cut') break;
    if (frame.kind === 'malformed') return fail({ damage: 'entry-framing', entry: index });
    visit({ index, offset: bytes, leaf: frame.leaf });
    range.push(leafHash(frame.leaf));
    bytes = frame.end;
    if (range.size() === size) return ok({ range, bytes });
  }
  return fail({ damage: 'entries-short', entry: range.size() });
}
