import type { Bilingual } from '../../proto/words/fault.ts';
import type { TableRow } from '../rules/law-book.ts';
import { cite, type Language } from '../transfer/explain.ts';
import type { Citation, DatedRow } from '../transfer/rule.ts';
import { type Condition, conditionsText } from './condition-text.ts';

/** One row in two lines: what it is and how sure we are of it, then what it says and where that stands. */
export function rowLines({ table, row }: TableRow, language: Language): readonly string[] {
  const { status, confidence, citation, when, requires, test, term, months, reading } = row as RowParts;
  const marks = [status, confidence].filter((one) => one !== undefined).join('/');
  const position =
    reading === undefined
      ? ''
      : `  [${WORDS[language].reading} ${typeof reading === 'string' ? reading : `${reading.id}: ${reading.position}`}]`;
  const conditions = when === undefined ? [] : [`    ${conditionsText(when, language)}`];
  const measured = requires ?? test ?? term ?? months;
  return [
    `${head(table, row)}  ${marks}${position}`.trimEnd(),
    ...conditions,
    ...(measured === undefined ? [] : [`    ${WORDS[language].test} ${JSON.stringify(measured)}`]),
    `    ${textOf(row, language)}${citation === undefined ? '' : ` (${cite(citation, language)})`}`,
  ];
}

/** What rows of one table or another have beside their dates. */
interface RowParts extends DatedRow {
  readonly status?: string;
  readonly confidence?: string;
  readonly citation?: Citation;
  readonly when?: readonly Condition[];
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

/** What a test measures stays as a file of rows writes it. */
const WORDS = { en: { reading: 'reading', test: 'test' }, zh: { reading: '解读', test: '检验' } } as const;

const ID_COLUMNS = 36;
