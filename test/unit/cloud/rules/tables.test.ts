import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEADLINES } from '../../../../cloud/rules/deadlines.table.ts';
import { DEMANDS } from '../../../../cloud/rules/demands.table.ts';
import { EVIDENCE_RULES } from '../../../../cloud/rules/evidence.table.ts';
import { FACT_NAMES } from '../../../../cloud/rules/fact-names.table.ts';
import { FIELD_KIND_NAMES, FIELD_KINDS } from '../../../../cloud/rules/field-kinds.table.ts';
import { INSTRUMENTS } from '../../../../cloud/rules/instruments.table.ts';
import { rowsOfLaw } from '../../../../cloud/rules/law-book.ts';
import { NOTES } from '../../../../cloud/rules/notes.table.ts';
import { ON_FILE_RULES } from '../../../../cloud/rules/on-file.table.ts';
import { ROUTE_TIMELINES } from '../../../../cloud/rules/route-timelines.table.ts';
import { SHIPPED_LAW } from '../../../../cloud/rules/shipped-rules.ts';
import { TERRITORIES_ABROAD } from '../../../../cloud/rules/territories.table.ts';
import { TRANSFER_RULES } from '../../../../cloud/rules/transfer-rules.table.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import { ON_FILE_KINDS } from '../../../../cloud/transfer/facts.ts';
import { READING_IDS } from '../../../../cloud/transfer/rule.ts';
import { parseCivilDate } from '../../../../proto/words/time.ts';

const RULES = new URL('../../../../cloud/rules/', import.meta.url);
const TRANSFER = new URL('../../../../cloud/transfer/', import.meta.url);
const sourcesIn = (folder: URL) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

const tables = sourcesIn(RULES).filter(({ name }) => name.endsWith('.table.ts'));

describe('tables of law', () => {
  test('there are tables', () => {
    expect(tables.length).toBeGreaterThanOrEqual(9);
  });

  test.each(tables)('every date in $name exists', ({ text }) => {
    const dates = [...text.matchAll(/'(\d{4}-\d{1,2}-\d{1,2})'/g)].map((match) => match[1] ?? '');
    expect(dates.filter((date) => !parseCivilDate(date).ok)).toEqual([]);
  });

  test('every citation names an instrument, and an article in both languages', () => {
    const known = new Set(INSTRUMENTS.map(({ id }) => id));
    const citations = [
      ...TRANSFER_RULES,
      ...ON_FILE_RULES,
      ...NOTES,
      ...WORKING_DAYS,
      ...DEADLINES,
      ...ROUTE_TIMELINES,
    ].map(({ citation }) => citation);
    expect(citations.filter(({ instrument }) => !known.has(instrument))).toEqual([]);
    expect(citations.filter(({ article, articleZh }) => article === '' || articleZh === '')).toEqual([]);
    expect(citations.filter(({ article }) => /\p{Script=Han}/u.test(article))).toEqual([]);
  });

  test('every instrument is cited', () => {
    const rows = rowsOfLaw(SHIPPED_LAW).map(({ row }) => row);
    const cited = new Set(
      rows.flatMap((row) => ('citation' in row ? [(row.citation as { instrument: string }).instrument] : [])),
    );
    expect(INSTRUMENTS.map(({ id }) => id).filter((id) => !cited.has(id))).toEqual([]);
  });

  test('every text for a person is in both languages', () => {
    const texts = [
      ...INSTRUMENTS.map(({ title }) => title),
      ...TRANSFER_RULES.flatMap(({ reason, remedy }) => [reason, remedy]),
      ...DEMANDS.map(({ title }) => title),
      ...FACT_NAMES.flatMap(({ title, remedy }) => [title, remedy]),
      ...NOTES.flatMap(({ taken, other }) => (other === undefined ? [taken] : [taken, other])),
    ];
    for (const { en, zh } of texts) {
      expect(en).toMatch(/^[\x20-\x7e]+$/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });

  test('numbers in a reason are the numbers that the rule tests', () => {
    const amounts = TRANSFER_RULES.flatMap((rule) =>
      rule.when.flatMap((item) => ('atLeast' in item || 'below' in item || 'over' in item ? [{ rule, item }] : [])),
    );
    expect(amounts.length).toBeGreaterThan(4);
    for (const { rule, item } of amounts) {
      for (const bound of [item.atLeast, item.below, item.over]) {
        if (bound !== undefined && bound > 1) expect(rule.reason.en).toContain(bound.toLocaleString('en-US'));
      }
    }
  });
});

describe('the demands', () => {
  test('each is demanded by some rule', () => {
    const demanded = new Set(TRANSFER_RULES.map(({ demands }) => demands));
    expect(DEMANDS.map(({ id }) => id).filter((id) => !demanded.has(id))).toEqual([]);
  });

  test('whatever meets a stricter demand of the route meets the lighter one', () => {
    // Evidence of an exemption has no strictness: it lifts rules, and no rule is met by it.
    const routes = DEMANDS.filter(({ strictness, metBy }) => (strictness ?? 0) > 0 && metBy.length > 0);
    expect(routes.length).toBeGreaterThanOrEqual(2);
    for (const strict of routes) {
      for (const light of routes.filter(({ strictness }) => (strictness ?? 0) < (strict.strictness ?? 0))) {
        expect(light.metBy).toEqual(expect.arrayContaining([...strict.metBy]));
      }
    }
  });

  test('every kind of document meets one, and has to cover the dataset', () => {
    for (const kind of ON_FILE_KINDS) {
      expect(DEMANDS.some(({ metBy }) => metBy.includes(kind))).toBe(true);
      const covers = [...ON_FILE_RULES, ...EVIDENCE_RULES].filter(
        (row) => row.kind === kind && row.requires.check === 'covers',
      );
      expect(covers.map(({ requires }) => requires)).toContainEqual({ check: 'covers', scope: 'dataset' });
    }
  });
});

describe('the route', () => {
  test('no rule begins before the others: a lone demand would open a route', () => {
    const routes = TRANSFER_RULES.filter(({ concern, otherwise }) => concern === 'route' && otherwise !== true);
    // What lifts rules or was issued again on a later day opens nothing that stood shut before.
    const first = routes.filter(({ id, displaces }) => displaces === undefined && id !== 'GEO-7.assessment');
    expect(new Set(first.map(({ from }) => from))).toEqual(new Set(['2026-02-03']));
    expect(routes.filter(({ from }) => from < '2026-02-03')).toEqual([]);
  });

  test('an exemption lifts rules of the route that there are, and important data only under a reading', () => {
    const ids = new Set(TRANSFER_RULES.filter(({ concern }) => concern === 'route').map(({ id }) => id));
    const lifting = TRANSFER_RULES.filter(({ displaces }) => displaces !== undefined);
    expect(lifting.length).toBe(12);
    for (const { displaces = [], reading } of lifting) {
      expect(displaces.filter((id) => !ids.has(id))).toEqual([]);
      expect(displaces.includes('G26-I.3.A1')).toBe(reading !== undefined);
    }
  });

  test('nine exemptions, each with a row', () => {
    const ids = TRANSFER_RULES.map(({ id }) => id);
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(ids).toContain(`EX-${number}`);
  });
});

describe('the readings', () => {
  test('each switch has a note with both sides, and says which is stricter', () => {
    for (const id of READING_IDS) {
      const note = NOTES.find(({ reading }) => reading === id);
      expect(note?.other).toBeDefined();
      expect(note?.stricter).toBeDefined();
    }
  });

  test('the stricter one is the default, or the row says what fixed the other', () => {
    const standing = NOTES.filter(({ stricter, until }) => stricter === 'other' && until === undefined);
    expect(standing.map(({ id }) => id)).toEqual(['D4', 'D9']);
    expect(standing.filter(({ defaultBecause }) => defaultBecause === undefined)).toEqual([]);
  });
});

describe('field kinds and territories', () => {
  test('every kind has one row', () => {
    expect(FIELD_KINDS.map(({ kind }) => kind)).toEqual([...FIELD_KIND_NAMES]);
  });

  test('what has coordinates is geographic', () => {
    expect(FIELD_KINDS.filter(({ coordinates, geographic }) => coordinates && !geographic)).toEqual([]);
  });

  test('248 territories, the three of China among them and the mainland not', () => {
    expect(new Set(TERRITORIES_ABROAD).size).toBe(248);
    expect(TERRITORIES_ABROAD).toEqual(expect.arrayContaining(['HK', 'MO', 'TW']));
    expect(TERRITORIES_ABROAD).not.toContain('CN');
  });
});

describe('the calendar', () => {
  test('holidays and working weekend days of 2026 are as the notice has them', () => {
    const [row] = WORKING_DAYS;
    const daysOff = (row?.holidays ?? []).map(
      ([first, last]) => (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1,
    );
    expect(daysOff).toEqual([3, 9, 3, 5, 3, 3, 7]);
    const weekdays = (row?.workingWeekendDays ?? []).map((day) => new Date(`${day}T00:00:00Z`).getUTCDay());
    expect(weekdays).toHaveLength(6);
    expect(weekdays.every((weekday) => weekday === 0 || weekday === 6)).toBe(true);
  });
});

describe('code that weighs the law', () => {
  test('has no figure of the law in it', () => {
    const limitsOfOurOwn = ['facts.ts', 'facts-text.ts', 'facts-fault.ts'];
    const mine = [
      'civil-days',
      'concern',
      'decide',
      'digest',
      'evidence',
      'explain',
      'facts-contradictions',
      'legal-facts',
      'meet-demand',
      'notes',
      'on-file',
      'rule-book',
      'verdict',
      'weigh',
    ];
    const code = sourcesIn(TRANSFER).filter(
      ({ name }) => mine.includes(name.replace('.ts', '')) && !limitsOfOurOwn.includes(name),
    );
    expect(code).toHaveLength(mine.length);
    for (const { name, text } of code) {
      const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''");
      const figures = [...bare.matchAll(/(?<![\w.])\d[\d_]{2,}(?![\w.])/g)].map((match) => match[0]);
      expect({ name, figures }).toEqual({ name, figures: [] });
    }
  });
});
