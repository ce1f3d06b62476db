import { describe, expect, test } from 'vitest';
import { catalogueRow, SIGNAL_ROWS } from '../../cloud/catalogue/catalogue.ts';
import { FAULT_ROWS } from '../../cloud/exporter/faults.table.ts';
import { REJECTIONS } from '../../cloud/ingest/rejections.ts';
import { neverLeaves } from '../../edge/stages/forbidden-paths.ts';
import { PATHS } from '../../firmware-sim/signals.ts';
import { parseCivilDate } from '../../proto/words/time.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { filesBelow, read, SOURCES } from './sources.ts';

const TABLES = SOURCES.filter((path) => path.endsWith('.table.ts'));

/** Every value within the exports of a module, with the way to it. */
async function* valuesOf(path: string): AsyncGenerator<readonly [where: string, value: unknown]> {
  const exported = (await import(`../../${path}`)) as Record<string, unknown>;
  yield* walk(path, exported);
}

function* walk(where: string, value: unknown): Generator<readonly [where: string, value: unknown]> {
  yield [where, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* walk(`${where} ${key}`, inner);
}

describe('both languages', () => {
  /** One line of ASCII, and of Chinese; a code or a path of the product is neither and may stand in both. */
  const isEnglish = (text: unknown): boolean =>
    typeof text === 'string' && /^[\x20-\x7e]*[a-z]{2}[\x20-\x7e]*$/.test(text);
  const isChinese = (text: unknown): boolean =>
    typeof text === 'string' && /\p{Script=Han}/u.test(text) && !/\n/.test(text);

  test.each(TABLES)('%s', async (path) => {
    const wanting: string[] = [];
    for await (const [where, value] of valuesOf(path)) {
      if (typeof value !== 'object' || value === null || !('en' in value)) continue;
      // A form or a row of words that has `en` among its keys.
      if (typeof value.en === 'object') continue;
      if (!isEnglish(value.en) || !('zh' in value) || !isChinese(value.zh)) wanting.push(where);
    }
    expect(wanting).toEqual([]);
  });

  test('every rejection of the cloud', () => {
    const texts = Object.entries(REJECTIONS).map(([code, { problem, remedy }]) => ({ code, both: [problem, remedy] }));
    expect(texts.filter(({ both }) => !both.every(({ en, zh }) => isEnglish(en) && isChinese(zh)))).toEqual([]);
  });

  test('every fault of the exporter and the receiver', () => {
    const wanting = Object.entries(FAULT_ROWS).filter(
      ([, [en, zh, remedyEn, remedyZh]]) => ![en, remedyEn].every(isEnglish) || ![zh, remedyZh].every(isChinese),
    );
    expect(wanting).toEqual([]);
  });

  test('every pair that stands in the code as two texts', () => {
    const pairs = SOURCES.flatMap((path) =>
      [...read(path).matchAll(PAIR)].map(([, , en = '', , zh = '']) => ({ path, en, zh })),
    );
    expect(pairs.length).toBeGreaterThan(50);
    // A pair that only puts other texts together has no words of its own.
    const worded = pairs.filter(({ en }) => /[a-z]{2}/i.test(en.replace(/\$\{[^}]*\}/g, '')));
    expect(worded.filter(({ en, zh }) => !isChinese(zh) || /\p{Script=Han}/u.test(en))).toEqual([]);
  });

  test('no text passes for both', () => {
    expect(SOURCES.filter((path) => /\bbilingual\(\s*(\w+),\s*\1\s*\)/.test(read(path)))).toEqual([]);
  });
});

/** `bilingual('en', 'zh')` with texts of any quotes. */
const PAIR = /\bbilingual\(\s*(['"`])((?:\\.|(?!\1).)*)\1,\s*(['"`])((?:\\.|(?!\3).)*)\3/gs;

describe('dates', () => {
  test.each(TABLES)('%s names days that exist', async (path) => {
    const wrong: string[] = [];
    for await (const [where, value] of valuesOf(path)) {
      const isDate = typeof value === 'string' && (/ (?:from|until)$/.test(where) || /^\d{4}-\d\d-\d\d$/.test(value));
      if (isDate && !parseCivilDate(value).ok) wrong.push(`${where}: ${value}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('signals', () => {
  test('each path that the simulator writes has a row of the catalogue', () => {
    expect(Object.values(PATHS).filter((path) => catalogueRow(path) === undefined)).toEqual([]);
  });

  test('edge and cloud forbid the same ones, each by its own means', () => {
    const differing = SIGNAL_ROWS.filter(({ path, edge }) => neverLeaves(path) !== (edge === 'forbidden'));
    expect(differing.map(({ path }) => path)).toEqual([]);
  });

  test('the catalogue has each path once, and every path is one of VSS', () => {
    const paths = SIGNAL_ROWS.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index || !parseVssPath(path).ok)).toEqual([]);
  });

  test('what may be exported is of no class that stays at home', () => {
    const athome = SIGNAL_ROWS.filter(
      ({ exportable, classes }) =>
        exportable &&
        classes.some((one) => one === 'sensitive' || one === 'geographic' || one === 'important' || one === 'core'),
    );
    expect(athome).toEqual([]);
  });
});

describe('the schemas', () => {
  const schemas = filesBelow('proto/schema').filter(
    (path) => path.endsWith('.proto') && !path.endsWith('limits.proto'),
  );

  test.each(schemas)('%s limits every field', (path) => {
    const fields = fieldsOf(read(path));
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter((field) => !isLimited(field)).map(({ text }) => text)).toEqual([]);
  });

  test.each(schemas)('%s has no number twice in a message', (path) => {
    const numbers = [...read(path).matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name, body = '']) => ({
      name,
      numbers: fieldsOf(body).map(({ number }) => number),
    }));
    expect(numbers.filter((one) => new Set(one.numbers).size < one.numbers.length)).toEqual([]);
  });
});

interface Field {
  readonly text: string;
  readonly isRepeated: boolean;
  readonly type: string;
  readonly number: number;
  readonly options: string;
}

/** Fields of messages; the values of an enum have no type. */
function fieldsOf(schema: string): readonly Field[] {
  const withoutNotes = schema.replace(/\/\/.*$/gm, '');
  return [...withoutNotes.matchAll(/^\s+(repeated )?([\w.]+) \w+ = (\d+)\s*(\[[^\]]*\])?;/gm)].map(
    ([text, repeated, type = '', number, options = '']) => ({
      text: text.trim(),
      isRepeated: repeated !== undefined,
      type,
      number: Number(number),
      options,
    }),
  );
}

function isLimited({ isRepeated, type, options }: Field): boolean {
  const wanted = [...(isRepeated ? ['max_count'] : []), ...(LIMIT_OF[type] ?? [])];
  return wanted.every((name) => options.includes(`(${name}) = `));
}

/** A flag has two values, a double has to be finite, and messages and enums are limited by themselves. */
const LIMIT_OF: Readonly<Record<string, readonly string[]>> = {
  string: ['max_bytes'],
  bytes: ['max_bytes'],
  uint32: ['max_value'],
  uint64: ['max_value'],
  int32: ['max_value'],
  int64: ['max_value'],
  sint32: ['max_value'],
  sint64: ['max_value'],
};
