import { describe, expect, test } from 'vitest';
import { ROUTE_TIMELINES } from '../../../../cloud/rules/route-timelines.table.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { planRoutes } from '../../../../cloud/transfer/plan-routes.ts';
import { DOCUMENTS, transferFacts } from '../../../support/transfer-facts.ts';

const warned = (changes: Partial<FactsInput>, code: string) =>
  planRoutes(transferFacts(changes), SHIPPED_RULES, ROUTE_TIMELINES).warnings.filter((one) => one.code === code);
const counts = (projected: number, sensitive = 0) => ({
  year: 2026,
  persons: { before: projected - 1, transfer: 1, projected },
  sensitivePersons: { before: sensitive, transfer: 0, projected: sensitive },
});
const share = (projected: number) =>
  warned({ counts: counts(projected) }, 'threshold').map(({ text }) =>
    text.en.replace(/.*, (\d+) %.*of the (.*) of.*/, '$1 $2'),
  );

describe('warnings of a plan', () => {
  test.each([
    [79_999, []],
    [80_000, ['80 100,000']],
    [89_999, ['80 100,000']],
    [90_000, ['90 100,000']],
    [99_999, ['90 100,000']],
    [100_000, ['100 100,000']],
    [800_000, ['80 1,000,000', '100 100,000']],
    [1_000_000, ['100 1,000,000', '100 100,000']],
  ])('%i persons: %j', (projected, expected) => {
    expect(share(projected)).toEqual(expected);
  });

  test('sensitive persons have their own threshold', () => {
    expect(warned({ counts: counts(10, 7_999) }, 'threshold')).toEqual([]);
    expect(warned({ counts: counts(10, 8_000) }, 'threshold')).toHaveLength(1);
  });

  test('the day of a crossing, by the pace of this year', () => {
    const found = warned({ on: '2026-04-10', counts: counts(50_000) }, 'crossing');
    expect(found.map(({ on }) => on)).toEqual(['2026-07-19']);
    expect(found[0]?.text.zh).toContain('2026-07-19');
  });

  const assessment = (over: object) => ({ ...DOCUMENTS['security-assessment'], ...over });

  test.each([
    ['within the year', '2027-11-21', ['2027-11-21']],
    ['a day later', '2027-11-22', []],
    ['on the day itself', '2026-11-21', []],
  ])('a document that ends %s', (_, validUntil, days) => {
    const onFile = [{ ...DOCUMENTS.pipia, validUntil }];
    expect(warned({ onFile }, 'document-ends').map(({ on }) => on)).toEqual(days);
  });

  test('the time to extend an assessment, and a year without a calendar', () => {
    const of = (validUntil: string) => ({
      onFile: [assessment({ validFrom: '2025-01-01', appliedOn: '2024-12-01', validUntil })],
      on: '2026-03-02',
    });
    const ends = { ...of('2026-12-01'), counts: counts(10) };
    expect(warned(ends, 'extension-window').map(({ on }) => on)).toEqual(['2026-09-02']);
    expect(warned({ ...of('2027-02-01'), counts: counts(10) }, 'calendar-missing')).toHaveLength(1);
  });

  test('growth of more than 20 %, and the day on which the scale is filled', () => {
    // 100,000 persons in 100 days; the assessment goes on for another 100.
    const ends = '2026-07-19';
    const of = (personsMax: number) => ({
      on: '2026-04-10',
      counts: counts(100_000),
      onFile: [assessment({ validUntil: ends, scale: { personsMax, personsBefore: 99_999 } })],
    });
    expect(warned(of(200_000), 'growth')).toEqual([]);
    expect(warned(of(200_001), 'scale-filled')).toEqual([]);
    expect(warned(of(150_000), 'scale-filled').map(({ on }) => on)).toEqual(['2026-05-30']);
    // 200,000 at the end: 20 % over 166,667, and more over 166,666.
    expect(warned(of(166_667), 'growth')).toEqual([]);
    expect(warned(of(166_666), 'growth')).toHaveLength(1);
  });

  test('a contract to be filed, an impact assessment that is old for it, and the end of the year', () => {
    const contract = {
      ...DOCUMENTS['standard-contract'],
      validFrom: '2026-11-16',
      filing: { state: 'not-filed' as const },
    };
    expect(warned({ onFile: [contract] }, 'filing-due').map(({ on }) => on)).toEqual(['2026-11-30']);
    const pipia = (validFrom: string) => [{ ...DOCUMENTS.pipia, validFrom }];
    expect(warned({ onFile: pipia('2026-08-23') }, 'pipia-age')).toEqual([]);
    expect(warned({ onFile: pipia('2026-08-22') }, 'pipia-age')).toHaveLength(1);
    expect(warned({ onFile: [...pipia('2026-08-22'), DOCUMENTS['standard-contract']] }, 'pipia-age')).toEqual([]);
    expect(warned({}, 'year-ends').map(({ on }) => on)).toEqual(['2027-01-01']);
    expect(warned({ on: '2026-11-01' }, 'year-ends')).toEqual([]);
  });
});
