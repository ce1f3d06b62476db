import { expect, test } from 'vitest';
import { ROUTE_TIMELINES } from '../../../../cloud/rules/route-timelines.table.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { type CountedDay, pacesOf } from '../../../../cloud/transfer/pace.ts';
import { planRoutes } from '../../../../cloud/transfer/plan-routes.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { DOCUMENTS, PERSONAL_DOCUMENTS, transferFacts } from '../../../support/transfer-facts.ts';

const facts = (on: string, projected: number, changes: Partial<FactsInput> = {}) =>
  transferFacts({
    on,
    counts: {
      year: 2026,
      persons: { before: projected - 1, transfer: 1, projected },
      sensitivePersons: { before: 0, transfer: 0, projected: 0 },
    },
    ...changes,
  });

const day = (on: string, persons: number): CountedDay => ({ on: on as CivilDate, persons, sensitivePersons: 0 });

/** 1,000 persons on every third of the 30 days before 1 July, and many in January. */
const JUNE = [day('2026-01-05', 20_000), ...[2, 5, 8, 11, 14, 17, 20, 23, 26, 29].map((at) => dayOfJune(at))];

function dayOfJune(at: number): CountedDay {
  return day(`2026-06-${String(at).padStart(2, '0')}`, 1_000);
}

test('a recent pace is the mean of the 30 days before, and what was sent in January is no part of it', () => {
  const { persons } = pacesOf(facts('2026-07-01', 30_000), JUNE);
  expect(persons).toMatchObject({ method: 'recent-days', persons: 10_000, days: 30 });
  expect(persons.text.en).toBe(
    'mean of the 30 days before 2026-07-01: 10,000 persons counted for the first time this year, on 10 days',
  );
});

test.each([
  ['no days at all', '2026-07-01', undefined],
  ['two days only', '2026-07-01', JUNE.slice(-2)],
  ['days that are long past', '2026-08-30', JUNE],
  ['thirteen days of a year', '2026-01-14', [2, 3, 4].map((at) => day(`2026-01-0${at}`, 5))],
  ['the day itself, which is not over', '2026-07-01', [dayOfJune(29), dayOfJune(30), day('2026-07-01', 9_000)]],
])('%s: the year spread evenly, and the text says so', (_, on, days) => {
  const { persons } = pacesOf(facts(on, 30_000), days);
  expect(persons).toMatchObject({ method: 'even-year', persons: 30_000 });
  expect(persons.text.en).toContain('spread evenly');
});

test('fourteen days of a year with three counted ones are enough', () => {
  const days = [2, 3, 4].map((at) => day(`2026-01-0${at}`, 14));
  expect(pacesOf(facts('2026-01-15', 42), days).persons).toMatchObject({
    method: 'recent-days',
    persons: 42,
    days: 14,
  });
});

test('the day of a crossing goes on from what is counted, at the recent pace', () => {
  const planned = (days?: readonly CountedDay[]) =>
    planRoutes(facts('2026-07-01', 30_000), SHIPPED_RULES, ROUTE_TIMELINES, days).crossings.find(
      ({ threshold }) => threshold === 100_000,
    );
  // 70,000 persons to go, 10,000 in 30 days: 210 days, which is next year.
  expect(planned(JUNE)).toMatchObject({ on: undefined, method: 'recent-days' });
  // Three times as fast: 70 days.
  const fast = JUNE.map((one) => ({ ...one, persons: one.persons * 3 }));
  expect(planned(fast)).toMatchObject({ on: '2026-09-09', method: 'recent-days' });
  expect(planned()).toMatchObject({ on: undefined, method: 'even-year' });
});

test('the scale of an assessment fills at the recent pace too', () => {
  const assessment = { ...DOCUMENTS['security-assessment'], scale: { personsMax: 10_001, personsBefore: 0 } };
  const changes = { onFile: [...PERSONAL_DOCUMENTS, assessment] };
  const filled = (days?: readonly CountedDay[]) =>
    planRoutes(facts('2026-07-01', 30_000, changes), SHIPPED_RULES, ROUTE_TIMELINES, days).warnings.find(
      ({ code }) => code === 'scale-filled',
    );
  expect(filled(JUNE)?.on).toBe('2026-07-31');
  expect(filled(JUNE)?.text.en).toContain('the pace of the last days');
  expect(filled()?.text.en).toContain("this year's pace");
});
