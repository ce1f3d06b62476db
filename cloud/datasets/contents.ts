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
}

export function contentsOf(definition: DatasetDefinition): DatasetContents {
  if (definition.kind === 'tracks') {
    return { classes: new Set(kindRow('cell').classes), kinds: ['COORD', 'TRACK'], barred: ['cell'] };
  }
  const classes = new Set<DataClass>();
  const kinds = new Set<FieldKind>();
  const barred: string[] = [];
  for (const path of definition.signals) {
    const row = catalogueRow(path) ?? UNKNOWN_ROW;
    for (const one of row.classes) classes.add(one);
    kinds.add(row.fieldKind);
    if (!row.exportable) barred.push(path);
  }
  return { classes, kinds: [...kinds], barred };
}
