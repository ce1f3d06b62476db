import type { CatalogueRow, ReadingForm } from './catalogue-row.ts';
import { HANDLINGS } from './handlings.table.ts';
import type { RuleIndex } from './leaf-match.ts';
import type { LeafRule } from './leaf-rules.table.ts';
import { RANGES } from './ranges.table.ts';
import type { LeafTuple } from './vss-leaves.table.ts';

/** Rows of the leaves that a rule decides. A leaf that none decides has no row, and is treated as unknown. */
export function rowsOfLeaves(leaves: readonly LeafTuple[], rules: RuleIndex): readonly CatalogueRow[] {
  return leaves.flatMap((leaf) => {
    const [rule] = rules.matching(leaf[0]);
    return rule === undefined ? [] : [rowOf(leaf, rule)];
  });
}

function rowOf([path, , datatype, , min, max]: LeafTuple, rule: LeafRule): CatalogueRow {
  const { id, as, kind, items, reason, cite } = rule;
  const value = formOf(datatype);
  const handling = HANDLINGS[as];
  const row = { path, rule: id, ...handling, fieldKind: kind, items, reason, cite, value };
  if (value === 'text') return { ...row, ...guarded(handling.zone) };
  return value === 'flag' ? row : { ...row, ...boundsOf(path, datatype, min, max) };
}

/** A position or a name can ride in any text, so it never shares a zone with what datasets are built from. */
function guarded(zone: CatalogueRow['zone']): Pick<CatalogueRow, 'zone' | 'exportable'> {
  return { zone: zone === 'geographic' ? zone : 'important', exportable: false };
}

/** Of a list of values its elements are told one by one. */
function formOf(datatype: string): ReadingForm {
  if (datatype.startsWith('boolean')) return 'flag';
  return datatype.startsWith('string') ? 'text' : 'number';
}

const ranges = new Map(RANGES.map(([path, min, max]) => [path, { min, max }]));

/** Ours first, then what VSS states, then what the datatype can hold. A `float` without a statement has no bounds. */
function boundsOf(
  path: string,
  datatype: string,
  min: number | undefined,
  max: number | undefined,
): Pick<CatalogueRow, 'min' | 'max'> {
  const own = ranges.get(path);
  if (own !== undefined) return own;
  const [least, greatest] = INTEGERS[datatype.replace('[]', '')] ?? [];
  const [low, high] = [min ?? least, max ?? greatest];
  return { ...(low === undefined ? {} : { min: low }), ...(high === undefined ? {} : { max: high }) };
}

const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 4_294_967_295],
  int32: [-2_147_483_648, 2_147_483_647],
};
