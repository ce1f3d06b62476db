import { describe, expect, test } from 'vitest';
import { dutiesOn, lawOn, rowsOfLaw } from '../../../../cloud/rules/law-book.ts';
import { readOperatorLaw } from '../../../../cloud/rules/operator-file.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../../../../cloud/rules/shipped-rules.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const EDITORIAL = { id: 'ED-1', kind: 'editorial', on: '2026-11-20', by: 'data-office', basis: 'read by two persons' };
const row = {
  from: '2026-12-01',
  citation: { instrument: 'G26', article: 'IV', articleZh: '四' },
  ...{ confidence: 'official', status: 'operator-supplied', signOff: 'ED-1' },
};
const title = { en: 'as the plan of the province has it', zh: '以省级预案为准' };
const filing = {
  ...row,
  ...{ table: 'deadlines', id: 'SCC-1.filing', kind: 'contract', runsFrom: 'validFrom', title },
  term: { workingDays: 10 },
  metBy: { key: 'filing.state', in: ['filed'] },
};
const incident = {
  ...row,
  ...{ table: 'deadlines', id: 'INC-1.cac', kind: 'incident', runsFrom: 'knownAt', title, term: { hours: 4 } },
  when: [{ key: 'level', in: ['larger', 'major', 'especially-major', 'ungraded'] }],
  metBy: { reportTo: ['provincial-cac'] },
};
const release = {
  ...row,
  ...{ table: 'deadlines', id: 'OTA-3', kind: 'ota-campaign', runsFrom: 'releaseOn', title },
  ...{ term: { workingDaysBefore: 5 }, metBy: { key: 'samrFiling' } },
};
const persons = {
  ...row,
  ...{ table: 'deadlines', id: 'NDR-28', kind: 'processor', runsFrom: 'processed.asOf', title, term: { ends: true } },
  ...{ when: [{ key: 'processed.persons', atLeast: 10_000_000 }], metBy: { key: 'processed.dutiesSince' } },
};
const annual = { ...row, table: 'annual', id: 'SP21-13', monthDay: '12-15', title };
const timeline = {
  ...{ ...row, table: 'timelines', id: 'TIME.certification', route: 'certification' },
  ...{ months: { least: 3, most: 8 }, pitfalls: title },
};
const read = (rows: readonly object[], signOffs: readonly object[] = [EDITORIAL]) =>
  readOperatorLaw(JSON.stringify({ rules: 1, signOffs, readings: [], rows }), SHIPPED_PARTS);
const codesOf = (...rows: readonly object[]) => {
  const result = read(rows);
  return result.ok ? [] : result.fault.map(({ code }) => code);
};
const ON = '2026-12-01' as CivilDate;

describe('terms and times', () => {
  test('are rows of the law book, under a digest of their own', () => {
    const tables = new Set(rowsOfLaw(SHIPPED_LAW, ON).map(({ table }) => table));
    expect([...tables]).toEqual(expect.arrayContaining(['deadlines', 'annual', 'timelines']));
    const result = read([timeline, annual]);
    if (!result.ok) throw new Error('expected a law');
    const { law } = result.value;
    expect(dutiesOn(law, ON).digest).not.toBe(dutiesOn(SHIPPED_LAW, ON).digest);
    expect(dutiesOn(law, ON).timelines.find(({ route }) => route === 'certification')?.months.least).toBe(3);
    // Nothing that is decided or classified rests on them.
    expect(lawOn(law, ON).digest).toBe(lawOn(SHIPPED_LAW, ON).digest);
    expect(rulesOn(law.verdicts, ON).digest).toBe(rulesOn(SHIPPED_LAW.verdicts, ON).digest);
  });

  test('as strict as they were, or stricter, need no counsel', () => {
    expect(codesOf(filing, incident, release, persons, annual, timeline)).toEqual([]);
    expect(codesOf({ ...persons, when: [{ key: 'processed.persons', atLeast: 1_000_000 }] })).toEqual([]);
    expect(codesOf({ ...filing, term: { workingDays: 5 } }, { ...release, term: { workingDaysBefore: 9 } })).toEqual(
      [],
    );
    const { when: _, ...always } = incident;
    expect(codesOf({ ...always, metBy: { reportTo: ['provincial-cac', 'police'] } })).toEqual([]);
    expect(codesOf({ ...annual, monthDay: '12-01' }, { ...filing, id: 'OWN-1', term: { days: 400 } })).toEqual([]);
  });

  test.each([
    ['a longer term', { ...filing, term: { workingDays: 11 } }],
    ['a term of another unit', { ...filing, term: { hours: 1 } }],
    ['less time before a day', { ...release, term: { workingDaysBefore: 4 } }],
    ['another day to run from', { ...filing, runsFrom: 'signedOn' }],
    ['another register', { ...filing, kind: 'certificate' }],
    ['fewer cases', { ...incident, when: [{ key: 'level', in: ['major'] }] }],
    ['a case more to meet', { ...filing, when: [{ key: 'level', in: ['major'] }] }],
    ['a higher figure', { ...persons, when: [{ key: 'processed.persons', atLeast: 10_000_001 }] }],
    ['a value in place of a figure', { ...persons, when: [{ key: 'processed.persons', in: ['10000000'] }] }],
    ['more that ends it', { ...filing, metBy: { key: 'filing.state', in: ['filed', 'late'] } }],
    ['anything there that ends it', { ...filing, metBy: { key: 'filing.state' } }],
    ['another authority', { ...incident, metBy: { reportTo: ['police'] } }],
    ['a later day of the year', { ...annual, monthDay: '12-31' }],
  ])('%s needs counsel who names the row', (_, weaker) => {
    expect(codesOf(weaker)).toEqual(['RULES_WEAKER']);
    const { table, id } = weaker;
    const legal = { ...EDITORIAL, kind: 'legal', weakens: [`${table}/${id}`] };
    expect(read([weaker], [legal]).ok).toBe(true);
  });

  test('what no reader could follow is refused', () => {
    expect(codesOf({ ...filing, kind: 'contracts' })).toEqual(['RULES_FILE_SHAPE']);
    expect(codesOf({ ...annual, monthDay: '02-29' })).toEqual(['RULES_FILE_SHAPE']);
    expect(codesOf({ ...timeline, months: { least: 8, most: 3 } })).toEqual(['RULES_FILE_SHAPE']);
    expect(codesOf({ ...timeline, id: 'OWN-2' })).toEqual(['RULES_CONTRADICTION']);
  });
});
