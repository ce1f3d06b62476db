import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Alert, AlertBook } from './alert-book.ts';

export type AlertFault = Fault<'ALERT_UNKNOWN' | 'ALERT_CLOSED' | 'ALERT_OWN'>;

export interface AlertWish {
  readonly id: string;
  readonly act: 'own' | 'acknowledge' | 'close';
  /** Who does it. */
  readonly by: string;
  /** Of a closing. */
  readonly reason?: string;
  /** Whom it is given to; who does it where it is absent. */
  readonly owner?: string;
}

const KINDS = { own: 'alert-owned', acknowledge: 'alert-acknowledged', close: 'alert-closed' } as const;

export interface AlertActs {
  readonly log: AppendOnly;
  /** Whose account one is; undefined where nobody knows. */
  readonly personOf: (account: string) => string | undefined;
}

/**
 * Gives an alert an owner, acknowledges or closes it: in the alerts log first, with account and person, whose follower then changes the
 * book. An alert is never taken back or deleted, and nobody closes one about an account of their own.
 */
export function actOnAlert(
  { id, act, by, reason, owner }: AlertWish,
  book: AlertBook,
  { log, personOf }: AlertActs,
): Result<Alert, Fault> {
  const known = book.find(id);
  if (known === undefined) return fail(FAULTS.ALERT_UNKNOWN);
  if (known.state === 'closed') return fail(FAULTS.ALERT_CLOSED);
  const person = personOf(by);
  const isOwn = known.subject === by || (person !== undefined && personOf(known.subject) === person);
  if (act === 'close' && isOwn) return fail(FAULTS.ALERT_OWN);
  const document = {
    alert: id,
    code: known.code,
    ...(person !== undefined && { person }),
    ...(act === 'own' && { owner: owner ?? by }),
    ...(reason !== undefined && { reason }),
  };
  const logged = log.append([{ kind: KINDS[act], transferId: '', actor: by, document }]);
  if (!logged.ok) return logged;
  return ok(book.find(id) ?? known);
}

const FAULTS: Readonly<Record<AlertFault['code'], AlertFault>> = {
  ALERT_UNKNOWN: {
    code: 'ALERT_UNKNOWN',
    problem: bilingual('there is no such alert', '没有该告警'),
    remedy: bilingual('see `tongguan alert list`', '参见 `tongguan alert list`'),
    retry: 'after-remedy',
  },
  ALERT_CLOSED: {
    code: 'ALERT_CLOSED',
    problem: bilingual('the alert is closed', '该告警已关闭'),
    remedy: bilingual('nothing is left to do; what happens again raises another', '无需处理；再次发生时会产生新的告警'),
    retry: 'never',
  },
  ALERT_OWN: {
    code: 'ALERT_OWN',
    problem: bilingual('nobody closes an alert about an account of their own', '不得关闭针对本人账号的告警'),
    remedy: bilingual('have somebody else look at it', '请由他人处理'),
    retry: 'after-remedy',
  },
};
