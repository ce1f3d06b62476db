import type { Brand } from './result.ts';

/**
 * Keyed pseudonym that stands for a VIN: 16 bytes of HMAC-SHA-256. De-identified, not anonymised: still personal
 * information (PIPL art. 73), because whoever holds the key or the device register can restore the link.
 */
export type SubjectTag = Brand<Uint8Array, 'SubjectTag'>;

export const SUBJECT_TAG_BYTES = 16;

/** How long one tag stands for one vehicle. `fleet` rotates by day; the figures stand in docs/adr/0008. */
export type TagRotation = 'trip' | 'daily' | 'weekly' | 'never';
