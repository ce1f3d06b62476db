import { decodeFrame, encodeFrame } from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import type { HeldFrame } from '../ports/spool.ts';
import type { SealedFrame } from '../stages/inspect.ts';

/** A held frame as it lies in the file. */
export interface HeldRow {
  readonly id: number;
  readonly not_before: number;
  readonly content: Buffer;
  readonly paths: string;
}

export interface NewHeldRow {
  readonly notBefore: number;
  readonly content: Uint8Array;
  readonly paths: string;
}

export function readHeld(row: HeldRow): HeldFrame {
  const content = decodeFrame(row.content, JSON.parse(row.paths) as string[]);
  assert(content.ok, 'what the spool wrote it can read');
  // It was a sealed frame when it was held; `inspect` made it, and this file only this process writes.
  return { id: row.id, frame: { content: content.value, notBefore: row.not_before } as unknown as SealedFrame };
}

export function heldRowOf({ content, notBefore }: SealedFrame): NewHeldRow {
  const paths = new Map<string, number>();
  const bytes = encodeFrame(content, paths);
  return { notBefore: notBefore ?? 0, content: bytes, paths: JSON.stringify([...paths.keys()]) };
}

export const heldBytesOf = ({ content, paths }: NewHeldRow): number => content.length + Buffer.byteLength(paths);
