import { DATA_CLASSES, type DataClass } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import { assert } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { FIELD_KIND_NAMES, type FieldKind } from '../rules/field-kinds.table.ts';
import { type ClauseRow, type ClauseTest, type Finding, type ItemRow, MEASURES, type Measure } from './item.ts';
import { addSlot, emptyItemSet, ITEM_SLOTS, type ItemSet } from './item-set.ts';

/** What classification needs of a row of the catalogue. */
export interface ClassifiedRow {
  /** Path of a signal, or id of a kind. */
  readonly path: string;
  readonly classes: readonly DataClass[];
  readonly fieldKind: FieldKind;
  readonly items: readonly string[];
  readonly reason: Bilingual;
  readonly cite: string;
  readonly rule: string;
}

export interface CatalogueLookup {
  /** Undefined where no row knows the path. */
  readonly path: (path: string) => ClassifiedRow | undefined;
  /** Undefined where no row knows the kind. */
  readonly kind: (id: string) => ClassifiedRow | undefined;
  readonly unknown: ClassifiedRow;
  /** Every row. */
  readonly rows: readonly ClassifiedRow[];
}

/** Rows of all days, and those that stand on one. */
export interface ClassificationRules {
  readonly items: readonly ItemRow[];
  readonly clauses: readonly ClauseRow[];
  readonly catalogue: CatalogueLookup;
  readonly on: (day: CivilDate) => { readonly items: readonly ItemRow[]; readonly clauses: readonly ClauseRow[] };
}

/** A row of the catalogue as bits. `classes` and `kinds` are bits in the order of their lists. */
export interface Traits {
  readonly row: ClassifiedRow;
  readonly classes: number;
  readonly kinds: number;
  readonly items: ItemSet;
  readonly roles: number;
}

/** What a record does for aggregates, as bits. */
export const ROLE = { running: 1, exterior: 2, picture: 4, clip: 8, flow: 16, yearly: 32 } as const;

/** Rules of all days, prepared for a stream of records. */
export interface BoundRules {
  readonly slotOf: ReadonlyMap<string, number>;
  readonly traitsOfPath: (path: string) => Traits;
  readonly traitsOfKind: (id: string) => Traits;
  /** Slots of items that on some day have a clause that asks for a measure. */
  readonly measuring: (measure: Measure) => readonly number[];
  /** The rows in force on a day. */
  readonly on: (day: CivilDate) => RowsOfDay;
}

export interface RowsOfDay {
  readonly items: readonly ItemRow[];
  readonly clauseOf: (id: string) => ClauseRow | undefined;
}

/** What the surroundings look like to a vehicle. */
export const EXTERIOR: readonly FieldKind[] = ['CAM-EXT', 'VIDEO-EXT', 'POINTCLOUD', 'RADAR-OBJ'];

/**
 * @param slots - items by slot, as a store has given them out; without a store they are numbered as listed
 * @throws where there are more items than slots: no class may rest on a part of the list
 */
export function bindRules(rules: ClassificationRules, slots?: ReadonlyMap<string, number>): BoundRules {
  const slotOf = slots ?? new Map([...new Set(rules.items.map(({ id }) => id))].map((id, index) => [id, index]));
  assert(slotOf.size <= ITEM_SLOTS, 'there are no more items than slots');
  const asks = measuredBy(rules);
  const isFused = fusedBy(rules);
  const tested = itemsTested(rules);
  const traits = (row: ClassifiedRow): Traits =>
    traitsOf({ ...row, items: tested(row) }, row, { slotOf, asks, isFused });
  // What nobody knows may be running data, a picture, or both in one.
  const known = traits(rules.catalogue.unknown);
  const unknown = { ...known, roles: known.roles | ROLE.running | ROLE.exterior };
  return {
    slotOf,
    traitsOfPath: remembering(rules.catalogue.path, traits, unknown),
    traitsOfKind: remembering(rules.catalogue.kind, traits, unknown),
    measuring: (measure) => [...slotOf].filter(([id]) => asks(id, measure)).map(([, slot]) => slot),
    on: (day) => rowsOn(rules, day),
  };
}

function rowsOn({ on }: ClassificationRules, day: CivilDate): RowsOfDay {
  const { items, clauses } = on(day);
  const byId = new Map(clauses.map((row) => [row.id, row]));
  return { items, clauseOf: (id) => byId.get(id) };
}

/**
 * Items to test on what a row of the catalogue is of: those that the row names, and those that an operator added for its kind
 * of field, which no row can name.
 */
export function itemsTested(rules: ClassificationRules): (row: ClassifiedRow) => readonly string[] {
  const added = rules.items.filter(({ status }) => status === 'operator-supplied');
  if (added.length === 0) return ({ items }) => items;
  return ({ items, fieldKind }) => {
    const own = added.filter(({ kinds }) => kinds.includes(fieldKind)).map(({ id }) => id);
    return [...new Set([...items, ...own])];
  };
}

/** Traits by name. What no row knows is not remembered: a vehicle can make up paths without end. */
function remembering(
  find: (name: string) => ClassifiedRow | undefined,
  traits: (row: ClassifiedRow) => Traits,
  unknown: Traits,
): (name: string) => Traits {
  const known = new Map<string, Traits>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const row = find(name);
    if (row === undefined) return unknown;
    const made = traits(row);
    known.set(name, made);
    return made;
  };
}

interface TraitContext {
  readonly slotOf: ReadonlyMap<string, number>;
  readonly asks: (item: string, measure: Measure) => boolean;
  readonly isFused: (item: string) => boolean;
}

function traitsOf(row: ClassifiedRow, shown: ClassifiedRow, { slotOf, asks, isFused }: TraitContext): Traits {
  const items = emptyItemSet();
  for (const item of row.items) {
    const slot = slotOf.get(item);
    if (slot !== undefined) addSlot(items, slot);
  }
  const some = (measure: Measure): boolean => row.items.some((item) => asks(item, measure));
  // What is measured in kilometres or hours is collected on days, which are counted as those of pictures are.
  const isExterior = EXTERIOR.includes(row.fieldKind) || some('km') || some('hours');
  const roles =
    (!isExterior && row.items.some(isFused) ? ROLE.running : 0) |
    (isExterior ? ROLE.exterior : 0) |
    (row.fieldKind === 'CAM-EXT' ? ROLE.picture : 0) |
    (row.fieldKind === 'VIDEO-EXT' ? ROLE.clip : 0) |
    (some('flow-days') ? ROLE.flow : 0) |
    (some('persons-of-year') ? ROLE.yearly : 0);
  // An item that has no row cannot be evaluated, and what cannot be evaluated counts as a hit.
  const isUnlisted = row.items.some((item) => !slotOf.has(item));
  const classes = classBits(isUnlisted ? [...row.classes, 'important'] : row.classes);
  return { row: shown, classes, kinds: kindBits([row.fieldKind]), items, roles };
}

export function classBits(classes: Iterable<DataClass>): number {
  let bits = 0;
  for (const one of classes) bits |= 1 << DATA_CLASSES.indexOf(one);
  return bits;
}

/** @throws where there is no bit for a kind */
export function kindBits(kinds: Iterable<FieldKind>): number {
  let bits = 0;
  for (const one of kinds) {
    const bit = FIELD_KIND_NAMES.indexOf(one);
    assert(bit >= 0 && bit < 32, 'a field kind has a bit of 32');
    bits |= 1 << bit;
  }
  return bits;
}

export function classesIn(bits: number): readonly DataClass[] {
  return DATA_CLASSES.filter((_, index) => (bits & (1 << index)) !== 0);
}

export function kindsIn(bits: number): readonly FieldKind[] {
  return FIELD_KIND_NAMES.filter((_, index) => (bits & (1 << index)) !== 0);
}

const FUSED: readonly Finding[] = ['fused', 'fused-with-both'];

/** Whether an item is one of running data that matters once it is joined to exterior imagery or radar. */
function fusedBy({ items, clauses }: ClassificationRules): (item: string) => boolean {
  const fused = clauses.filter(({ test }) => 'finding' in test && FUSED.includes(test.finding)).map(({ id }) => id);
  return (item) => items.some(({ id, precondition }) => id === item && precondition.some((one) => fused.includes(one)));
}

function measuredBy({ items, clauses }: ClassificationRules): (item: string, measure: Measure) => boolean {
  const measures = new Map<string, Set<Measure>>();
  for (const { id, precondition, anyOf } of items) {
    const named = clauses.filter((clause) => precondition.includes(clause.id) || anyOf.includes(clause.id));
    const asked = MEASURES.filter((measure) => named.some(({ test }) => testMeasures(test, measure)));
    measures.set(id, new Set([...(measures.get(id) ?? []), ...asked]));
  }
  return (item, measure) => measures.get(item)?.has(measure) === true;
}

function testMeasures(test: ClauseTest, measure: Measure): boolean {
  if ('all' in test) return test.all.some((one) => testMeasures(one, measure));
  if ('any' in test) return test.any.some((one) => testMeasures(one, measure));
  return 'measure' in test && test.measure === measure;
}
