import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';

/** How often a transfer is decided anew because another process took persons in between. */
export const DECIDE_TRIES_MAX = 4;

/**
 * Decides and clears; anew where the counts moved between the two, since the decision rests on them. Whatever is cleared was
 * decided by the counts that its own persons went into.
 *
 * @param decide - fault COUNTS_MOVED: nothing was reserved
 */
export function untilCountsStand<T>(decide: () => Result<T, Fault>): Result<T, Fault> {
  let decided = decide();
  for (let tries = 1; tries < DECIDE_TRIES_MAX && hasMoved(decided); tries += 1) decided = decide();
  return decided;
}

const hasMoved = (decided: Result<unknown, Fault>): boolean => !decided.ok && decided.fault.code === 'COUNTS_MOVED';

/** Another process that counts in the same store reserved persons, or gave some back, while this one decided. */
export function countsMoved(): Fault<'COUNTS_MOVED'> {
  return {
    code: 'COUNTS_MOVED',
    problem: bilingual(
      'the counts of persons moved while the transfer was decided, time and again',
      '裁定期间人数计数多次发生变化',
    ),
    remedy: bilingual('ask again; nothing was sent and nobody was counted', '请重新申请；未发送任何数据，也未计入人数'),
    retry: 'now',
  };
}
