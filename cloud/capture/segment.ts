import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { giveBack } from '../../proto/words/give-back.ts';
import { KEY_BYTES, openSealed, publicKeyDigest, sealInto, sealTo, unseal } from '../zones/envelope.ts';
import { EMPTY_TALLY, type Tally } from './tally.ts';

/**
 * A segment is a file: a line of JSON, then blocks. Its data key is sealed to the capture's public key and known to the writer
 * only while it writes; each block is sealed under it with its number. The line and the head of each block are in clear, so that
 * what was not finished can be closed by somebody who cannot read it, and are covered by the seals.
 */
export const SegmentHead = z.strictObject({
  segment: z.literal(1),
  /** Index of the connection's opening entry in the traffic log. */
  connection: z.int().min(0),
  /** From 1. */
  part: z.int().min(1),
  transferId: z.string().max(64),
  initiator: z.enum(['own', 'peer']),
  ownIp: z.string().max(64),
  ownPort: z.int().min(0).max(65_535),
  peerIp: z.string().max(64),
  peerPort: z.int().min(0).max(65_535),
  /** SHA-256 in hex of the segment before; of the first, the head of the chain of connections when it was begun. */
  previous: z.string().length(64),
  /** Of the public key that the data key is sealed to. */
  sealedTo: z.string().length(64),
  key: z.string().max(256),
});

export type SegmentHead = z.infer<typeof SegmentHead>;

/** Of a line, its end included. A block follows at once. */
export const SEGMENT_HEAD_BYTES_MAX = 2_048;

/** Plain bytes of one block; one write to the disk. */
export const BLOCK_BYTES_MAX = 2_097_152;

/** Length of the seal, number of the block, then the tally up to and with it. */
export const BLOCK_HEAD_BYTES = 4 + 4 + 8 * 6;

const SEAL_BYTES = 16;

/** The longest block there is, head and all. */
export const BLOCK_ROOM_BYTES = BLOCK_HEAD_BYTES + BLOCK_BYTES_MAX + SEAL_BYTES;

const CONTEXT = 'capture-segment';

/** Seals the data key of a segment for whoever may read captures. @param key - 32 bytes of chance, used for one segment */
export function sealSegmentKey(publicKey: KeyObject, key: Uint8Array): Pick<SegmentHead, 'sealedTo' | 'key'> {
  return {
    sealedTo: publicKeyDigest(publicKey).toString('hex'),
    key: sealTo(publicKey, CONTEXT, key).toString('base64'),
  };
}

/** @param agree - X25519 of the private half of `publicKey` */
export function openSegmentKey(
  head: SegmentHead,
  publicKey: KeyObject,
  agree: (theirs: KeyObject) => Uint8Array | undefined,
): Buffer | undefined {
  const key = openSealed(agree, publicKey, CONTEXT, Buffer.from(head.key, 'base64'));
  return key?.length === KEY_BYTES ? key : undefined;
}

export function encodeHead(head: SegmentHead): Buffer {
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

/** @param start - of the file, as much as the longest head */
export function decodeHead(start: Buffer): { readonly head: SegmentHead; readonly line: Buffer } | undefined {
  const end = start.indexOf(0x0a);
  if (end < 0 || end >= SEGMENT_HEAD_BYTES_MAX) return undefined;
  try {
    const parsed = SegmentHead.safeParse(JSON.parse(start.subarray(0, end).toString('utf8')));
    return parsed.success ? { head: parsed.data, line: Buffer.from(start.subarray(0, end + 1)) } : undefined;
  } catch {
    return undefined;
  }
}

export interface SegmentKey {
  readonly key: Uint8Array;
  /** SHA-256 of the line of JSON. */
  readonly headDigest: Uint8Array;
}

/**
 * One block, head and all.
 *
 * @param tally - of the connection once these events have happened
 * @param plain - the events, encoded, in parts
 * @param room - of `BLOCK_ROOM_BYTES`, in which the block is made
 */
export function sealBlock(
  { key, headDigest }: SegmentKey,
  number: number,
  tally: Tally,
  plain: readonly Uint8Array[],
  room: Buffer,
): Buffer {
  const sealedBytes = plain.reduce((sum, part) => sum + part.length, SEAL_BYTES);
  const block = room.subarray(0, BLOCK_HEAD_BYTES + sealedBytes);
  const head = block.subarray(0, BLOCK_HEAD_BYTES);
  head.writeUInt32BE(sealedBytes, 0);
  head.writeUInt32BE(number, 4);
  for (const [at, field] of TALLY_FIELDS.entries()) head.writeUIntBE(tally[field], 8 + at * 6, 6);
  const associated = Buffer.concat([headDigest, head]);
  sealInto(block.subarray(BLOCK_HEAD_BYTES), { key, number, associated }, plain, giveBack);
  return block;
}

export interface BlockHead {
  readonly sealedBytes: number;
  readonly number: number;
  readonly tally: Tally;
}

export function decodeBlockHead(head: Buffer): BlockHead | undefined {
  if (head.length < BLOCK_HEAD_BYTES) return undefined;
  const sealedBytes = head.readUInt32BE(0);
  if (sealedBytes > BLOCK_BYTES_MAX + SEAL_BYTES || sealedBytes < SEAL_BYTES) return undefined;
  const tally: { -readonly [Key in keyof Tally]: number } = { ...EMPTY_TALLY };
  for (const [at, field] of TALLY_FIELDS.entries()) tally[field] = head.readUIntBE(8 + at * 6, 6);
  return { sealedBytes, number: head.readUInt32BE(4), tally };
}

/** The events of a block, or undefined when it is not as it was written. */
export function openBlock({ key, headDigest }: SegmentKey, head: Buffer, sealed: Buffer): Buffer | undefined {
  return unseal(key, head.readUInt32BE(4), Buffer.concat([headDigest, head]), sealed);
}

export function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

const TALLY_FIELDS = [
  'startMs',
  'endMs',
  'bytesSent',
  'bytesReceived',
  'packetsSent',
  'packetsReceived',
  'frameBytesSent',
  'frameBytesReceived',
] as const satisfies readonly (keyof Tally)[];

const CONNECTION_DIGITS = 12;
const PART_DIGITS = 5;

/** Names neither recipient nor transfer. */
export function segmentFile(connection: number, part: number): string {
  return `${String(connection).padStart(CONNECTION_DIGITS, '0')}-${String(part).padStart(PART_DIGITS, '0')}.segment`;
}

export function partOfFile(name: string): { readonly connection: number; readonly part: number } | undefined {
  const [, connection, part] = /^(\d{12})-(\d{5})\.segment$/.exec(name) ?? [];
  return connection === undefined ? undefined : { connection: Number(connection), part: Number(part) };
}
