import { describe, expect, test } from 'vitest';
import { lawOn, positionOf } from '../../../../cloud/rules/law-book.ts';
import { readOperatorLaw } from '../../../../cloud/rules/operator-file.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { transferFacts } from '../../../support/transfer-facts.ts';

const LEGAL = { id: 'LEGAL-1', kind: 'legal', on: '2026-11-20', by: 'counsel', basis: 'final text read' };
const EDITORIAL = { id: 'ED-1', kind: 'editorial', on: '2026-11-20', by: 'data-office', basis: 'read by two persons' };
const cited = {
  from: '2026-12-01',
  citation: { instrument: 'G26', article: 'II(5)', articleZh: '二（五）' },
  confidence: 'official',
  status: 'operator-supplied',
  signOff: 'ED-1',
};
const both = { en: 'as the final text has it', zh: '以最终文本为准' };
const clause = (id: string, measure: string, atLeast: number) => ({
  ...cited,
  table: 'clauses',
  id,
  title: both,
  test: { measure, atLeast },
});
const rule = (change: object) => ({
  ...cited,
  table: 'rules',
  id: 'OWN-1',
  concern: 'route',
  demands: 'security-assessment',
  when: [{ fact: 'recipientCountry', is: 'DE' }],
  reason: both,
  remedy: both,
  ...change,
});
const fileOf = (rows: readonly object[], change: object = {}) => ({
  rules: 1,
  signOffs: [EDITORIAL, LEGAL],
  readings: [],
  rows,
  ...change,
});
const read = (file: object) => readOperatorLaw(JSON.stringify(file, null, 1), SHIPPED_PARTS);
const codesOf = (file: object) => {
  const result = read(file);
  return result.ok ? [] : result.fault.map(({ code }) => code);
};
const weakening = (...weakens: string[]) => ({ signOffs: [EDITORIAL, { ...LEGAL, weakens }] });
const day = (text: string) => text as CivilDate;

describe("an operator's rows", () => {
  test('an empty file changes nothing, digests included', () => {
    const result = read(fileOf([]));
    if (!result.ok) throw new Error('expected a law');
    for (const on of ['2020-01-01', '2026-02-03', '2026-12-31'].map(day)) {
      expect(rulesOn(result.value.law.verdicts, on).digest).toBe(rulesOn(SHIPPED_LAW.verdicts, on).digest);
      expect(lawOn(result.value.law, on).digest).toBe(lawOn(SHIPPED_LAW, on).digest);
    }
  });

  test('a rule of his own withholds from its first day, and leaves the days before as they were', () => {
    const result = read(fileOf([rule({})]));
    if (!result.ok) throw new Error('expected a law');
    const { verdicts } = result.value.law;
    const before = transferFacts({ on: '2026-11-30' });
    expect(decide(before, verdicts).decision).toBe('permit');
    expect(rulesOn(verdicts, before.on).digest).toBe(rulesOn(SHIPPED_LAW.verdicts, before.on).digest);
    const first = decide(transferFacts({ on: '2026-12-01' }), verdicts);
    expect(first.decision).toBe('withhold');
    expect(first.rules.map(({ id, status }) => [id, status])).toEqual([['OWN-1', 'operator-supplied']]);
    expect(first.rulesDigest).not.toBe(rulesOn(SHIPPED_LAW.verdicts, day('2026-12-01')).digest);
  });

  test('a row that ends gives way to the shipped one again', () => {
    const result = read(fileOf([{ ...clause('platform-1m', 'platform-vehicles', 500_000), until: '2027-01-01' }]));
    if (!result.ok) throw new Error('expected a law');
    const figure = (on: string) =>
      lawOn(result.value.law, day(on))
        .clauses.filter(({ id }) => id === 'platform-1m')
        .map((row) => row.test);
    expect(figure('2026-11-30')).toEqual([{ measure: 'platform-vehicles', atLeast: 1_000_000 }]);
    expect(figure('2026-12-01')).toEqual([{ measure: 'platform-vehicles', atLeast: 500_000 }]);
    expect(figure('2027-01-01')).toEqual([{ measure: 'platform-vehicles', atLeast: 1_000_000 }]);
  });

  test('a reading is switched by a legal sign-off, and another clause stands', () => {
    const file = fileOf([], { readings: [{ reading: 'D5', position: 'other', signOff: 'LEGAL-1' }] });
    const result = read(file);
    if (!result.ok) throw new Error('expected a law');
    expect([positionOf(SHIPPED_LAW, 'D5'), positionOf(result.value.law, 'D5')]).toEqual(['taken', 'other']);
    const faces = lawOn(result.value.law, day('2026-12-01')).clauses.filter(({ id }) => id === 'face32');
    expect(faces.map((row) => row.test)).toEqual([
      { all: [{ measure: 'face-px', atLeast: 32 }, { finding: 'face-recognisable' }] },
    ]);
    expect(lawOn(result.value.law, day('2026-12-01')).digest).not.toBe(lawOn(SHIPPED_LAW, day('2026-12-01')).digest);
    expect(codesOf({ ...file, readings: [{ reading: 'D5', position: 'other', signOff: 'ED-1' }] })).toEqual([
      'RULES_WEAKER',
    ]);
    expect(codesOf({ ...file, readings: [{ reading: 'D11.v2x', position: 'other', signOff: 'LEGAL-1' }] })).toEqual([
      'RULES_WEAKER',
    ]);
  });

  test('a calendar of another year lets a term be counted', () => {
    const calendar = {
      ...{ table: 'calendars', id: 'CALENDAR-2027', from: '2026-11-20', signOff: 'ED-1', year: 2027 },
      ...{ holidays: [['2027-01-01', '2027-01-03']], workingWeekendDays: [], citation: cited.citation },
    };
    expect(codesOf(fileOf([calendar]))).toEqual([]);
    expect(codesOf(fileOf([{ ...calendar, year: 2026 }]))).toEqual(['RULES_WEAKER']);
  });
});

describe('what may not be made weaker', () => {
  const item = {
    ...cited,
    table: 'items',
    id: 'important-36',
    number: 36,
    scenario: both,
    category: both,
    title: both,
    kinds: ['COORD', 'TRACK'],
    precondition: [],
    anyOf: ['sens-area', 'geo-secret', 'econ-30d', 'law-enf', 'face32', 'plate16', 'fleet-100k'],
  };
  const b2 = rule({
    id: 'G26-I.3.B2',
    demands: 'contract-or-certification',
    when: [
      { fact: 'ciio', is: 'no' },
      { fact: 'personal', is: 'present' },
      { fact: 'sensitivePersons', atLeast: 1, below: 10_000 },
    ],
  });
  const ex5 = (below: number) =>
    rule({
      id: 'EX-5',
      demands: 'nothing',
      grants: 'exemption-5',
      when: [
        { fact: 'ciio', is: 'no' },
        { fact: 'personal', is: 'present' },
        { fact: 'importantData', is: 'absent' },
        { fact: 'sensitive', is: 'absent' },
        { fact: 'persons', below },
        { fact: 'sensitivePersons', below: 1 },
      ],
    });

  test.each<[string, object, string]>([
    ['a figure raised', clause('fleet-100k', 'vehicles', 100_001), 'clauses/fleet-100k'],
    [
      'a clause without its measure',
      { ...clause('fleet-100k', 'pictures', 1), id: 'fleet-100k' },
      'clauses/fleet-100k',
    ],
    ['an item that loses a clause', { ...item, anyOf: item.anyOf.slice(1) }, 'items/important-36'],
    ['an item that gains a condition', { ...item, precondition: ['fused'] }, 'items/important-36'],
    ['an item that loses a kind', { ...item, kinds: ['COORD'] }, 'items/important-36'],
    ['a hole that is filled', { ...item, id: 'important-unread-1', number: 50 }, 'items/important-unread-1'],
    ['an exemption widened', ex5(100_001), 'rules/EX-5'],
    ['a grant of his own', { ...ex5(1), id: 'OWN-2' }, 'rules/OWN-2'],
    [
      'a band that begins later',
      { ...b2, when: [{ fact: 'sensitivePersons', atLeast: 2, below: 10_000 }] },
      'rules/G26-I.3.B2',
    ],
    [
      'an assessment made a contract',
      { ...b2, id: 'G26-I.3.A3', when: [{ fact: 'personal', is: 'present' }] },
      'rules/G26-I.3.A3',
    ],
    [
      'logs kept for two years',
      { ...cited, table: 'retention', id: 'logs-3y', title: both, countedFrom: both, atLeast: { years: 2 } },
      'retention/logs-3y',
    ],
    [
      'a term of four years',
      { ...cited, table: 'onFile', id: 'SA-1', kind: 'security-assessment', requires: { check: 'term', yearsMax: 4 } },
      'onFile/SA-1',
    ],
  ])('%s needs a legal sign-off that names it', (_, row, name) => {
    expect(codesOf(fileOf([row]))).toEqual(['RULES_WEAKER']);
    expect(codesOf(fileOf([{ ...row, signOff: 'LEGAL-1' }]))).toEqual(['RULES_WEAKER']);
    expect(codesOf(fileOf([row], weakening(name)))).toEqual(['RULES_WEAKER']);
    expect(codesOf(fileOf([{ ...row, signOff: 'LEGAL-1' }], weakening(name)))).toEqual([]);
  });

  test.each<[string, object]>([
    ['a figure lowered', clause('fleet-100k', 'vehicles', 50_000)],
    [
      'an item that gains a clause and a kind',
      { ...item, anyOf: [...item.anyOf, 'nat-proj'], kinds: [...item.kinds, 'ALT'] },
    ],
    ['an exemption narrowed', ex5(50_000)],
    ['a band that holds for more', { ...b2, when: [{ fact: 'sensitivePersons', atLeast: 1 }] }],
    ['a contract made an assessment', { ...b2, demands: 'security-assessment' }],
    [
      'logs kept for five years',
      { ...cited, table: 'retention', id: 'logs-3y', title: both, countedFrom: both, atLeast: { years: 5 } },
    ],
    ['a prohibition of his own', rule({ concern: 'prohibition', demands: 'never' })],
  ])('%s does not', (_, row) => {
    expect(codesOf(fileOf([row]))).toEqual([]);
  });

  test('a prohibition is replaced by nobody', () => {
    const row = rule({
      id: 'A4-0.core',
      concern: 'prohibition',
      demands: 'never',
      when: [{ fact: 'core', is: 'present' }],
    });
    expect(codesOf(fileOf([{ ...row, signOff: 'LEGAL-1' }], weakening('rules/A4-0.core')))).toEqual([
      'RULES_PROHIBITION',
    ]);
  });
});

describe('bad files', () => {
  test('faults name line and row, and repeat no value', () => {
    const result = read(
      fileOf([{ ...clause('fleet-100k', 'vehicles', 1), from: '2026-02-30', secret: 'LSVAU033XLP012345' }]),
    );
    expect(result.ok).toBe(false);
    if (result.ok) return;
    for (const { problem } of result.fault) {
      expect(problem.en).toMatch(/^line \d+, `rows\.0/);
      expect(problem.zh).toMatch(/^第 \d+ 行/);
      expect(problem.en + problem.zh).not.toMatch(/LSVAU|02-30/);
    }
  });

  test.each<[string, string, string]>([
    ['no YAML', 'rules: [', 'RULES_FILE_SYNTAX'],
    ['a repeated key', 'rules: 1\nrules: 1', 'RULES_FILE_SYNTAX'],
    ['an alias', 'rules: &a 1\nsignOffs: *a', 'RULES_FILE_SYNTAX'],
    ['nothing', '', 'RULES_FILE_SHAPE'],
    ['too much', ' '.repeat(1_048_577), 'RULES_FILE_TOO_LARGE'],
  ])('%s', (_, text, code) => {
    const result = readOperatorLaw(text, SHIPPED_PARTS);
    expect(result.ok ? [] : result.fault.map((one) => one.code)).toContain(code);
  });

  test.each<[string, object, string]>([
    ['a row that nobody signed', fileOf([{ ...rule({}), signOff: 'X' }]), 'RULES_SIGN_OFF'],
    ['a row before its sign-off', fileOf([rule({ from: '2026-11-19' })]), 'RULES_SIGN_OFF'],
    ['another status', fileOf([rule({ status: 'official' })]), 'RULES_FILE_SHAPE'],
    ['no status', fileOf([rule({ status: undefined })]), 'RULES_FILE_SHAPE'],
    ['an unknown table', fileOf([rule({ table: 'demands' })]), 'RULES_FILE_SHAPE'],
    ['the rule of last resort', fileOf([rule({ otherwise: true })]), 'RULES_FILE_SHAPE'],
    [
      'a text that nobody cites',
      fileOf([rule({ citation: { instrument: 'NOPE', article: 'a', articleZh: '甲' } })]),
      'RULES_CONTRADICTION',
    ],
    ['two rows of one id at once', fileOf([rule({}), rule({ from: '2026-12-02' })]), 'RULES_CONTRADICTION'],
    ['a row that ends before it begins', fileOf([rule({ until: '2026-12-01' })]), 'RULES_CONTRADICTION'],
    [
      'a grant without the demand for nothing',
      fileOf([{ ...rule({ grants: 'free-flow' }), signOff: 'LEGAL-1' }], weakening('rules/OWN-1')),
      'RULES_CONTRADICTION',
    ],
    ['two sign-offs of one id', fileOf([], { signOffs: [LEGAL, LEGAL] }), 'RULES_CONTRADICTION'],
  ])('%s', (_, file, code) => {
    expect(codesOf(file)).toContain(code);
  });
});
