import { describe, expect, test } from 'vitest';
import { ROUTE_TIMELINES } from '../../../../cloud/rules/route-timelines.table.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { planRoutes } from '../../../../cloud/transfer/plan-routes.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const plan = (changes: Partial<FactsInput>) => planRoutes(transferFacts(changes), SHIPPED_RULES, ROUTE_TIMELINES);
const clearing = (changes: Partial<FactsInput>) =>
  plan(changes)
    .routes.filter(({ clears }) => clears)
    .map(({ route }) => route);
const persons = (projected: number) => ({
  year: 2026,
  persons: { before: 0, transfer: projected, projected },
  sensitivePersons: { before: 0, transfer: 0, projected: 0 },
});

describe('planRoutes', () => {
  test.each([
    [99_999, ['as-it-stands', 'standard-contract', 'certification', 'security-assessment']],
    [100_000, ['standard-contract', 'certification', 'security-assessment']],
    [999_999, ['standard-contract', 'certification', 'security-assessment']],
    [1_000_000, ['security-assessment']],
  ])('%i persons: %j', (projected, routes) => {
    expect(clearing({ counts: persons(projected) })).toEqual(routes);
  });

  test('says what is missing besides the mechanism, and how long it takes', () => {
    const { routes } = plan({ counts: persons(200_000), onFile: [] });
    const contract = routes.find(({ route }) => route === 'standard-contract');
    expect(contract?.clears).toBe(false);
    expect(contract?.missing.map(({ what }) => what).toSorted()).toEqual(['notice', 'pipia', 'separate-consent']);
    expect(contract?.timeline?.months).toEqual({ least: 1, most: 3 });
  });

  test('a CIIO has the assessment alone', () => {
    expect(clearing({ processor: { ...factsInput().processor, ciio: 'yes' } })).toEqual(['security-assessment']);
  });
});

describe('crossings', () => {
  const crossings = (on: string, projected: number) =>
    plan({ on, counts: persons(projected) }).crossings.filter(({ counter }) => counter === 'persons');

  test('tell the day on which the pace of the year reaches a threshold', () => {
    // 50,000 persons in 100 days (1 January to 10 April): 100,000 on the 200th day.
    expect(crossings('2026-04-10', 50_000)[0]).toMatchObject({ threshold: 100_000, on: '2026-07-19' });
    expect(crossings('2026-04-10', 50_000).find(({ threshold }) => threshold === 1_000_000)?.on).toBeUndefined();
  });

  test('leave out what is reached, and name no day to a year that has begun with nobody', () => {
    expect(crossings('2026-04-10', 100_000).map(({ threshold }) => threshold)).toEqual([1_000_000]);
    const none = plan({
      counts: { ...persons(1), persons: { before: 0, transfer: 0, projected: 0 } },
      dataset: { ...factsInput().dataset, personal: 'absent', kinds: ['STATISTIC'] },
      legalBasis: 'not-applicable',
    });
    expect(none.crossings.every(({ on }) => on === undefined)).toBe(true);
  });
});
