import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { MISSING, type MissingRow } from './missing.table.ts';
import type { Block, Cell, ReportedTransfer, ReportFacts } from './report-facts.ts';

export interface Section {
  readonly title: Bilingual;
  readonly blocks: readonly Block[];
}

export const text = (en: string, zh: string): Block => ({ block: 'text', text: bilingual(en, zh) });
export const table = (head: readonly Bilingual[], rows: readonly (readonly Cell[])[]): Block => ({
  block: 'table',
  head,
  rows,
});

export function missing(section: MissingRow['section'], { kind }: ReportFacts): readonly Block[] {
  return MISSING.filter((row) => row.section === section && row.reports.includes(kind)).map(
    ({ what, remedy, cite }) => ({
      block: 'missing',
      what: bilingual(`${what.en} (${cite})`, `${what.zh}（${cite}）`),
      remedy,
    }),
  );
}

export const UNKNOWN = bilingual('unknown', '未知');

/** What an id is called; what has no word stands as it is. */
export const wordOf = (words: Readonly<Record<string, Bilingual>>, id: string): Cell => words[id] ?? id;

/** Words of several ids in one cell; unknown as soon as one of them has no word. */
export function listOf(words: Readonly<Record<string, Bilingual>>, ids: readonly string[]): Cell {
  const found = ids.flatMap((id) => words[id] ?? []);
  if (found.length < ids.length) return UNKNOWN;
  return bilingual(found.map(({ en }) => en).join(', '), found.map(({ zh }) => zh).join('、'));
}

/** In the units of the declaration; unknown when one size is. */
export function sizeOf(transfers: readonly ReportedTransfer[]): Cell {
  let sum = 0;
  for (const { bytes } of transfers) {
    if (bytes === undefined) return UNKNOWN;
    sum += bytes;
  }
  const [unit, size] = sum >= 1e12 ? ['TB', 1e12] : sum >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  return `${(sum / Number(size)).toFixed(3)} ${unit}`;
}

export const permitted = ({ transfers }: ReportFacts): readonly ReportedTransfer[] =>
  transfers.filter(({ decision }) => decision === 'permit');

export function groupBy<T>(values: readonly T[], nameOf: (value: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(nameOf(value), [...(groups.get(nameOf(value)) ?? []), value]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
