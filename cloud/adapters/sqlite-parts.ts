import { createPartTallies, type PartTallies } from '../counting/part-tallies.ts';
import { createPersonIndex, type PersonIndex } from '../counting/person-index.ts';
import type { Part, PartLook, PartStore } from '../ports/part-store.ts';
import { shapeOf } from '../transfer/join-parts.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS part (
    transfer_id TEXT PRIMARY KEY, year INTEGER NOT NULL, document TEXT NOT NULL, sensitive INTEGER NOT NULL,
    persons BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS part_by_year ON part (year);
`;

interface Row {
  readonly document: string;
  readonly sensitive: number;
  readonly persons: Buffer;
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
 * Parts in one SQLite file; those of a year are in memory once they are asked for.
 *
 * @param index - numbers of persons, which are not kept here; shared with the counts, since they are mostly the same persons
 */
export function sqliteParts(file: string, index: PersonIndex = createPersonIndex()): PartStore {
  const database = openDatabase(file, SCHEMA, PAGES_MIB);
  const insert = database.prepare('INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?)');
  const ofYear = database.prepare('SELECT document, sensitive, persons FROM part WHERE year = ?');
  const years = new Map<number, Year>();

  function yearOf({ year, groupOf }: Pick<PartLook, 'year' | 'groupOf'>): Year {
    const known = years.get(year);
    if (known !== undefined && [...known.groups].every(([recipient, group]) => groupOf(recipient) === group)) {
      return known;
    }
    // The first look of a year, or a recipient that went to another group.
    const fresh: Year = { held: new Set(), sets: new Map(), tallies: createPartTallies(index), groups: new Map() };
    for (const { document, sensitive, persons } of ofYear.iterate(year) as Iterable<Row>) {
      hold(fresh, JSON.parse(document) as Part, { persons, isSensitive: sensitive === 1 }, groupOf);
    }
    years.set(year, fresh);
    return fresh;
  }

  return {
    record: (year, part, { persons, isSensitive }) => {
      const packed = Buffer.concat(persons);
      insert.run(part.transferId, year, JSON.stringify(part), isSensitive ? 1 : 0, packed);
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
    close: () => {
      database.close();
    },
  };
}

/** Parts are looked at in memory; the file is appended to. */
const PAGES_MIB = 1;

/** What ended so has sent nothing; of a transfer that was refused or revoked something may have left. */
const NEVER_LEFT: readonly string[] = ['withheld', 'failed', 'rejected', 'lapsed'];

const setOf = (purpose: string, group: string): string => `${purpose}\0${group}`;

function hold(
  year: Year,
  part: Part,
  { persons, isSensitive }: { readonly persons: Buffer; readonly isSensitive: boolean },
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
