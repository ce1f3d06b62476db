import { createPartTallies, type PartTallies } from '../counting/part-tallies.ts';
import { DIGEST_BYTES } from '../counting/person-index.ts';
import type { Part, PartLook, PartStore } from '../ports/part-store.ts';
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

/** Parts of one year, in sets by purpose and group of recipients. */
interface Year {
  readonly parts: Map<string, { readonly part: Part; set: string; isFinal: boolean }>;
  readonly sets: Map<string, Set<string>>;
  readonly tallies: PartTallies;
  readonly groups: Map<string, string>;
}

/** Parts in one SQLite file; those of a year are in memory once they are asked for. */
export function sqliteParts(file: string): PartStore {
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
    const fresh: Year = { parts: new Map(), sets: new Map(), tallies: createPartTallies(), groups: new Map() };
    for (const { document, sensitive, persons } of ofYear.iterate(year) as Iterable<Row>) {
      hold(fresh, JSON.parse(document) as Part, { persons: digestsOf(persons), isSensitive: sensitive === 1 }, groupOf);
    }
    years.set(year, fresh);
    return fresh;
  }

  return {
    record: (year, part, { persons, isSensitive }) => {
      insert.run(part.transferId, year, JSON.stringify(part), isSensitive ? 1 : 0, Buffer.concat(persons));
      const known = years.get(year);
      const group = known?.groups.get(part.recipientId);
      if (known === undefined) return;
      // A recipient that no look has placed yet: read anew.
      if (group === undefined) years.delete(year);
      else hold(known, part, { persons, isSensitive }, () => group);
    },
    look: (part, { persons, isSensitive }, look) => {
      const year = yearOf(look);
      const group = look.groupOf(part.recipientId);
      year.groups.set(part.recipientId, group);
      const set = setOf(part.purpose, group);
      dropDead(year, set, look.stateOf);
      const parts = [...(year.sets.get(set) ?? [])].flatMap((id) => year.parts.get(id)?.part ?? []);
      const others = parts.filter(({ transferId }) => transferId !== part.transferId);
      return { parts: others, ...year.tallies.distinct(set, persons, isSensitive) };
    },
    close: () => {
      database.close();
    },
  };
}

/** Parts are looked at in memory; the file is appended to. */
const PAGES_MIB = 4;

/** What ended so has sent nothing; of a transfer that was refused or revoked something may have left. */
const NEVER_LEFT: readonly string[] = ['withheld', 'failed', 'rejected', 'lapsed'];

const setOf = (purpose: string, group: string): string => `${purpose}\0${group}`;

function hold(
  year: Year,
  part: Part,
  { persons, isSensitive }: { readonly persons: readonly Uint8Array[]; readonly isSensitive: boolean },
  groupOf: PartLook['groupOf'],
): void {
  const group = groupOf(part.recipientId);
  const set = setOf(part.purpose, group);
  year.groups.set(part.recipientId, group);
  year.parts.set(part.transferId, { part, set, isFinal: false });
  year.sets.set(set, (year.sets.get(set) ?? new Set()).add(part.transferId));
  year.tallies.hold(set, part.transferId, persons, isSensitive);
}

/** A state that is not known here counts as one that may still go. */
function dropDead(year: Year, set: string, stateOf: PartLook['stateOf']): void {
  for (const id of year.sets.get(set) ?? []) {
    const held = year.parts.get(id);
    if (held === undefined || held.isFinal) continue;
    const state = stateOf(id);
    held.isFinal = state === 'delivered';
    if (state === undefined || !NEVER_LEFT.includes(state)) continue;
    year.parts.delete(id);
    year.sets.get(set)?.delete(id);
    year.tallies.release(set, id);
  }
}

function digestsOf(bytes: Buffer): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / DIGEST_BYTES }, (_, at) =>
    bytes.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES),
  );
}
