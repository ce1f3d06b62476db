import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, DAY_MS, type Instant, startOfDay } from '../../proto/words/time.ts';
import { type MonitoredEvent, textOf } from './event.ts';

export type AuditFault = Fault<
  'AUDIT_MONTH' | 'AUDIT_COUNTING' | 'AUDIT_NOT_RUN' | 'AUDIT_SIGNED' | 'AUDIT_SAME_PERSON'
>;

/** The monthly audit of the logs (G26-IV.3 (4); GB/T 45574-2025 5.5: at least monthly). */
export interface MonthAudit {
  /** `2026-10`, mainland calendar. */
  readonly month: string;
  readonly state: 'under-way' | 'due' | 'run' | 'signed';
  readonly isOverdue: boolean;
  readonly ranBy: string;
  readonly signedBy: string;
}

/** What happened in a month, counted from the entries. */
export interface MonthCounts {
  /** By log and kind of entry, `operations/verdict`. */
  readonly entries: Readonly<Record<string, number>>;
  readonly permissionChanges: number;
  readonly alerts: Readonly<Record<string, number>>;
}

export interface AuditBook {
  /** Counts an entry of any log, each once, unless its month is signed. */
  readonly count: (event: MonitoredEvent) => void;
  /** Takes in who ran and who signed an audit, from entries of `AUDIT_KINDS` in their order. */
  readonly note: (event: MonitoredEvent) => void;
  readonly isSigned: (month: string) => boolean;
  readonly countsOf: (month: string) => MonthCounts;
  /** Months that were counted or audited, oldest first. */
  readonly list: (now: Instant) => readonly MonthAudit[];
  readonly mayRun: (month: string, now: Instant) => Result<undefined, AuditFault>;
  /** Not by the person who ran it, whichever of their accounts they sign with; nor by one of whom that is not known. */
  readonly maySign: (month: string, by: string) => Result<undefined, AuditFault>;
}

/** Entries of the operations log that are about audits. */
export const AUDIT_KINDS = ['audit-run', 'audit-signed'] as const;

/** Three years and some: older months have their audits in the log. */
const MONTHS_MAX = 48;

interface Month {
  readonly entries: Record<string, number>;
  readonly alerts: Record<string, number>;
  permissionChanges: number;
  ranBy: string;
  signedBy: string;
}

const newMonth = (): Month => ({ entries: {}, alerts: {}, permissionChanges: 0, ranBy: '', signedBy: '' });

/** Who runs an audit that no person ran. */
export const AUDITED_BY_CLOUD = 'cloud';

export interface AuditTerms {
  /** Days after the end of a month within which its audit is signed. */
  readonly graceDays: number;
  /** Whose account one is; undefined where nobody knows. */
  readonly personOf: (account: string) => string | undefined;
}

export function createAuditBook({ graceDays, personOf }: AuditTerms): AuditBook {
  const isAnother = (ranBy: string, by: string): boolean => {
    const [one, other] = [personOf(ranBy), personOf(by)];
    return ranBy !== by && (ranBy === AUDITED_BY_CLOUD || (one !== undefined && other !== undefined && one !== other));
  };
  const months = new Map<string, Month>();
  const monthOf = (name: string): Month => {
    const known = months.get(name) ?? newMonth();
    months.set(name, known);
    const [oldest] = months.size > MONTHS_MAX ? [...months.keys()].sort() : [];
    if (oldest !== undefined) months.delete(oldest);
    return known;
  };
  const shown = (name: string, month: Month, now: Instant): MonthAudit => {
    const end = endOf(name);
    const isDone = month.signedBy !== '';
    const state = isDone ? 'signed' : month.ranBy !== '' ? 'run' : now < end ? 'under-way' : 'due';
    const isOverdue = !isDone && now >= end + graceDays * DAY_MS;
    return { month: name, state, isOverdue, ranBy: month.ranBy, signedBy: month.signedBy };
  };
  const monthAt = createMonthAt();
  return {
    count: (event) => {
      const month = monthOf(monthAt(event.at));
      if (month.signedBy !== '') return;
      tally(month.entries, `${event.log}/${event.kind}`);
      if (event.log === 'alerts' && event.kind === 'alert')
        tally(month.alerts, textOf(event.document, 'code') ?? 'UNNAMED');
      const { permissionChange } = (event.document['operation'] ?? {}) as { readonly permissionChange?: unknown };
      if (permissionChange === true) month.permissionChanges += 1;
    },
    note: ({ kind, actor, document }) => {
      const month = monthOf(textOf(document, 'month') ?? '');
      if (kind === 'audit-run') month.ranBy = actor;
      if (kind === 'audit-signed') month.signedBy = actor;
    },
    isSigned: (name) => (months.get(name)?.signedBy ?? '') !== '',
    countsOf: (name) => {
      const { entries, alerts, permissionChanges } = months.get(name) ?? newMonth();
      return { entries, alerts, permissionChanges };
    },
    list: (now) =>
      [...months].map(([name, month]) => shown(name, month, now)).toSorted((a, b) => (a.month < b.month ? -1 : 1)),
    mayRun: (name, now) => {
      const month = months.get(name);
      if (month === undefined || now < endOf(name)) return fail(AUDIT_FAULTS.AUDIT_MONTH);
      return month.signedBy === '' ? ok(undefined) : fail(AUDIT_FAULTS.AUDIT_SIGNED);
    },
    maySign: (name, by) => {
      const month = months.get(name);
      if (month === undefined) return fail(AUDIT_FAULTS.AUDIT_MONTH);
      if (month.ranBy === '') return fail(AUDIT_FAULTS.AUDIT_NOT_RUN);
      if (month.signedBy !== '') return fail(AUDIT_FAULTS.AUDIT_SIGNED);
      return isAnother(month.ranBy, by) ? ok(undefined) : fail(AUDIT_FAULTS.AUDIT_SAME_PERSON);
    },
  };
}

/** Name of the month of an instant. A date is made once for entries of one day, which come one after the other. */
export function createMonthAt(): (at: Instant) => string {
  let [month, from] = ['', Number.NaN];
  return (at) => {
    if (at >= from && at < from + DAY_MS) return month;
    const day = civilDateOf(at);
    from = startOfDay(day);
    month = day.slice(0, 7);
    return month;
  };
}

function tally(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** First instant after a month, Asia/Shanghai. */
export function endOf(month: string): Instant {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return startOfDay(`${next}-01` as CivilDate);
}

export const AUDIT_FAULTS: Readonly<Record<AuditFault['code'], AuditFault>> = {
  AUDIT_MONTH: fault(
    'AUDIT_MONTH',
    'no such month, or it is not over',
    '没有该月份，或该月尚未结束',
    'see `tongguan audit list`',
    '参见 `tongguan audit list`',
  ),
  AUDIT_COUNTING: fault(
    'AUDIT_COUNTING',
    'the entries of the logs are being counted, and not all of them yet',
    '日志条目正在统计，尚未完成',
    'wait some minutes after a start; if it stays so, run `tongguan log verify`',
    '启动后请等待数分钟；若仍如此，请运行 `tongguan log verify`',
  ),
  AUDIT_NOT_RUN: fault(
    'AUDIT_NOT_RUN',
    'the audit of this month was not run',
    '该月审计尚未执行',
    'run `tongguan audit run` first',
    '请先运行 `tongguan audit run`',
  ),
  AUDIT_SIGNED: fault(
    'AUDIT_SIGNED',
    'the audit of this month is signed',
    '该月审计已签署',
    'nothing is left to do',
    '无需处理',
  ),
  AUDIT_SAME_PERSON: fault(
    'AUDIT_SAME_PERSON',
    'who ran the audit does not sign it, nor an account of which nobody knows whose it is',
    '执行审计者不得签署，无法确认所属人员的账号也不得签署',
    'have another person sign, whom the authority matrix or an account names',
    '请由权限矩阵或控制台账号已列明的其他人员签署',
  ),
};

function fault(code: AuditFault['code'], en: string, zh: string, remedyEn: string, remedyZh: string): AuditFault {
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}
