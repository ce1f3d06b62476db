import type { Instant } from '../proto/words/time.ts';
import type { Conditions } from './conditions.ts';
import type { Spool } from './ports/spool.ts';

/** When a queue may use the uplink; every rule that is set has to hold. Nothing set: always. */
export interface UploadRule {
  /** Only while the vehicle is known to stand. */
  readonly parked?: boolean | undefined;
  /** Only over a link that is known to cost nothing. */
  readonly unmetered?: boolean | undefined;
  /** Only when so many bytes wait ... */
  readonly minBytes?: number | undefined;
  /** ... or the oldest of them has waited so long, seconds. */
  readonly maxDelay?: number | undefined;
}

/** Whether a queue may send now. What is not known does not hold. */
export function mayUpload(rule: UploadRule | undefined, spool: Spool, conditions: Conditions, now: Instant): boolean {
  if (rule === undefined) return true;
  if (rule.parked === true && !conditions.isParked()) return false;
  if (rule.unmetered === true && !conditions.isUnmetered()) return false;
  if (rule.minBytes === undefined) return true;
  const { bytes, oldestAt } = spool.waiting();
  if (bytes >= rule.minBytes) return true;
  const waitedMs = oldestAt === undefined ? 0 : now - oldestAt;
  return rule.maxDelay !== undefined && waitedMs >= rule.maxDelay * 1_000;
}
