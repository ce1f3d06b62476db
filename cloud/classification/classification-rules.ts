import type { CivilDate } from '../../proto/words/time.ts';
import { installedCatalogue, isKindId, UNKNOWN_ROW } from '../catalogue/catalogue.ts';
import { type LawBook, lawOn } from '../rules/law-book.ts';
import type { ClassificationRules } from './bound-rules.ts';

/** The catalogue in force under the law of an installation. */
export function classificationRules(law: LawBook): ClassificationRules {
  const catalogue = installedCatalogue();
  return {
    items: law.tables.items,
    clauses: law.tables.clauses,
    on: rememberingDay((day) => lawOn(law, day)),
    catalogue: {
      path: catalogue.signal,
      kind: (id) => (isKindId(id) ? catalogue.kind(id) : undefined),
      unknown: UNKNOWN_ROW,
      rows: catalogue.rows,
    },
  };
}

type RowsOf = ClassificationRules['on'];

/** Rows are asked for day by day, and putting those of a day together takes milliseconds. */
function rememberingDay(rowsOf: RowsOf): RowsOf {
  let last: { readonly day: CivilDate; readonly rows: ReturnType<RowsOf> } | undefined;
  return (day) => {
    if (last?.day !== day) last = { day, rows: rowsOf(day) };
    return last.rows;
  };
}
