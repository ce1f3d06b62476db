/**
 * How a parcel is sealed to its recipient. `jwe-aes256gcm`: international algorithms; the content key is a JWE (RFC 7516).
 * `sm2-sm4`: commercial cryptography of the mainland, SM2 (GB/T 32918), SM3 (GB/T 32905) and SM4 (GB/T 32907) throughout.
 */
export const SEAL_PROFILES = ['jwe-aes256gcm', 'sm2-sm4'] as const;

export type SealProfile = (typeof SEAL_PROFILES)[number];

/** Plaintext of one segment; the last of a file may be shorter, and is there even when it is empty. */
export const SEGMENT_BYTES = 65_536;

/** What one segment grows by. */
export const TAG_BYTES: Readonly<Record<SealProfile, number>> = { 'jwe-aes256gcm': 16, 'sm2-sm4': 32 };

/** A content key is drawn for one parcel and one recipient, and for nothing else. */
export const CONTENT_KEY_BYTES = 32;

export const ENVELOPE_NAME = 'envelope.json';
/** Ed25519 over the bytes of the envelope, by the cloud's permit key: 64 bytes. */
export const SIGNATURE_NAME = 'envelope.sig';
/** SM2 with SM3 over the same bytes, DER; only in profile `sm2-sm4`. */
export const SM2_SIGNATURE_NAME = 'envelope.sm2sig';
export const SEALED_SUFFIX = '.sealed';

/** Bytes of a file once it is sealed. */
export function sealedLength(profile: SealProfile, bytes: number): number {
  return bytes + TAG_BYTES[profile] * segmentsOf(bytes);
}

export function segmentsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / SEGMENT_BYTES));
}
