import type { Bilingual } from '../../proto/words/fault.ts';
import type { TableRow } from '../rules/law-book.ts';
import { cite, type Language } from '../transfer/explain.ts';
import type { Citation, DatedRow, Test } from '../transfer/rule.ts';

/** One row in two lines: what it is and how sure we are of it, then what it says and where that stands. */
export function rowLines({ table, row }: TableRow, language: Language): readonly string[] {
  const { status, confidence, citation, when, requires, test, term, months, reading } = row as RowParts;
  const marks = [status, confidence].filter((one) => one !== undefined).join('/');
  const position =
    reading === undefined
      ? ''
      : `  [reading ${typeof reading === 'string' ? reading : `${reading.id}: ${reading.position}`}]`;
  const conditions = when === undefined ? [] : [`    when ${when.map(testText).join(' and ') || 'always'}`];
  const measured = requires ?? test ?? term ?? months;
  return [
    `${head(table, row)}  ${marks}${position}`.trimEnd(),
    ...conditions,
    ...(measured === undefined ? [] : [`    test ${JSON.stringify(measured)}`]),
    `    ${textOf(row, language)}${citation === undefined ? '' : ` (${cite(citation, language)})`}`,
  ];
}

/** What rows of one table or another have beside their dates. */
interface RowParts extends DatedRow {
  readonly status?: string;
  readonly confidence?: string;
  readonly citation?: Citation;
  /** Of a rule tests of facts, of a term values of an entry. */
  readonly when?: readonly (Test | { readonly key: string; readonly in: readonly string[] })[];
  readonly requires?: object;
  readonly test?: object;
  readonly term?: object;
  readonly months?: object;
  readonly reading?: string | { readonly id: string; readonly position: string };
  readonly reason?: Bilingual;
  readonly title?: Bilingual;
  readonly pitfalls?: Bilingual;
  readonly taken?: Bilingual;
  readonly other?: Bilingual;
}

function textOf(row: DatedRow, language: Language): string {
  const { reason, title, pitfalls, taken, other } = row as RowParts;
  const texts = [reason ?? title ?? pitfalls, taken, other].flatMap((text) =>
    text === undefined ? [] : [text[language]],
  );
  return texts.join(' | ') || row.id;
}

function head(table: string, { id, from, until }: DatedRow): string {
  return `${`${table}/${id}`.padEnd(ID_COLUMNS)} ${from}..${until ?? ''}`;
}

export function testText(test: Test | { readonly key: string; readonly in: readonly string[] }): string {
  if ('key' in test) return `${test.key} in ${test.in.join('|')}`;
  if ('is' in test) return `${test.fact} is ${test.is}`;
  if ('in' in test) return `${test.fact} in ${test.in.join('|')}`;
  const { fact, atLeast, below, over } = test;
  const bounds = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(over === undefined ? [] : [`> ${over}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  return `${fact} ${bounds.join(' and ')}`;
}

const ID_COLUMNS = 36;
