import { expect, test } from 'vitest';
import { calendarOf } from '../../../../cloud/adapters/icalendar.ts';
import type { AgendaItem } from '../../../../cloud/registers/agenda.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const NOW = Date.parse('2026-12-31T15:59:50Z') as Instant;
const ITEM: AgendaItem = {
  ...{ rule: 'SCC-1.filing', kind: 'contract', entry: 'K-1', state: 'open' },
  title: { en: 'file the contract', zh: '备案合同' },
  citation: { instrument: 'CAC-13-2023', article: 'art. 7', articleZh: '第7条' },
  dueAt: Date.parse('2026-12-31T16:00:00Z') as Instant,
};
const UNCOUNTABLE: AgendaItem = { ...ITEM, entry: 'K-2', state: 'uncountable', dueAt: undefined };

/** Lines as they were before they were folded at 75 octets. */
const linesOf = (items: readonly AgendaItem[], now = NOW, language: 'en' | 'zh' = 'en'): readonly string[] =>
  calendarOf(items, language, now).replaceAll('\r\n\t', '').split('\r\n');

test('a clock is an event that ends when it runs out, with a reminder a day before', () => {
  expect(linesOf([ITEM])).toEqual(
    expect.arrayContaining([
      ...['UID:SCC-1.filing.contract.K-1@tongguan', 'SUMMARY:file the contract: contract/K-1'],
      ...['DTSTART:20261231T155900Z', 'DURATION:PT1M', 'TRIGGER:-PT24H'],
    ]),
  );
});

test('what cannot be counted stands on the whole of the day, says why, and is there again the day after', () => {
  const lines = linesOf([UNCOUNTABLE]);
  expect(lines).toEqual(
    expect.arrayContaining([
      ...['DTSTART;VALUE=DATE:20261231', 'SUMMARY:act now: file the contract: contract/K-2'],
      'DESCRIPTION:SCC-1.filing\\, CAC-13-2023 art. 7. Its term reaches into a year whose working days are not known here\\; it counts as run out',
    ]),
  );
  // Ten seconds later it is the next day in China.
  expect(linesOf([UNCOUNTABLE], (NOW + 10_000) as Instant)).toContain('DTSTART;VALUE=DATE:20270101');
  expect(linesOf([UNCOUNTABLE], NOW, 'zh')).toContain('SUMMARY:请立即处理: 备案合同: contract/K-2');
});

test('every item has its event', () => {
  expect(linesOf([ITEM, UNCOUNTABLE]).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(2);
});
