import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decideCommand } from '../../../../cloud/cli/decide.command.ts';
import { rulesCheckCommand, rulesListCommand, rulesShowCommand } from '../../../../cloud/cli/rules.command.ts';
import { rulesDiffCommand } from '../../../../cloud/cli/rules-diff.command.ts';

const example = readFileSync(new URL('../../../../docs/examples/rules-operator.yaml', import.meta.url), 'utf8');
const facts = readFileSync(new URL('../../../../docs/examples/facts-battery-statistics.yaml', import.meta.url), 'utf8');
const FILES: Readonly<Record<string, string>> = {
  'good.yaml': example,
  'weak.yaml': example.replace('atLeast: 50000', 'atLeast: 200000'),
  'own-rule.yaml': `rules: 1
signOffs: [{ id: S-1, kind: editorial, on: 2026-01-01, by: office, basis: house rule }]
readings: []
rows:
  - { table: rules, id: OWN-1, from: 2026-02-03, signOff: S-1, status: operator-supplied, confidence: own, concern: route, demands: security-assessment,
      when: [{ fact: personal, is: present }], citation: { instrument: TG, article: house rule, articleZh: 内部规则 },
      reason: { en: house rule, zh: 内部规则 }, remedy: { en: ask, zh: 询问 } }
`,
  'facts.yaml': facts,
};

function surroundings() {
  const out: string[] = [];
  const err: string[] = [];
  const readFile = async (path: string): Promise<string> => {
    const text = FILES[path];
    if (text === undefined) throw new Error('ENOENT: no such file');
    return text;
  };
  return { out, err, io: { readFile, out: (line: string) => out.push(line), err: (line: string) => err.push(line) } };
}

const plain = { json: false, language: 'en' } as const;
const json = { json: true, language: 'en' } as const;

describe('tongguan rules check', () => {
  test('the example of the documents is good', async () => {
    const { out, err, io } = surroundings();
    expect(await rulesCheckCommand({ ...plain, rules: 'good.yaml' }, io)).toBe(0);
    expect(out.at(-1)).toBe('good: 3 row(s)');
    expect(err).toEqual([]);
  });

  test('a weaker one is told by line and row', async () => {
    const { out, err, io } = surroundings();
    expect(await rulesCheckCommand({ ...json, rules: 'weak.yaml' }, io)).toBe(2);
    expect(JSON.parse(out[0] ?? '').faults.map(({ code }: { code: string }) => code)).toEqual(['RULES_WEAKER']);
    expect(err[0]).toMatch(/line \d+, `clauses\/fleet-100k`/);
  });

  test('one that is not there is a fault', async () => {
    const { err, io } = surroundings();
    expect(await rulesCheckCommand({ ...plain, rules: 'none.yaml' }, io)).toBe(2);
    expect(err[0]).toContain('[RULES_FILE_UNREADABLE]');
  });
});

describe('tongguan rules show', () => {
  test('prints every row of an id with all it holds', async () => {
    const { out, io } = surroundings();
    expect(await rulesShowCommand({ ...json, id: 'EX-9' }, io)).toBe(0);
    expect(JSON.parse(out[0] ?? '').map(({ table, from }: { table: string; from: string }) => [table, from])).toEqual([
      ['rules', '2026-02-03'],
      ['rules', '2026-11-23'],
    ]);
  });

  test('knows texts as well, and says when it knows nothing', async () => {
    const { out, err, io } = surroundings();
    expect(await rulesShowCommand({ ...plain, id: 'G26' }, io)).toBe(0);
    expect(out.join('\n')).toContain('工信部网安〔2026〕27号');
    expect(await rulesShowCommand({ ...plain, id: 'EX-99' }, io)).toBe(1);
    expect(err[0]).toContain('[RULES_NO_ROW]');
  });
});

describe('tongguan rules diff', () => {
  test('between two files', async () => {
    const { out, io } = surroundings();
    expect(await rulesDiffCommand({ ...json, files: ['shipped', 'good.yaml'] }, io)).toBe(0);
    const changes = JSON.parse(out[0] ?? '').map(
      ({ change, table, row }: { change: string; table: string; row: { id: string } }) =>
        [change, table, row.id].join(' '),
    );
    expect(changes).toEqual([
      'added calendars CALENDAR-2027',
      'removed clauses fleet-100k',
      'added clauses fleet-100k',
      'added clauses fleet-100k',
      'added zoneLists example-zone',
    ]);
  });

  test('between two days', async () => {
    const { out, io } = surroundings();
    expect(await rulesDiffCommand({ ...plain, files: [], on: ['2026-11-22', '2026-11-23'] }, io)).toBe(0);
    expect(out.join('\n')).toMatch(/^\+ rules\/EX-9\.route/m);
    expect(out.join('\n')).toMatch(/^- notes\/GEO-7 /m);
  });

  test('a side against itself differs in nothing', async () => {
    const { out, io } = surroundings();
    expect(await rulesDiffCommand({ ...plain, files: ['good.yaml', 'good.yaml'] }, io)).toBe(0);
    expect(out).toEqual(['no difference']);
  });

  test.each([
    [{ files: ['shipped'] }, 'RULES_DIFF_SIDES'],
    [{ files: ['shipped', 'good.yaml', 'good.yaml'] }, 'RULES_DIFF_SIDES'],
    [{ files: [], on: ['2026-11-22'] }, 'RULES_DIFF_SIDES'],
    [{ files: ['shipped'], on: ['2026-11-22', '2026-11-23'] }, 'RULES_DIFF_SIDES'],
    [{ files: [], on: ['2026-11-22', '2026-02-30'] }, 'RULES_DATE'],
    [{ files: ['shipped', 'weak.yaml'] }, 'RULES_WEAKER'],
  ])('%j is no comparison', async (args, code) => {
    const { err, io } = surroundings();
    expect(await rulesDiffCommand({ ...plain, ...args }, io)).toBe(2);
    expect(err[0]).toContain(`[${code}]`);
  });
});

describe('--rules FILE', () => {
  test('list has the rows of the file on their days', async () => {
    const { out, io } = surroundings();
    expect(await rulesListCommand({ ...json, on: '2026-12-01', rules: 'good.yaml' }, io)).toBe(0);
    const listed = JSON.parse(out[0] ?? '');
    expect(listed.clauses.find(({ id }: { id: string }) => id === 'fleet-100k').test.atLeast).toBe(50_000);
    expect(listed.items).toHaveLength(51);
    expect(listed.instruments.length).toBeGreaterThan(15);
    expect(listed.classificationDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('decide weighs them, and decides nothing by a faulty file', async () => {
    const { out, err, io } = surroundings();
    expect(await decideCommand({ ...json, path: 'facts.yaml' }, io)).toBe(0);
    expect(await decideCommand({ ...json, path: 'facts.yaml', rules: 'own-rule.yaml' }, io)).toBe(3);
    const [shipped, own] = out.map((line) => JSON.parse(line));
    expect(own.rules.map(({ id }: { id: string }) => id)).toEqual(['OWN-1']);
    expect(own.rulesDigest).not.toBe(shipped.rulesDigest);
    expect(await decideCommand({ ...json, path: 'facts.yaml', rules: 'weak.yaml' }, io)).toBe(2);
    expect(err[0]).toContain('[RULES_WEAKER]');
  });
});
