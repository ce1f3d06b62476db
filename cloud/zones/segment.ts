import { createHash } from 'node:crypto';
import type { Zone } from '../../proto/words/data-class.ts';
import type { SegmentHead } from '../ports/zone-store.ts';

/** Frames of one segment: few enough to be opened together, many enough that a cipher's start costs little. */
export const SEGMENT_RECORDS_MAX = 1_024;

export function associatedData(zone: Zone, head: SegmentHead, pathsDigest: string): Buffer {
  const { key, number, deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths } = head;
  return Buffer.from(
    `tongguan.v1.segment\0${zone}\0${key}\0${number}\0${deviceNumber}\0${epoch}\0${retention}\0${kind}\0${day}` +
      `\0${first}\0${last}\0${count}\0${gaps ?? ''}\0${paths}\0${pathsDigest}`,
  );
}

export const OWN_PATHS = -1;

/** Sequences, strictly ascending, as a segment's head says them. */
export function sequencesOf({ first, count, gaps }: Pick<SegmentHead, 'first' | 'count' | 'gaps'>): readonly number[] {
  if (gaps === null) {
    const run: number[] = [];
    for (let at = 0; at < count; at += 1) run.push(first + at);
    return run;
  }
  const steps = JSON.parse(gaps) as readonly number[];
  const sequences = [first];
  for (const step of steps) sequences.push((sequences.at(-1) ?? first) + step);
  return sequences;
}

export function gapsOf(sequences: readonly number[]): string | null {
  const steps = sequences.slice(1).map((sequence, at) => sequence - (sequences[at] ?? 0));
  return steps.every((step) => step === 1) ? null : JSON.stringify(steps);
}

/** The frames' bytes one after the other, each behind its length in four bytes; before them a list of paths, if any. */
export function packFrames(bodies: readonly Uint8Array[], ownPaths: readonly string[] | undefined): Buffer {
  const parts: readonly Uint8Array[] =
    ownPaths === undefined ? bodies : [Buffer.from(JSON.stringify(ownPaths)), ...bodies];
  let bytes = 0;
  for (const part of parts) bytes += LENGTH_BYTES + part.length;
  const packed = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const part of parts) {
    packed.writeUInt32BE(part.length, at);
    packed.set(part, at + LENGTH_BYTES);
    at += LENGTH_BYTES + part.length;
  }
  return packed;
}

export function unpackFrames(
  packed: Buffer,
  hasOwnPaths: boolean,
): { readonly bodies: readonly Buffer[]; readonly ownPaths: readonly string[] | undefined } {
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const length = packed.readUInt32BE(at);
    parts.push(packed.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
    at += LENGTH_BYTES + length;
  }
  if (!hasOwnPaths) return { bodies: parts, ownPaths: undefined };
  const [list, ...bodies] = parts;
  return { bodies, ownPaths: JSON.parse(String(list)) as string[] };
}

const LENGTH_BYTES = 4;

/** Digest of a growing list: that of n paths follows from that of n - 1, and so a seal holds the list it was made with. */
export function nextPathsDigest(before: string, path: string): string {
  return createHash('sha256').update(`${before}\0${path}`).digest('base64');
}

export const NO_PATHS_DIGEST = '';
