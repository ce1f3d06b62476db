import { createPartTallies, type PartTallies } from '../../counting/part-tallies.ts';
import { createPersonIndex, type PersonIndex } from '../../counting/person-index.ts';
import type { Part, PartLook, PartStore } from '../../ports/part-store.ts';
import { shapeOf } from '../../transfer/join-parts.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

export interface PartTables {
  readonly part: {
    readonly transfer_id: string;
    readonly year: number;
    readonly document: string;
    readonly sensitive: number;
    readonly persons: Uint8Array;
  };
}

interface Shape {
  readonly part: Part;
  readonly transferIds: Set<string>;
  sorted: readonly string[] | undefined;
}

/** Parts of one purpose and group of recipients, those together that a join cannot tell apart. */
interface PartSet {
  readonly shapes: Map<string, Shape>;
  /** Parts whose transfer may still come to nothing, with their shape. */
  readonly open: Map<string, string>;
}

/** Parts of one year, in sets by purpose and group of recipients. */
interface Year {
  readonly held: Set<string>;
  readonly sets: Map<string, PartSet>;
  readonly tallies: PartTallies;
  readonly groups: Map<string, string>;
}

/**
 * Parts in one store; those of a year are in memory once they are asked for.
 *
 * @param index - numbers of persons, which are not kept here; shared with the counts, since they are mostly the same persons
 */
export function partStore(database: SqlDatabase<PartTables>, index: PersonIndex = createPersonIndex()): PartStore {
  const { insert, ofYear } = statements(database);
  const years = new Map<number, Year>();

  function yearOf({ year, groupOf }: Pick<PartLook, 'year' | 'groupOf'>): Year {
    const known = years.get(year);
    if (known !== undefined && [...known.groups].every(([recipient, group]) => groupOf(recipient) === group)) {
      return known;
    }
    // The first look of a year, or a recipient that went to another group.
    const fresh: Year = { held: new Set(), sets: new Map(), tallies: createPartTallies(index), groups: new Map() };
    for (const { document, sensitive, persons } of ofYear.each({ year })) {
      hold(fresh, JSON.parse(document) as Part, { persons, isSensitive: sensitive === 1 }, groupOf);
    }
    years.set(year, fresh);
    return fresh;
  }

  return {
    record: (year, part, { persons, isSensitive }) => {
      const packed = Buffer.concat(persons);
      const [transfer_id, document] = [part.transferId, JSON.stringify(part)];
      insert.run({ transfer_id, year, document, sensitive: isSensitive ? 1 : 0, persons: packed });
      const known = years.get(year);
      const group = known?.groups.get(part.recipientId);
      if (known === undefined) return;
      // A recipient that no look has placed yet: read anew.
      if (group === undefined) years.delete(year);
      else hold(known, part, { persons: packed, isSensitive }, () => group);
    },
    look: (part, { persons, isSensitive }, look) => {
      const year = yearOf(look);
      const group = look.groupOf(part.recipientId);
      year.groups.set(part.recipientId, group);
      const name = setOf(part.purpose, group);
      const set = year.sets.get(name);
      if (set !== undefined) dropDead(year, name, set, look.stateOf);
      const groups = [...(set?.shapes.values() ?? [])].flatMap((shape) => {
        shape.sorted ??= [...shape.transferIds].toSorted();
        const isIn = shape.transferIds.has(part.transferId);
        const transferIds = isIn ? shape.sorted.filter((id) => id !== part.transferId) : shape.sorted;
        return transferIds.length === 0 ? [] : [{ part: shape.part, transferIds }];
      });
      return { groups, ...year.tallies.distinct(name, persons, isSensitive) };
    },
    close: database.close,
  };
}

function statements({ prepare, tables }: SqlDatabase<PartTables>) {
  return {
    insert: prepare((at: Places<PartTables['part']>) =>
      tables
        .insertInto('part')
        .values({
          ...{ transfer_id: at.transfer_id, year: at.year, document: at.document },
          ...{ sensitive: at.sensitive, persons: at.persons },
        })
        .onConflict((on) => on.doNothing()),
    ),
    ofYear: prepare((at: Places<{ readonly year: number }>) =>
      tables.selectFrom('part').select(['document', 'sensitive', 'persons']).where('year', '=', at.year),
    ),
  };
}

/** What ended so has sent nothing; of a transfer that was refused or revoked something may have left. */
const NEVER_LEFT: readonly string[] = ['withheld', 'failed', 'rejected', 'lapsed'];

const setOf = (purpose: string, group: string): string => `${purpose}\0${group}`;

function hold(
  year: Year,
  part: Part,
  { persons, isSensitive }: { readonly persons: Uint8Array; readonly isSensitive: boolean },
  groupOf: PartLook['groupOf'],
): void {
  const { transferId } = part;
  if (year.held.has(transferId)) return;
  year.held.add(transferId);
  const group = groupOf(part.recipientId);
  const name = setOf(part.purpose, group);
  year.groups.set(part.recipientId, group);
  const set = year.sets.get(name) ?? { shapes: new Map(), open: new Map() };
  year.sets.set(name, set);
  const key = shapeOf(part);
  const shape = set.shapes.get(key) ?? { part, transferIds: new Set(), sorted: undefined };
  set.shapes.set(key, shape);
  shape.transferIds.add(transferId);
  shape.sorted = undefined;
  set.open.set(transferId, key);
  year.tallies.hold(name, transferId, persons, isSensitive);
}

/** A state that is not known here counts as one that may still go. */
function dropDead(year: Year, name: string, { shapes, open }: PartSet, stateOf: PartLook['stateOf']): void {
  for (const [id, key] of open) {
    const state = stateOf(id);
    if (state === 'delivered' || state === 'refused') open.delete(id);
    if (state === undefined || !NEVER_LEFT.includes(state)) continue;
    open.delete(id);
    const shape = shapes.get(key);
    shape?.transferIds.delete(id);
    if (shape !== undefined) shape.sorted = undefined;
    year.tallies.release(name, id);
  }
}
