import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { Citation, Confidence, DatedRow, RowStatus } from '../transfer/rule.ts';

/**
 * How long something is kept. `atLeast` may not be fallen short of, `atMost` may not be exceeded; a row that has neither
 * leaves the period to the operator's own purposes, and `settled` says so. Days are of 24 hours; a year ends on the same
 * date; working days are those of the calendar rows.
 */
export interface RetentionRow extends DatedRow {
  readonly title: Bilingual;
  readonly atLeast?: Period;
  readonly atMost?: Period;
  readonly settled?: 'by-operator';
  readonly countedFrom: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** Exactly one unit. */
export type Period =
  | { readonly days: number }
  | { readonly months: number }
  | { readonly years: number }
  | { readonly workingDays: number };

const day = (text: string) => text as CivilDate;

// biome-ignore format: one period a line
export const RETENTION: readonly RetentionRow[] = [
  { id: 'sensitive-on-request-10wd', from: day('2021-10-01'), confidence: 'official', status: 'official', atMost: { workingDays: 10 },
    title: { en: 'sensitive personal information, deleted when the person asks', zh: '敏感个人信息，个人要求删除的' }, countedFrom: { en: 'the request', zh: '收到删除请求之日' },
    citation: { instrument: 'SP21', article: 'art. 9', articleZh: '第9条' } },
  { id: 'logs-3y', from: day('2026-02-03'), confidence: 'seed', status: 'final-2026', atLeast: { years: 3 },
    title: { en: 'traffic, operation and security alert logs of transfers abroad', zh: '出境流量日志、操作日志和安全告警日志' }, countedFrom: { en: 'the entry', zh: '日志产生之日' },
    citation: { instrument: 'G26', article: 'IV(3), logs (3)', articleZh: '四（三）日志留存第(3)项' } },
  { id: 'capture-7d', from: day('2026-02-03'), confidence: 'seed', status: 'final-2026', atLeast: { days: 7 },
    title: { en: 'full capture of traffic that goes abroad (the text says one week)', zh: '出境流量全量留存（原文为1周）' }, countedFrom: { en: 'the capture', zh: '流量采集之时' },
    citation: { instrument: 'G26', article: 'IV(2), monitoring (3)', articleZh: '四（二）监测第(3)项' } },
  { id: 'capture-sample-31d', from: day('2026-02-03'), confidence: 'own', status: 'final-2026', atLeast: { days: 31 },
    title: { en: 'sampled capture of traffic that goes abroad (the text says no less than one month)', zh: '出境流量抽样留存（原文为不少于1个月）' }, countedFrom: { en: 'the capture', zh: '流量采集之时' },
    citation: { instrument: 'G26', article: 'IV(2), monitoring (3)', articleZh: '四（二）监测第(3)项' } },
  { id: 'pipia-3y', from: day('2021-11-01'), confidence: 'official', status: 'official', atLeast: { years: 3 },
    title: { en: 'impact assessment reports and records of the handling', zh: '个人信息保护影响评估报告和处理情况记录' }, countedFrom: { en: 'the report', zh: '报告完成之日' },
    citation: { instrument: 'PIPL', article: 'art. 56', articleZh: '第56条' } },
  { id: 'domestic-operations', from: day('2021-10-01'), confidence: 'own', status: 'product', settled: 'by-operator',
    title: { en: 'what domestic operations use: no text sets a period; as long as the purpose lasts and no longer', zh: '境内运营使用的数据：无明文期限，以实现处理目的所必要的最短时间为限' }, countedFrom: { en: 'the record', zh: '数据产生之时' },
    citation: { instrument: 'PIPL', article: 'art. 19', articleZh: '第19条' } },
  { id: 'remote-command-logs-6m', from: day('2026-01-01'), confidence: 'official', status: 'official', atLeast: { months: 6 },
    title: { en: 'logs of remote control, communication security and upgrade security', zh: '远程控制、通信安全和升级安全日志' }, countedFrom: { en: 'the entry', zh: '日志产生之日' },
    citation: { instrument: 'GB44495', article: 'cl. 7.1.2.3, 7.2.12, 7.3.2.3', articleZh: '7.1.2.3、7.2.12、7.3.2.3' } },
];
