import type { DataClass } from '../../proto/words/data-class.ts';
import { catalogueRow, kindRow, UNKNOWN_ROW } from '../catalogue/catalogue.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { DatasetDefinition } from './definition.ts';

/** What a dataset would contain, by the catalogue and before anything is read. */
export interface DatasetContents {
  readonly classes: ReadonlySet<DataClass>;
  readonly kinds: readonly FieldKind[];
  /** Signals that may not be in any parcel, or that no row knows. A dataset with one is never built. */
  readonly barred: readonly string[];
  /** Items of important data that the classification has to test. */
  readonly items: readonly string[];
}

export function contentsOf(definition: DatasetDefinition): DatasetContents {
  if (definition.kind === 'tracks') {
    const { classes, items } = kindRow('cell');
    return { classes: new Set(classes), kinds: ['COORD', 'TRACK'], barred: ['cell'], items };
  }
  const classes = new Set<DataClass>();
  const kinds = new Set<FieldKind>();
  const barred: string[] = [];
  // Rows stand under a pseudonym that we can undo.
  const items = new Set(kindRow('subject-tag').items);
  for (const path of definition.signals) {
    const row = catalogueRow(path) ?? UNKNOWN_ROW;
    for (const one of row.classes) classes.add(one);
    kinds.add(row.fieldKind);
    for (const item of row.items) items.add(item);
    if (!row.exportable) barred.push(path);
  }
  return { classes, kinds: [...kinds], barred, items: [...items] };
}
