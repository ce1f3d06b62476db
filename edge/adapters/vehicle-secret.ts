import { createHmac } from 'node:crypto';
import type { Wgs84Position } from '../../proto/words/position.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag, type TagRotation } from '../../proto/words/subject.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { dailyTag, type TagAt, tripTag, weeklyTag } from '../stages/tag-subject.ts';

/** Shortest vehicle secret, bytes. A VIN has few unknown characters, so the key carries all of the protection. */
export const VEHICLE_SECRET_BYTES_MIN = 32;

/** What a tag stands on. Cells under a tag of their trip share none with signals, or the two would join. */
export type TagPurpose = 'subject' | 'cell';

/**
 * Tags of one vehicle: HMAC-SHA-256 under the vehicle's own secret over purpose, period and VIN, cut to 16 bytes.
 * Without the secret, nobody can try VINs against a tag, and the tags of two periods cannot be joined.
 *
 * @param rotation - `trip`: ask only with the moment a trip began
 */
export function subjectTags(
  secret: Uint8Array,
  vin: Vin,
  rotation: TagRotation,
  purpose: TagPurpose = 'subject',
): TagAt {
  const derive = (period: string): SubjectTag => {
    const mac = createHmac('sha256', secret).update(`tongguan.v1.${purpose}\0${period}\0${vin}`).digest();
    return new Uint8Array(mac.subarray(0, SUBJECT_TAG_BYTES)) as SubjectTag;
  };
  switch (rotation) {
    case 'trip':
      return tripTag((startedAt) => derive(`trip ${startedAt}`));
    case 'daily':
      return dailyTag((day) => derive(`day ${day}`));
    case 'weekly':
      return weeklyTag((week) => derive(`week ${week}`));
    case 'never': {
      const lasting = derive('always');
      return () => lasting;
    }
  }
}

/**
 * Margins of one vehicle by place, in thousandths of the largest: uniform over places, and for one place nearly the same
 * however often the agent is installed anew, because they follow from the vehicle's secret and change slowly with the
 * place (100 m move one by 5 % or so). A fresh draw at each installation would average out.
 *
 * It is a sum of keyed normal numbers at the corners of a lattice, weighted so that its variance stays 1, and put through
 * the normal distribution.
 */
export function placeMargins(secret: Uint8Array): (position: Wgs84Position) => number {
  const corner = (row: number, column: number): number => {
    const mac = createHmac('sha256', secret).update(`tongguan.v1.margin\0${row}\0${column}`).digest();
    const radius = Math.sqrt(-2 * Math.log((mac.readUInt32BE(0) + 1) / (UINT32 + 1)));
    return radius * Math.cos((2 * Math.PI * mac.readUInt32BE(4)) / UINT32);
  };
  return ({ latitudeMicrodeg, longitudeMicrodeg }) => {
    const [row, column] = [latitudeMicrodeg / LATTICE_MICRODEG, longitudeMicrodeg / LATTICE_MICRODEG];
    const [south, west] = [Math.floor(row), Math.floor(column)];
    const [north, east] = [row - south, column - west];
    const weights = [(1 - north) * (1 - east), (1 - north) * east, north * (1 - east), north * east] as const;
    const normal =
      weights[0] * corner(south, west) +
      weights[1] * corner(south, west + 1) +
      weights[2] * corner(south + 1, west) +
      weights[3] * corner(south + 1, west + 1);
    return MARGIN_PARTS * cumulativeNormal(normal / Math.hypot(...weights));
  };
}

/** What a margin is counted in: thousandths of the largest margin of the policy. */
export const MARGIN_PARTS = 1_000;

/** Some two kilometres: places farther apart have margins that tell nothing of each other. */
const LATTICE_MICRODEG = 20_000;

const UINT32 = 2 ** 32;

/** Abramowitz and Stegun 26.2.17, within 7.5e-8. */
function cumulativeNormal(value: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(value));
  const tail =
    (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return value > 0 ? 1 - tail : tail;
}
