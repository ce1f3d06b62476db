import type { Microdeg, Wgs84Position } from '../words/position.ts';
import { fail, ok, type Result } from '../words/result.ts';
import { type CodecFault, messageCodec } from './schema.ts';

export interface SignedFenceSet {
  readonly set: Uint8Array;
  readonly signature: Uint8Array;
}

/** Corners of a polygon in order, the first not repeated. */
export type Ring = readonly Wgs84Position[];

/** Sensitive areas and decoys, in no order; units and limits stand in proto/schema/control.proto. */
export interface FenceSet {
  readonly id: string;
  readonly version: number;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly decoysPerFence: number;
  readonly fences: readonly Ring[];
}

export const FENCES_MAX = 10_000;
export const RING_CORNERS_MAX = 512;
const RING_CORNERS_MIN = 3;

/** With fewer decoys than this a fence is found from the hole it leaves, so a set with fewer opens nothing (docs/adr/0027). */
export const DECOYS_MIN = 4;

interface WireFenceSet extends Omit<FenceSet, 'fences'> {
  readonly fences: readonly { readonly ring: Uint8Array }[];
}

const signedFenceSet = messageCodec('SignedFenceSet');
const fenceSet = messageCodec('FenceSet');

export function encodeSignedFenceSet(signed: SignedFenceSet): Uint8Array {
  return signedFenceSet.encode(signed);
}

export function decodeSignedFenceSet(bytes: Uint8Array): Result<SignedFenceSet, CodecFault> {
  return signedFenceSet.decodePlain(bytes) as Result<SignedFenceSet, CodecFault>;
}

export function encodeFenceSet(set: FenceSet): Uint8Array {
  return fenceSet.encode({ ...set, fences: set.fences.map((ring) => ({ ring: ringBytes(ring) })) });
}

export function decodeFenceSet(bytes: Uint8Array): Result<FenceSet, CodecFault> {
  const decoded = fenceSet.decodePlain(bytes);
  if (!decoded.ok) return decoded;
  const wire = decoded.value as WireFenceSet;
  const fences: Ring[] = [];
  for (const { ring } of wire.fences) {
    const corners = ringOf(ring);
    if (corners === undefined) return fail({ code: 'CODEC_SYNTAX', where: 'FenceSet.fences' });
    fences.push(corners);
  }
  return ok({ ...wire, fences });
}

const CORNER_BYTES = 8;

function ringBytes(ring: Ring): Uint8Array {
  const bytes = Buffer.alloc(ring.length * CORNER_BYTES);
  for (const [index, { latitudeMicrodeg, longitudeMicrodeg }] of ring.entries()) {
    bytes.writeUInt32BE(latitudeMicrodeg, index * CORNER_BYTES);
    bytes.writeUInt32BE(longitudeMicrodeg, index * CORNER_BYTES + 4);
  }
  return bytes;
}

/** Undefined for bytes that are no polygon with corners on Earth. */
function ringOf(bytes: Uint8Array): Ring | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length % CORNER_BYTES !== 0 || view.length < RING_CORNERS_MIN * CORNER_BYTES) return undefined;
  const corners: Wgs84Position[] = [];
  for (let at = 0; at < view.length; at += CORNER_BYTES) {
    const [latitude, longitude] = [view.readUInt32BE(at), view.readUInt32BE(at + 4)];
    if (latitude > LATITUDE_MAX || longitude > LONGITUDE_MAX) return undefined;
    corners.push({
      datum: 'WGS-84',
      latitudeMicrodeg: latitude as Microdeg,
      longitudeMicrodeg: longitude as Microdeg,
    });
  }
  return corners;
}

const LATITUDE_MAX = 90_000_000;
const LONGITUDE_MAX = 180_000_000;
