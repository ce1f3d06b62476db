import type { Step } from '../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { RejectionCode } from '../../ingest/rejections.ts';
import type { Sender } from '../../ports/device-register.ts';
import { ENCRYPTION_BITS, type JtFrame } from '../jt808/frame.ts';
import type { Fields } from '../value.ts';
import { claimSteps } from './claims.ts';
import { RESULT } from './jt-answer.ts';
import type { Conversation } from './jt-conversation.ts';
import { isClaimed } from './jt-records.ts';
import type { Outcome } from './session.ts';

/** Why a frame is refused and forgotten, and what is answered; nothing is where the frame cannot be believed at all. */
export interface JtDoubt {
  readonly outcome: Outcome;
  readonly result: number | undefined;
}

/** What is wrong with a frame before anybody looks who sent it. */
export function doubtOfJtForm({ isChecksumGood, isLengthGood, properties }: JtFrame): JtDoubt | undefined {
  if (!isChecksumGood) return { outcome: 'refused-checksum', result: undefined };
  if (!isLengthGood) return { outcome: 'refused-length', result: RESULT.wrong };
  return (properties & ENCRYPTION_BITS) === 0
    ? undefined
    : { outcome: 'refused-encrypted', result: RESULT.unsupported };
}

/** How far the clock of a terminal may run ahead: as far as a vehicle's. */
const AHEAD_MS_MAX = 600_000;

export const doubtOfTime = (at: Instant, now: Instant): RejectionCode | undefined =>
  at > now + AHEAD_MS_MAX ? 'TIME_IN_FUTURE' : undefined;

/** What goes on record of a position that its terminal says was processed. */
export function claimsOf({ parts }: Conversation, position: Fields, bound: Sender, at: Instant): readonly Step[] {
  return isClaimed(position) ? claimSteps(bound, parts.adapters, at, parts.clock.now()) : [];
}
