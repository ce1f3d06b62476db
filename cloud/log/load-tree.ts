import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { TreeHead } from './checkpoint.ts';
import { type LogFault, logCorrupt } from './faults.ts';
import { type Replay, replayEntries } from './replay.ts';
import { readTileRecords, tilesOf } from './tile-index.ts';

/**
 * The tree of a log, held against its signed head. Full tiles come from the index and only the entries behind them are
 * hashed; where the index does not lead to the signed root, it is left aside and every entry is hashed.
 *
 * @throws the system error of a failed read
 */
export function loadTree(directory: string, fd: number, head: TreeHead): Result<Replay, LogFault> {
  const known = readTileRecords(directory, tilesOf(head.size));
  if (known.length > 0) {
    const quick = replayEntries(fd, head.size, () => undefined, known);
    if (quick.ok && isRoot(quick.value, head)) return quick;
  }
  const whole = replayEntries(fd, head.size, () => undefined);
  if (!whole.ok) return fail(logCorrupt(directory, whole.fault.damage, whole.fault.entry));
  return isRoot(whole.value, head) ? ok(whole.value) : fail(logCorrupt(directory, 'root-differs'));
}

const isRoot = ({ range }: Replay, { rootHash }: TreeHead): boolean => Buffer.compare(range.root(), rootHash) === 0;
