import { fail, ok, type Result } from '../words/result.ts';
import { type CodecFault, messageCodec } from './schema.ts';

/** The software of one ECU; units and limits stand in proto/schema/update.proto. */
export interface UpdatePackage {
  readonly ecu: string;
  readonly version: number;
  readonly label: string;
  readonly sizeBytes: number;
  readonly imageSha256: Uint8Array;
  /** SHA-256 of each piece, in order, one after the other. */
  readonly piecesSha256: Uint8Array;
  readonly sourceTreeSha256: Uint8Array;
}

/** When and under what conditions vehicles may install one package. */
export interface UpdateCampaign {
  readonly id: string;
  readonly packageSha256: Uint8Array;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly windowFromMinute: number;
  readonly windowUntilMinute: number;
  readonly chargeMinPercent: number;
}

export interface SignedUpdatePackage {
  readonly package: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedUpdateCampaign {
  readonly campaign: Uint8Array;
  readonly signature: Uint8Array;
}

/** A campaign as it is told to one vehicle. */
export interface UpdateOffer {
  readonly package: SignedUpdatePackage;
  readonly campaign: SignedUpdateCampaign;
  readonly assignment: Uint8Array;
}

export interface UpdatePiece {
  readonly campaignSha256: Uint8Array;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** A campaign that is over for whoever has not begun to install it. */
export interface UpdateStop {
  readonly campaignSha256: Uint8Array;
  readonly signature: Uint8Array;
}

/** One message of the downlink. */
export type UpdateDownlink =
  | { readonly kind: 'offer'; readonly offer: UpdateOffer }
  | { readonly kind: 'piece'; readonly piece: UpdatePiece }
  | { readonly kind: 'stop'; readonly stop: UpdateStop };

export type UpdateAsk = Omit<UpdatePiece, 'bytes'>;

/** Bytes of a piece, but for the last one of an image: with its envelope it fits into one payload. */
export const PIECE_BYTES = 49_152;
export const PIECES_MAX = 1_024;
export const IMAGE_BYTES_MAX = PIECE_BYTES * PIECES_MAX;
export const SHA256_BYTES = 32;

const updatePackage = messageCodec('UpdatePackage');
const signedUpdatePackage = messageCodec('SignedUpdatePackage');
const updateCampaign = messageCodec('UpdateCampaign');
const signedUpdateCampaign = messageCodec('SignedUpdateCampaign');
const updateDownlink = messageCodec('UpdateDownlink');
const updateAsk = messageCodec('UpdateAsk');

export const encodeUpdatePackage = (of: UpdatePackage): Uint8Array => updatePackage.encode(of);
export const encodeSignedUpdatePackage = (of: SignedUpdatePackage): Uint8Array => signedUpdatePackage.encode(of);
export const encodeUpdateCampaign = (of: UpdateCampaign): Uint8Array => updateCampaign.encode(of);
export const encodeSignedUpdateCampaign = (of: SignedUpdateCampaign): Uint8Array => signedUpdateCampaign.encode(of);
export const encodeUpdateAsk = (of: UpdateAsk): Uint8Array => updateAsk.encode(of);

export function encodeUpdateDownlink(of: UpdateDownlink): Uint8Array {
  const { kind, ...one } = of;
  return updateDownlink.encode(one);
}

/** A package whose pieces are not those of its size is none. */
export function decodeUpdatePackage(bytes: Uint8Array): Result<UpdatePackage, CodecFault> {
  const decoded = updatePackage.decodePlain(bytes) as Result<UpdatePackage, CodecFault>;
  if (!decoded.ok) return decoded;
  const { sizeBytes, piecesSha256 } = decoded.value;
  const pieces = Math.ceil(sizeBytes / PIECE_BYTES);
  const isWhole = sizeBytes > 0 && piecesSha256.length === pieces * SHA256_BYTES;
  return isWhole ? decoded : fail({ code: 'CODEC_SYNTAX', where: 'UpdatePackage.pieces_sha256' });
}

export function decodeSignedUpdatePackage(bytes: Uint8Array): Result<SignedUpdatePackage, CodecFault> {
  return signedUpdatePackage.decodePlain(bytes) as Result<SignedUpdatePackage, CodecFault>;
}

export function decodeUpdateCampaign(bytes: Uint8Array): Result<UpdateCampaign, CodecFault> {
  return updateCampaign.decodePlain(bytes) as Result<UpdateCampaign, CodecFault>;
}

export function decodeSignedUpdateCampaign(bytes: Uint8Array): Result<SignedUpdateCampaign, CodecFault> {
  return signedUpdateCampaign.decodePlain(bytes) as Result<SignedUpdateCampaign, CodecFault>;
}

export function decodeUpdateAsk(bytes: Uint8Array): Result<UpdateAsk, CodecFault> {
  return updateAsk.decodePlain(bytes) as Result<UpdateAsk, CodecFault>;
}

/** Whether bytes begin as an UpdateDownlink does; no acknowledgement and no policy bundle does. */
export const isUpdateDownlink = (bytes: Uint8Array): boolean => DOWNLINK_TAGS.has(bytes[0] ?? 0);

/** Fields 10, 11 and 12, of bytes. */
const DOWNLINK_TAGS: ReadonlySet<number> = new Set([0x52, 0x5a, 0x62]);

interface WireDownlink {
  readonly offer: Partial<UpdateOffer> | null;
  readonly piece: UpdatePiece | null;
  readonly stop: UpdateStop | null;
}

/** Exactly one of an offer, with all of its parts, a piece and a stop. */
export function decodeUpdateDownlink(bytes: Uint8Array): Result<UpdateDownlink, CodecFault> {
  const decoded = updateDownlink.decodePlain(bytes);
  if (!decoded.ok) return decoded;
  const { offer, piece, stop } = decoded.value as WireDownlink;
  if (piece && !offer && !stop) return ok({ kind: 'piece', piece });
  if (stop && !offer && !piece) return ok({ kind: 'stop', stop });
  if (offer?.package && offer.campaign && offer.assignment && !piece && !stop)
    return ok({ kind: 'offer', offer: offer as UpdateOffer });
  return fail({ code: 'CODEC_SYNTAX', where: 'UpdateDownlink' });
}

/** SHA-256 of one piece, as a package has it; undefined past the last. */
export function pieceDigest(
  { piecesSha256 }: Pick<UpdatePackage, 'piecesSha256'>,
  index: number,
): Uint8Array | undefined {
  const from = index * SHA256_BYTES;
  return from + SHA256_BYTES <= piecesSha256.length ? piecesSha256.subarray(from, from + SHA256_BYTES) : undefined;
}

export const piecesOf = ({ piecesSha256 }: Pick<UpdatePackage, 'piecesSha256'>): number =>
  piecesSha256.length / SHA256_BYTES;

/** What is signed to give a campaign to one vehicle. @param device - 32 hexadecimal digits */
export function assignmentBytes(campaignSha256: Uint8Array, device: string): Uint8Array {
  return Buffer.concat([campaignSha256, Buffer.from(device, 'hex')]);
}
