import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { SEGMENT_BYTES, type SealProfile, TAG_BYTES } from './profile.ts';

/** Which file of which parcel; its segments fit nowhere else. */
export interface SealedPlace {
  readonly profile: SealProfile;
  readonly transferId: string;
  /** Of the file before it was sealed. */
  readonly name: string;
}

/**
 * Segments of one file, in the manner of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): number and last-flag are in the
 * nonce, so that none can be moved, left out, repeated or cut off at the end.
 */
export interface SegmentCipher {
  readonly seal: (index: number, isLast: boolean, plain: Uint8Array) => Buffer;
  /** Undefined for a segment that is not genuine at this place. */
  readonly open: (index: number, isLast: boolean, sealed: Uint8Array) => Buffer | undefined;
}

export function segmentCipher(contentKey: Uint8Array, place: SealedPlace): SegmentCipher {
  return place.profile === 'sm2-sm4'
    ? smSegments(fileKey(contentKey, place, 48, 'sm3'))
    : gcmSegments(fileKey(contentKey, place, 32, 'sha256'));
}

const CONTEXT = 'tongguan sealed 1';

/** HKDF (RFC 5869) without salt. */
function fileKey(
  contentKey: Uint8Array,
  { profile, transferId, name }: SealedPlace,
  bytes: number,
  hash: string,
): Buffer {
  return Buffer.from(hkdfSync(hash, contentKey, '', `${CONTEXT} ${profile} ${transferId} ${name}`, bytes));
}

/** AES-256-GCM; the key is of one file only, so a counter is a nonce. */
function gcmSegments(key: Buffer): SegmentCipher {
  const tagBytes = TAG_BYTES['jwe-aes256gcm'];
  return {
    seal: (index, isLast, plain) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index, isLast));
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (index, isLast, sealed) => {
      if (!isSegment(sealed, tagBytes)) return undefined;
      const at = sealed.length - tagBytes;
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index, isLast));
      decipher.setAuthTag(sealed.subarray(at));
      const plain = decipher.update(sealed.subarray(0, at));
      try {
        decipher.final();
        return plain;
      } catch {
        return undefined;
      }
    },
  };
}

/** SM4-CTR, then HMAC-SM3 over nonce and ciphertext: OpenSSL 3.0 has no SM4-GCM. Key: 16 bytes for SM4, 32 for the HMAC. */
function smSegments(key: Buffer): SegmentCipher {
  const tagBytes = TAG_BYTES['sm2-sm4'];
  const [cipherKey, macKey] = [key.subarray(0, 16), key.subarray(16)];
  const counterOf = (nonce: Buffer) => Buffer.concat([nonce, Buffer.alloc(4)]);
  const macOf = (nonce: Buffer, text: Uint8Array) => createHmac('sm3', macKey).update(nonce).update(text).digest();
  return {
    seal: (index, isLast, plain) => {
      const nonce = nonceOf(index, isLast);
      const text = createCipheriv('sm4-ctr', cipherKey, counterOf(nonce)).update(plain);
      return Buffer.concat([text, macOf(nonce, text)]);
    },
    open: (index, isLast, sealed) => {
      if (!isSegment(sealed, tagBytes)) return undefined;
      const at = sealed.length - tagBytes;
      const nonce = nonceOf(index, isLast);
      const text = sealed.subarray(0, at);
      if (!timingSafeEqual(macOf(nonce, text), sealed.subarray(at))) return undefined;
      return createDecipheriv('sm4-ctr', cipherKey, counterOf(nonce)).update(text);
    },
  };
}

const isSegment = (sealed: Uint8Array, tagBytes: number): boolean =>
  sealed.length >= tagBytes && sealed.length <= SEGMENT_BYTES + tagBytes;

/** 12 bytes: seven of zero, the number of the segment from 0 (big-endian), 1 for the last one. */
function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
