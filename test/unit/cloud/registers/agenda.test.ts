import { expect, test } from 'vitest';
import { agendaOf } from '../../../../cloud/registers/agenda.ts';
import { ANNUAL_REPORTS, DEADLINES } from '../../../../cloud/rules/deadlines.table.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';

const PARTS = { rows: DEADLINES, annual: ANNUAL_REPORTS, calendars: WORKING_DAYS };
const at = (text: string): Instant => Date.parse(text) as Instant;
const FILED = { filing: { state: 'filed', on: '2026-03-10', number: 'F-1' } };
const reported = (...to: readonly string[]) => ({ reports: to.map((one) => ({ to: one, receipt: {} })) });

/** State of one clock at an instant, or `none` where it does not run. */
function stateAt(rule: string, kind: string, changes: object, now: string): string {
  const items = agendaOf([entryOf(kind, changes)], PARTS, at(now));
  return items.find((one) => one.rule === rule)?.state ?? 'none';
}

// Both sides of every term, Asia/Shanghai.
test.each([
  // Effect on Monday 2026-03-02: the tenth working day after it is Monday 03-16, which ends at 16:00Z.
  ['SCC-1.filing', 'contract', {}, '2026-03-16T15:59:59Z', 'open'],
  ['SCC-1.filing', 'contract', {}, '2026-03-16T16:00:00Z', 'overdue'],
  ['SCC-1.filing', 'contract', FILED, '2026-03-20T00:00:00Z', 'none'],
  ['SCC-1.filing', 'contract', { filing: { state: 'refused' } }, '2026-03-20T00:00:00Z', 'overdue'],
  // Ten working days from 2026-12-25 leave the year that has a calendar.
  ['SCC-1.filing', 'contract', { validFrom: '2026-12-25' }, '2026-12-26T00:00:00Z', 'uncountable'],
  ['CERT-2.status', 'certificate', {}, '2026-11-27T15:59:59Z', 'open'],
  ['CERT-2.status', 'certificate', {}, '2026-11-27T16:00:00Z', 'overdue'],
  ['CERT-1.end', 'certificate', {}, '2027-03-01T15:59:59Z', 'open'],
  ['CERT-1.end', 'certificate', {}, '2027-03-01T16:00:00Z', 'overdue'],
  // Release on Monday 2026-11-30: the fifth working day before it is Monday 11-23.
  ['OTA-3', 'ota-campaign', {}, '2026-11-23T15:59:59Z', 'open'],
  ['OTA-3', 'ota-campaign', {}, '2026-11-23T16:00:00Z', 'overdue'],
  ['OTA-3', 'ota-campaign', { samrFiling: {} }, '2026-11-29T00:00:00Z', 'none'],
  ['VUL-1', 'vulnerability', {}, '2026-11-22T00:59:59Z', 'open'],
  ['VUL-1', 'vulnerability', {}, '2026-11-22T01:00:00Z', 'overdue'],
  ['INC-1.cac', 'incident', {}, '2026-11-20T04:59:59Z', 'open'],
  ['INC-1.cac', 'incident', {}, '2026-11-20T05:00:00Z', 'overdue'],
  ['INC-1.cac', 'incident', reported('provincial-cac'), '2026-11-20T05:00:00Z', 'none'],
  ['INC-1.cac', 'incident', { level: 'general' }, '2026-11-20T05:00:00Z', 'none'],
  ['INC-1.cac', 'incident', { level: 'ungraded' }, '2026-11-20T05:00:00Z', 'overdue'],
  ['INC-1.cii', 'incident', { criticalInfrastructure: 'yes' }, '2026-11-20T01:59:59Z', 'open'],
  ['INC-1.cii', 'incident', { criticalInfrastructure: 'unknown' }, '2026-11-20T02:00:00Z', 'overdue'],
  ['INC-1.cii', 'incident', { criticalInfrastructure: 'no' }, '2026-11-20T02:00:00Z', 'none'],
  [
    'INC-1.cii',
    'incident',
    { criticalInfrastructure: 'yes', ...reported('police') },
    '2026-11-20T02:00:00Z',
    'overdue',
  ],
  ['INC-3.regulator', 'incident', {}, '2026-11-20T01:00:00Z', 'overdue'],
  ['INC-1.final', 'incident', {}, '2026-12-20T00:59:59Z', 'open'],
  ['INC-1.final', 'incident', {}, '2026-12-20T01:00:00Z', 'overdue'],
  ['CUSTODIAN.end', 'custodian', {}, '2026-12-31T16:00:00Z', 'overdue'],
  ['SA-1.extension', 'assessment', { validUntil: '2026-12-31' }, '2026-12-01T00:00:00Z', 'open'],
  ['SA-1.extension', 'assessment', { validUntil: '2026-12-31' }, '2026-12-30T16:00:00Z', 'none'],
  ['SA-1.extension', 'assessment', { validUntil: '2026-12-31', extension: {} }, '2026-12-01T00:00:00Z', 'none'],
  ['SP21-13', 'pipia', {}, '2026-11-22T00:00:00Z', 'open'],
])('%s of %s %j at %s: %s', (rule, kind, changes, now, state) => {
  expect(stateAt(rule, kind, changes, now)).toBe(state);
});

test.each([
  ['SP21-13', '12-15'],
  ['NDR-33', '12-31'],
])('the clock of the annual report %s begins anew when its day is over', (report, day) => {
  const dueAt = (now: string) => agendaOf([], PARTS, at(now)).find(({ rule }) => rule === report)?.dueAt;
  expect(dueAt(`2026-${day}T15:59:59Z`)).toBe(at(`2026-${day}T16:00:00Z`));
  expect(dueAt(`2026-${day}T16:00:00Z`)).toBe(at(`2027-${day}T16:00:00Z`));
});

test('a report of the year that is no duty yet is not asked for', () => {
  const rules = (now: string) => agendaOf([], PARTS, at(now)).map(({ rule }) => rule);
  expect(rules('2024-12-31T15:59:59Z')).toEqual(['SP21-13']);
  expect(rules('2024-12-31T16:00:00Z')).toEqual(['SP21-13', 'NDR-33']);
});

test.each([
  // The last instant of the day, and the first after it; then until the next report is due, and beyond it.
  ['2026-12-15T15:59:59Z', {}, []],
  ['2026-12-15T16:00:00Z', {}, ['example-motor-2026']],
  ['2028-01-01T00:00:00Z', {}, ['example-motor-2026', 'example-motor-2027']],
  ['2028-01-01T00:00:00Z', { annualReports: [{ report: 'SP21-13', year: 2026 }] }, ['example-motor-2027']],
  ['2026-12-16T00:00:00Z', { annualReports: [{ report: 'SP21-13', year: 2026 }] }, []],
  ['2026-12-16T00:00:00Z', { annualReports: [{ report: 'another', year: 2026 }] }, ['example-motor-2026']],
  // Nobody acted in its name before.
  ['2026-12-16T00:00:00Z', { authorities: [{ since: '2026-12-16' }] }, []],
  ['2026-12-16T00:00:00Z', { authorities: [] }, []],
])('at %s a report that the profile %j has no record of is overdue: %j', (now, changes, missed) => {
  const items = agendaOf([entryOf('processor', changes)], PARTS, at(now)).filter(({ rule }) => rule === 'SP21-13');
  expect(items.filter(({ state }) => state === 'overdue').map(({ entry }) => entry)).toEqual(missed);
  expect(items.filter(({ state }) => state === 'open')).toHaveLength(1);
});

test('the term to extend an assessment opens sixty working days before its end', () => {
  // Sixty working days back from 2026-12-31, over the working Saturday 10-10, are 2026-10-09.
  const dueAt = (now: string) => {
    const items = agendaOf([entryOf('assessment', { validUntil: '2026-12-31' })], PARTS, at(now));
    return items.find(({ rule }) => rule === 'SA-1.extension')?.dueAt;
  };
  expect(dueAt('2026-10-08T15:59:59Z')).toBe(at('2026-10-08T16:00:00Z'));
  expect(dueAt('2026-10-08T16:00:00Z')).toBe(at('2026-12-30T16:00:00Z'));
});

test('what cannot be counted comes first, and what was withdrawn runs no clock', () => {
  const uncountable = entryOf('contract', { validFrom: '2026-12-25' });
  const items = agendaOf([entryOf('vulnerability'), uncountable], PARTS, at('2026-12-26T00:00:00Z'));
  expect(items[0]?.state).toBe('uncountable');
  const withdrawn = { ...entryOf('vulnerability'), isWithdrawn: true };
  expect(agendaOf([withdrawn], PARTS, at('2026-12-26T00:00:00Z')).map(({ rule }) => rule)).toEqual([
    'NDR-33',
    'SP21-13',
  ]);
});
