import type { RegisterEntry } from './kind.ts';
import { registerKind } from './kinds.table.ts';

/** What a transfer is, as far as documents name it. */
export interface Concerned {
  readonly dataset: string;
  readonly recipient: string;
  readonly purpose: string;
}

/** Entries of every register in memory, by what they name. */
export interface EntryIndex {
  readonly put: (entry: RegisterEntry) => void;
  readonly find: (kind: string, id: string) => RegisterEntry | undefined;
  /** By id; withdrawn entries too. */
  readonly list: (kind: string) => readonly RegisterEntry[];
  readonly concerning: (kind: string, of: Concerned) => readonly RegisterEntry[];
  /** How many are not withdrawn. */
  readonly count: (kind: string) => number;
  /** Ids of the entries that are not withdrawn and have a number that an authority gave. */
  readonly holdersOf: (kind: string, number: string) => readonly string[];
}

/**
 * Entries of one register that one verdict looks at. Nobody has as many documents of a kind for one dataset; of those that
 * name another, the verdict tells why they do not count. One that is left out can only withhold.
 */
export const CONCERNING_MAX = 24;

interface Kind {
  readonly entries: Map<string, RegisterEntry>;
  /** By each dataset that they name, and by each recipient with each purpose. */
  readonly byDataset: Map<string, Set<string>>;
  readonly byUse: Map<string, Set<string>>;
  /** Names no datasets, so it may concern anything. */
  readonly unscoped: Set<string>;
  /** Ids by number; made once somebody asks, since only changes do. */
  numbers: Map<string, Set<string>> | undefined;
  standing: number;
  sorted: readonly RegisterEntry[] | undefined;
}

export function createEntryIndex(entries: Iterable<RegisterEntry>): EntryIndex {
  const kinds = new Map<string, Kind>();
  const index: EntryIndex = {
    put: (entry) => {
      const kind = at(kinds, entry.kind);
      const before = kind.entries.get(entry.id);
      if (before !== undefined) for (const place of placesOf(before, kind)) place.delete(entry.id);
      for (const place of placesOf(entry, kind)) place.add(entry.id);
      kind.standing += (entry.isWithdrawn ? 0 : 1) - (before === undefined || before.isWithdrawn ? 0 : 1);
      if (kind.numbers !== undefined) {
        if (before !== undefined) for (const number of numbersOf(before)) kind.numbers.get(number)?.delete(entry.id);
        number(entry, kind.numbers);
      }
      kind.entries.set(entry.id, entry);
      kind.sorted = undefined;
    },
    find: (kind, id) => kinds.get(kind)?.entries.get(id),
    list: (name) => {
      const kind = at(kinds, name);
      kind.sorted ??= [...kind.entries.values()].toSorted(byId);
      return kind.sorted;
    },
    concerning: (name, of) => concerningOf(at(kinds, name), of),
    count: (name) => kinds.get(name)?.standing ?? 0,
    holdersOf: (name, wanted) => {
      const kind = at(kinds, name);
      kind.numbers ??= numbered(kind.entries.values());
      return [...(kind.numbers.get(wanted) ?? NONE)];
    },
  };
  for (const entry of entries) index.put(entry);
  return index;
}

function at(kinds: Map<string, Kind>, name: string): Kind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind: Kind = {
    entries: new Map(),
    byDataset: new Map(),
    byUse: new Map(),
    unscoped: new Set(),
    numbers: undefined,
    standing: 0,
    sorted: undefined,
  };
  kinds.set(name, kind);
  return kind;
}

function numbered(entries: Iterable<RegisterEntry>): Map<string, Set<string>> {
  const numbers = new Map<string, Set<string>>();
  for (const entry of entries) number(entry, numbers);
  return numbers;
}

function number(entry: RegisterEntry, numbers: Map<string, Set<string>>): void {
  for (const one of numbersOf(entry)) placeAt(numbers, one).add(entry.id);
}

/** Of a withdrawn entry none: its numbers may be used again. */
const numbersOf = ({ kind, body, isWithdrawn }: RegisterEntry): readonly string[] =>
  isWithdrawn ? [] : (registerKind(kind)?.numbersOf(body) ?? []);

function placesOf({ body }: RegisterEntry, kind: Kind): readonly Set<string>[] {
  const datasets = body['datasets'];
  if (!Array.isArray(datasets)) return [kind.unscoped];
  const uses = namesOf(body['recipients']).flatMap((recipient) =>
    namesOf(body['purposes']).map((purpose) => useOf({ recipient, purpose })),
  );
  return [
    ...namesOf(datasets).map((one) => placeAt(kind.byDataset, one)),
    ...uses.map((one) => placeAt(kind.byUse, one)),
  ];
}

function placeAt(places: Map<string, Set<string>>, name: string): Set<string> {
  const known = places.get(name) ?? new Set();
  places.set(name, known);
  return known;
}

const namesOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const useOf = ({ recipient, purpose }: Pick<Concerned, 'recipient' | 'purpose'>): string => `${recipient}\0${purpose}`;

/** Those that name the whole of it before those that name a part, and of each the ones that last longest. */
function concerningOf({ entries, byDataset, byUse, unscoped }: Kind, of: Concerned): readonly RegisterEntry[] {
  const ofDataset = byDataset.get(of.dataset) ?? NONE;
  const ofUse = byUse.get(useOf(of)) ?? NONE;
  const whole = [...ofDataset].filter((id) => ofUse.has(id));
  const part = [...ofDataset].filter((id) => !ofUse.has(id));
  const other = [...ofUse].filter((id) => !ofDataset.has(id));
  const chosen = [whole, part, other].flatMap((ids) =>
    ids.flatMap((id) => entries.get(id) ?? []).toSorted(byDurability),
  );
  const free = [...unscoped].flatMap((id) => entries.get(id) ?? []);
  return [...chosen.slice(0, CONCERNING_MAX), ...free].toSorted(byId);
}

const NONE: ReadonlySet<string> = new Set();

const byId = (a: RegisterEntry, b: RegisterEntry): number => (a.id < b.id ? -1 : 1);

/** A withdrawn entry is of no use to anybody, so it comes last. */
function byDurability(a: RegisterEntry, b: RegisterEntry): number {
  if (a.isWithdrawn !== b.isWithdrawn) return a.isWithdrawn ? 1 : -1;
  const [endA, endB] = [String(a.body['validUntil']), String(b.body['validUntil'])];
  if (endA !== endB) return endA > endB ? -1 : 1;
  return byId(a, b);
}
