import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionCapture } from '../../capture/capture-record.ts';
import {
  BLOCK_HEAD_BYTES,
  decodeBlockHead,
  decodeHead,
  partOfFile,
  SEGMENT_HEAD_BYTES_MAX,
  type SegmentHead,
} from '../../capture/segment.ts';
import { EMPTY_TALLY, type Tally } from '../../capture/tally.ts';
import { cutBack } from '../../log/entry-file.ts';
import { readAt } from '../../log/read-at.ts';
import type { FinishedSegment } from './segment-writer.ts';

/** Segment files by connection, parts in order. */
export function segmentFiles(directory: string): ReadonlyMap<number, readonly string[]> {
  const files = new Map<number, string[]>();
  for (const name of readdirSync(directory).sort()) {
    const part = partOfFile(name);
    if (part === undefined) continue;
    const names = files.get(part.connection) ?? [];
    files.set(part.connection, [...names, name]);
  }
  return files;
}

/**
 * What a process that was killed left of a connection, as an entry for the list. Nothing of it can be read here: heads of blocks are
 * in clear and say how far it came. A block that is not whole is cut off; its bytes were not sent, for it was not durable.
 *
 * @returns undefined when not even one block is there: then nothing was sent either
 * @throws the system's error
 */
export function salvage(directory: string, names: readonly string[]): Omit<ConnectionCapture, 'previous'> | undefined {
  const segments: FinishedSegment[] = [];
  let head: SegmentHead | undefined;
  let tally = EMPTY_TALLY;
  for (const name of names) {
    const read = readSegment(join(directory, name));
    if (read === undefined) break;
    head ??= read.head;
    tally = read.tally;
    segments.push(read.segment);
  }
  if (head === undefined) return undefined;
  const { connection, transferId, initiator, ownIp, ownPort, peerIp, peerPort } = head;
  const ends = { initiator, ownIp, ownPort, peerIp, peerPort };
  return { kind: 'connection', connection, transferId, ...ends, ...tally, segments, isWhole: false };
}

interface ReadSegment {
  readonly head: SegmentHead;
  readonly tally: Tally;
  readonly segment: FinishedSegment;
}

function readSegment(path: string): ReadSegment | undefined {
  const fd = openSync(path, constants.O_RDWR | constants.O_DSYNC);
  try {
    const start = readAt(fd, 0, SEGMENT_HEAD_BYTES_MAX);
    const decoded = decodeHead(start);
    if (decoded === undefined) return undefined;
    const hash = createHash('sha256').update(decoded.line);
    const { size } = fstatSync(fd);
    let bytes = decoded.line.length;
    let tally: Tally | undefined;
    for (;;) {
      const head = readAt(fd, bytes, BLOCK_HEAD_BYTES);
      const block = decodeBlockHead(head);
      const end = bytes + BLOCK_HEAD_BYTES + (block?.sealedBytes ?? 0);
      if (block === undefined || end > size) break;
      hash.update(head).update(readAt(fd, bytes + BLOCK_HEAD_BYTES, block.sealedBytes));
      ({ tally } = block);
      bytes = end;
    }
    if (tally === undefined) return undefined;
    if (bytes < size) cutBack(fd, bytes);
    return { head: decoded.head, tally, segment: { sha256: hash.digest('hex'), bytes } };
  } finally {
    closeSync(fd);
  }
}
