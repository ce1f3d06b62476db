import { parseCivilDate } from '../../proto/words/time.ts';
import type { ReportPeriod } from './report-facts.ts';

/** Years that one report may cover: logs are kept three. */
const YEARS_MAX = 10;

/** `2026`, or `2026-01-01..2026-06-30`; undefined for what is no period, or one of more than `YEARS_MAX` years. */
export function periodOf(text: string): ReportPeriod | undefined {
  const [, year] = /^(\d{4})$/.exec(text) ?? [];
  const [first, last] = year === undefined ? text.split('..') : [`${year}-01-01`, `${year}-12-31`];
  const [from, until] = [parseCivilDate(first ?? ''), parseCivilDate(last ?? '')];
  if (!from.ok || !until.ok || from.value > until.value) return undefined;
  const years = Number(until.value.slice(0, 4)) - Number(from.value.slice(0, 4)) + 1;
  return years > YEARS_MAX ? undefined : { from: from.value, until: until.value };
}
