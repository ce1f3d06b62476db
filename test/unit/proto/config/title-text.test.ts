import { describe, expect, test } from 'vitest';
import { TEXT_CHARACTERS_MAX } from '../../../../cloud/transfer/facts-entries.ts';
import { titleText } from '../../../../proto/config/title-text.ts';
import { titleIn, wholeTitle } from '../../../../proto/words/title.ts';

describe('a title is one text, or one for each language', () => {
  const both = { zh: '电池统计', en: 'Battery statistics' };

  test.each(['Battery', both])('%j is one', (title) => {
    expect(titleText.parse(title)).toEqual(title);
  });

  test.each([
    '',
    { zh: '电池统计' },
    { en: 'Battery statistics' },
    { zh: '', en: 'Battery statistics' },
    { ...both, de: 'Batteriestatistik' },
    ['电池统计', 'Battery statistics'],
    { zh: '电'.repeat(121), en: 'Battery' },
  ])('%j is none', (title) => {
    expect(titleText.safeParse(title).success).toBe(false);
  });

  test('the longest fits where facts keep both', () => {
    const title = titleText.parse({ zh: '电'.repeat(120), en: 'e'.repeat(120) });
    expect(wholeTitle(title).length).toBeLessThanOrEqual(TEXT_CHARACTERS_MAX);
  });

  test('it is said in the language that is asked for; what is kept says both', () => {
    expect([titleIn(both, 'zh'), titleIn(both, 'en'), titleIn('Battery', 'zh')]).toEqual([both.zh, both.en, 'Battery']);
    expect([wholeTitle(both), wholeTitle('Battery')]).toEqual(['Battery statistics 电池统计', 'Battery']);
  });
});
