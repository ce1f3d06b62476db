import type { Certainty, Field } from '../field.ts';
import { compile, type Layout } from '../layout.ts';

/** One kind of information of a realtime message: a row of an edition's table. */
export interface ItemRow {
  readonly id: number;
  readonly name: string;
  /** Clause and table of GB/T 32960.3 of the edition. */
  readonly clause: string;
  readonly certainty: Certainty;
  /** Absent where the layout is not certain: such an item and all after it stay octets, since nothing says how long it is. */
  readonly fields?: readonly Field[];
}

export interface Item extends ItemRow {
  readonly layout: Layout | undefined;
}

/** @returns by id */
export function compileItems(rows: readonly ItemRow[]): readonly (Item | undefined)[] {
  const items: (Item | undefined)[] = new Array(0x100).fill(undefined);
  for (const row of rows)
    items[row.id] = { ...row, layout: row.fields === undefined ? undefined : compile(row.fields, { item: row.name }) };
  return items;
}
