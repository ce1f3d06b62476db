import { createHmac } from 'node:crypto';
import type { TagRotation } from '../../proto/words/subject.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag } from '../../proto/words/subject.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { dailyTag, type TagAt } from '../stages/tag-subject.ts';

/** Shortest vehicle secret, bytes. A VIN has few unknown characters, so the key carries all of the protection. */
export const VEHICLE_SECRET_BYTES_MIN = 32;

/**
 * Tags of one vehicle: HMAC-SHA-256 under the vehicle's own secret over purpose, period and VIN, cut to 16 bytes.
 * Without the secret, nobody can try VINs against a tag, and the tags of two days cannot be joined.
 */
export function subjectTags(secret: Uint8Array, vin: Vin, rotation: TagRotation): TagAt {
  const derive = (period: string): SubjectTag => {
    const mac = createHmac('sha256', secret).update(`tongguan.v1.subject\0${period}\0${vin}`).digest();
    return new Uint8Array(mac.subarray(0, SUBJECT_TAG_BYTES)) as SubjectTag;
  };
  if (rotation === 'daily') return dailyTag((day) => derive(`day ${day}`));
  const lasting = derive('always');
  return () => lasting;
}
