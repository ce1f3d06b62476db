import { createHash } from 'node:crypto';
import {
  encodeUpdateAsk,
  PIECE_BYTES,
  pieceDigest,
  piecesOf,
  type UpdatePackage,
  type UpdatePiece,
} from '../../proto/codec/update-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { ImageFile } from '../ports/image-file.ts';
import { digestOf } from './accept-offer.ts';

/** Brings an image together, one piece at a time. What is on the disk already is found by its hash, whatever happened before. */
export interface Download {
  /** Asks for the next piece that is missing, unless one is on its way. Gives whether all of them are there. */
  readonly pump: (now: Instant) => boolean;
  /** Takes a piece that was asked for; anything else changes nothing. @throws the system's error when it cannot be written */
  readonly take: (piece: UpdatePiece) => PieceOutcome;
  /** The connection is gone, and with it what was asked for. */
  readonly forget: () => void;
}

export type PieceOutcome = 'taken' | 'not-asked' | 'differs';

/** An answer that takes longer does not come any more. */
const ANSWER_MS_MAX = 30_000;
/** Pieces on the disk that are hashed in one go. */
const HASHED_AT_ONCE = 64;

export function createDownload(
  of: UpdatePackage,
  campaignSha256: Uint8Array,
  image: ImageFile,
  ask: (bytes: Uint8Array) => void,
): Download {
  let next = 0;
  let asked: { readonly index: number; readonly at: Instant } | undefined;
  const isThere = (index: number): boolean => {
    const bytes = image.read(index, pieceBytes(of, index));
    return bytes !== undefined && isPiece(of, index, bytes);
  };
  return {
    pump: (now) => {
      for (let looked = 0; looked < HASHED_AT_ONCE && next < piecesOf(of); looked += 1) {
        if (!isThere(next)) break;
        next += 1;
      }
      if (next >= piecesOf(of)) return true;
      const isWaiting = asked?.index === next && Math.abs(now - asked.at) < ANSWER_MS_MAX;
      if (!isWaiting && !isThere(next)) {
        asked = { index: next, at: now };
        ask(encodeUpdateAsk({ campaignSha256, index: next }));
      }
      return false;
    },
    take: ({ campaignSha256: from, index, bytes }) => {
      if (Buffer.compare(from, campaignSha256) !== 0 || index !== asked?.index) return 'not-asked';
      asked = undefined;
      if (!isPiece(of, index, bytes)) return 'differs';
      image.write(index, bytes);
      return 'taken';
    },
    forget: () => {
      asked = undefined;
    },
  };
}

/** Whether what lies on the disk is the image, from its first byte to its last. */
export function isWhole(of: UpdatePackage, image: ImageFile): boolean {
  image.settle(of.sizeBytes);
  const hash = createHash('sha256');
  for (let index = 0; index < piecesOf(of); index += 1) {
    const bytes = image.read(index, pieceBytes(of, index));
    if (bytes === undefined) return false;
    hash.update(bytes);
  }
  return Buffer.compare(hash.digest(), of.imageSha256) === 0;
}

/** Bytes of one piece: the last is what is left. */
const pieceBytes = ({ sizeBytes }: UpdatePackage, index: number): number =>
  Math.min(PIECE_BYTES, sizeBytes - index * PIECE_BYTES);

function isPiece(of: UpdatePackage, index: number, bytes: Uint8Array): boolean {
  const digest = pieceDigest(of, index);
  return (
    digest !== undefined && bytes.length === pieceBytes(of, index) && Buffer.compare(digestOf(bytes), digest) === 0
  );
}
