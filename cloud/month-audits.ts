import type { Fault } from '../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../proto/words/result.ts';
import type { Clock, Instant } from '../proto/words/time.ts';
import type { CloudLogs } from './composition/open-logs.ts';
import type { OpenLog } from './log/open-log.ts';
import type { AlertBook } from './monitoring/alert-book.ts';
import { AUDIT_FAULTS, AUDIT_KINDS, type AuditBook } from './monitoring/audit-book.ts';
import { documentFor, documentOf } from './monitoring/document.ts';
import { type CountedLog, createMonthCounter } from './monitoring/month-counter.ts';

/** How far the traffic log has been counted; an audit says so beside its figures. */
export type TrafficCounted = 'not-configured' | 'counting' | 'counted' | 'unreadable';

export interface MonthAuditsParts {
  readonly book: AuditBook;
  readonly alerts: AlertBook;
  /** What is appended through them is watched. */
  readonly logs: CloudLogs;
  readonly clock: Clock;
  /** Counts what the exporter wrote since. */
  readonly countTraffic: () => TrafficCounted;
  /** Entries of one log that are counted at a time; `COUNTED_MAX` without it. */
  readonly countedMax?: number;
}

/** The audits of the months: counted from the logs, run and signed in the operations log. */
export interface MonthAudits {
  /** Goes on counting. @returns whether all entries there are were counted */
  readonly countOn: () => boolean;
  /** What a month held, and the heads the logs stood under, into the operations log. */
  readonly run: (month: string, by: string) => Result<object, Fault>;
  readonly sign: (month: string, by: string, remark: string) => Result<object, Fault>;
}

/** Reads who ran and signed which audit, however long ago. */
export function openMonthAudits(parts: MonthAuditsParts): MonthAudits {
  const { book, alerts, logs, clock, countTraffic } = parts;
  for (const kind of AUDIT_KINDS)
    for (const { leaf } of logs.operations.entriesOfKind(kind, 0))
      book.note({ ...leaf, log: 'operations', at: leaf.recordedAtMs as Instant, document: documentOf(leaf) });
  const counted = (['operations', 'alerts'] as const).map((name) => countedLog(name, logs[name]));
  const counter = createMonthCounter(counted, book, parts.countedMax);
  return {
    countOn: counter.countOn,
    run: (month, by) => {
      const traffic = countTraffic();
      if (!counter.countOn() || traffic === 'counting') return fail(AUDIT_FAULTS.AUDIT_COUNTING);
      const may = book.mayRun(month, clock.now());
      if (!may.ok) return may;
      const open = alerts.list().filter(({ state }) => state !== 'closed');
      const document = {
        month,
        ...book.countsOf(month),
        traffic,
        alertsOpen: open.length,
        alertsWithoutOwner: open.filter(({ owner }) => owner === '').length,
        heads: { operations: headOf(logs.operations), alerts: headOf(logs.alerts) },
      };
      const logged = logs.operations.append([{ kind: 'audit-run', transferId: '', actor: by, document }]);
      return logged.ok ? ok({ audit: document }) : logged;
    },
    sign: (month, by, remark) => {
      const may = book.maySign(month, by);
      if (!may.ok) return may;
      const document = { month, remark };
      const logged = logs.operations.append([{ kind: 'audit-signed', transferId: '', actor: by, document }]);
      return logged.ok ? ok({ month, signedBy: by }) : logged;
    },
  };
}

function headOf(log: OpenLog): { readonly size: number; readonly root: string } {
  const { size, rootHash } = log.head();
  return { size, root: Buffer.from(rootHash).toString('hex') };
}

function countedLog(name: 'operations' | 'alerts', log: OpenLog): CountedLog {
  return {
    size: () => log.head().size,
    recordedAt: (index) => {
      const read = log.read(index);
      assert(read.ok, 'an acknowledged entry stays readable');
      return read.value.recordedAtMs as Instant;
    },
    *entries(from) {
      for (const { index, leaf } of log.entries(from)) {
        const document = name === 'alerts' ? documentOf(leaf) : documentFor(leaf, []);
        yield { index, event: { ...leaf, log: name, at: leaf.recordedAtMs as Instant, document } };
      }
    },
  };
}
