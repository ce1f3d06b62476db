import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const idsOn = (day: string) => rulesOn(SHIPPED_RULES, day as CivilDate).rules.map(({ id }) => id);

describe('the rules of this release', () => {
  test('hold every step of the order of precedence on a day of the Guidelines', () => {
    expect(idsOn('2026-11-21')).toEqual(
      expect.arrayContaining([
        'A4-0.core',
        'A4-0.state-secret',
        'A4-0.classified-geographic',
        'GB44495-7.4.7',
        'GEO-7',
        'GEO-8',
        'GEO-9',
        'G26-I.3.A1',
        'G26-I.3.A2',
        'G26-I.3.A3',
        'G26-I.3.A4',
        'G26-I.3.B1',
        'G26-I.3.B2',
        'EX-5',
        'A4-9',
        'PIPL-39.notice',
        'PIPL-39.consent',
        'PIPIA-1',
      ]),
    );
  });

  test('begin with nothing but the rule of last resort', () => {
    expect(idsOn('2000-01-01')).toEqual(['TG-SILENCE']);
  });
});
