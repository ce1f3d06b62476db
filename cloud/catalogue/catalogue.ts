import { assert } from '../../proto/words/result.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { EVERY_ITEM } from './every-item.table.ts';
import { HANDLINGS } from './handlings.table.ts';
import type { KindEntry } from './kind-entry.ts';
import { KIND_TABLE } from './kinds.table.ts';
import { indexRules } from './leaf-match.ts';
import { rowsOfLeaves } from './leaf-rows.ts';
import { LEAF_RULES } from './leaf-rules.table.ts';
import { OWN_LEAVES } from './own-leaves.table.ts';
import { TERMINAL_KINDS } from './terminal-kinds.table.ts';
import { VSS_LEAVES, VSS_TAG_LEAVES } from './vss-leaves.table.ts';

/** Id of a kind of content that is no signal; `gb32960.*` and `jt808.*` are fields of terminals. */
export type KindId = keyof typeof KIND_TABLE | keyof typeof TERMINAL_KINDS;

/** Rows by path and by kind, bound once. */
export interface Catalogue {
  readonly rows: readonly CatalogueRow[];
  /** The row of a VSS path; undefined means domestic-only: use `UNKNOWN_ROW`. */
  readonly signal: (path: string) => CatalogueRow | undefined;
  /** The row of a kind. */
  readonly kind: (kind: KindId) => CatalogueRow;
}

/** What no row knows stays at home, with the strictest handling there is for it. Nothing says which item it is not. */
export const UNKNOWN_ROW: CatalogueRow = {
  path: 'unknown',
  rule: 'unknown',
  classes: ['personal', 'sensitive', 'important'],
  fieldKind: 'CAN',
  items: EVERY_ITEM,
  zone: 'important',
  exportable: false,
  edge: 'allowed',
  retention: 'sensitive-on-request-10wd',
  reason: { en: 'no row of the catalogue knows it, so it stays at home', zh: '数据目录中没有对应条目，仅限境内' },
  cite: 'TG',
};

/** Signals of VSS 6.0 and of the edge, in the order of their tables. */
export const SIGNAL_ROWS: readonly CatalogueRow[] = rowsOfLeaves(
  [...VSS_LEAVES, ...VSS_TAG_LEAVES, ...OWN_LEAVES],
  indexRules(LEAF_RULES),
);

export const KIND_ROWS: readonly CatalogueRow[] = Object.entries<KindEntry>({ ...KIND_TABLE, ...TERMINAL_KINDS }).map(
  ([path, { as, kind, items, cite, reason }]) => ({
    path,
    rule: `kind-${path}`,
    ...HANDLINGS[as],
    fieldKind: kind,
    items,
    reason,
    cite,
  }),
);

/** Binds rows; a later row of the same path takes the place of an earlier one. */
export function bindCatalogue(bound: readonly CatalogueRow[]): Catalogue {
  const byPath = new Map(bound.map((row) => [row.path, row]));
  const rows = [...byPath.values()];
  const isSignal = ({ path }: CatalogueRow): boolean => path.startsWith('Vehicle.');
  const signals = new Map(rows.filter(isSignal).map((row) => [row.path, row]));
  const kinds = new Map(rows.filter((row) => !isSignal(row)).map((row) => [row.path, row]));
  return {
    rows,
    signal: (path) => signals.get(path),
    kind: (kind) => kinds.get(kind) ?? { ...UNKNOWN_ROW, path: kind },
  };
}

/** What the product ships. */
export const SHIPPED_CATALOGUE: Catalogue = bindCatalogue([...SIGNAL_ROWS, ...KIND_ROWS]);

let installed = SHIPPED_CATALOGUE;
let isAsked = false;

/**
 * Puts an operator's rows in force for this process, once, before anybody has asked for a row: a caller that forgot to hand
 * the catalogue on would otherwise be the one that lets out what the operator keeps.
 *
 * @throws when a row was asked for before, which is a bug of whoever starts the process
 */
export function installCatalogue(catalogue: Catalogue): void {
  assert(!isAsked, "an operator's rows are in force before anybody asks for a row");
  installed = catalogue;
}

/** What is in force in this process: the shipped rows, or an operator's over them. */
export function installedCatalogue(): Catalogue {
  isAsked = true;
  return installed;
}

/** The row of a VSS path in force; undefined means domestic-only: use `UNKNOWN_ROW`. */
export function catalogueRow(path: string): CatalogueRow | undefined {
  return installedCatalogue().signal(path);
}

/** Whether a reading is of a field of a terminal: such readings are made at the ingress, and no vehicle sends them. */
export function isTerminalField(path: string): path is keyof typeof TERMINAL_KINDS {
  return Object.hasOwn(TERMINAL_KINDS, path);
}

/** The row in force of a reading, of a VSS path or of a field of a terminal; `UNKNOWN_ROW` for every other. */
export function readingRow(path: string): CatalogueRow {
  return catalogueRow(path) ?? (isTerminalField(path) ? kindRow(path) : UNKNOWN_ROW);
}

/** The row in force of a kind of content that is no signal. */
export function kindRow(kind: KindId): CatalogueRow {
  return installedCatalogue().kind(kind);
}

export const KIND_IDS: readonly KindId[] = KIND_ROWS.map(({ path }) => path).filter(isKindId);

/** Whether a text is the id of a kind. */
export function isKindId(text: string): text is KindId {
  return Object.hasOwn(KIND_TABLE, text) || Object.hasOwn(TERMINAL_KINDS, text);
}
