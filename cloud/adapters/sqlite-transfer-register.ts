import { assert } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, type Instant, startOfDay } from '../../proto/words/time.ts';
import { type CountedDay, countedDays, type DatedHolding } from '../counting/counted-days.ts';
import { createPersonIndex, DIGEST_BYTES, freshOf, type PersonIndex } from '../counting/person-index.ts';
import { createScopeCounts, type Scope, type ScopeCount, type ScopedHolding } from '../counting/scope-counts.ts';
import { createYearTallies, type Holding, type YearTallies } from '../counting/tallies.ts';
import type {
  PersonKind,
  Reservation,
  TransferRegister,
  TransferRow,
  TransferState,
  TransferTally,
  Volume,
} from '../ports/transfer-register.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';
import { HELD_SCHEMA, sqliteHeldCases } from './sqlite-held-cases.ts';
import { TALLY_SCHEMA } from './transfer-tally-schema.ts';
import { whileUnchanged } from './while-unchanged.ts';

// A person has a number of their own, so that a transfer's persons are one row. Those who are new in a transfer are one row
// too, from the first of their numbers on; `person` is how they were written before, and is only read. A holding is reserved
// until the transfer ends; then it is counted for good, or it goes.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS transfer (
    transfer_id TEXT PRIMARY KEY, requested_at INTEGER NOT NULL, dataset_id TEXT NOT NULL, recipient_id TEXT NOT NULL,
    purpose TEXT NOT NULL, state TEXT NOT NULL, persons INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS person (number INTEGER PRIMARY KEY, digest BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS persons (first INTEGER PRIMARY KEY, digests BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS holding (
    transfer_id TEXT NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, route TEXT NOT NULL, exempt INTEGER NOT NULL,
    persons BLOB NOT NULL, PRIMARY KEY (transfer_id, kind));
  CREATE TABLE IF NOT EXISTS volume (transfer_id TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS holding_by_year ON holding (year);
  DROP INDEX IF EXISTS transfer_by_state;
  CREATE INDEX IF NOT EXISTS transfer_by_state_and_time ON transfer (state, requested_at, transfer_id);
  CREATE INDEX IF NOT EXISTS transfer_by_time ON transfer (requested_at, transfer_id);
  CREATE INDEX IF NOT EXISTS transfer_by_ends ON transfer (dataset_id, recipient_id, state);
`;

const KINDS = ['plain', 'sensitive'] as const satisfies readonly PersonKind[];

/** Transfers and exact counts in one SQLite file; the counts of a year are also in memory once it is asked for. */
export function sqliteTransferRegister(file: string): TransferRegister & { readonly persons: PersonIndex } {
  const database = openDatabase(file, SCHEMA + TALLY_SCHEMA + HELD_SCHEMA, PAGES_MIB);
  const sql = statements(database);
  const years = new Map<number, YearTallies>();
  const index = readPersons(sql);
  const approved = approvedCounts(sql, index);
  /** Persons with this number and above are not written down yet; nothing rests on their numbers. */
  let firstUnwritten = index.size();

  function talliesOf(year: number): YearTallies {
    const known = years.get(year);
    if (known !== undefined) return known;
    const tallies = createYearTallies();
    for (const row of sql.holdingsOfYear.iterate(year) as Iterable<HoldingRow>) tallies.hold(holdingOf(row));
    years.set(year, tallies);
    return tallies;
  }

  /** Distinct, in ascending order. */
  const numbersOf = (digests: readonly Uint8Array[]): Uint32Array<ArrayBuffer> =>
    new Uint32Array(new Set(digests.map(index.add))).sort();

  const reserve = database.transaction((transferId: string, { year, route, isExempt, persons, bytes }: Reservation) => {
    const holdings: Holding[] = [];
    for (const kind of KINDS) {
      const digests = persons[kind] ?? [];
      if (digests.length === 0) continue;
      const numbers = numbersOf(digests);
      sql.hold.run(transferId, kind, year, route, isExempt ? 1 : 0, Buffer.from(numbers.buffer));
      holdings.push({ kind, route, isExempt, persons: numbers });
    }
    const fresh = index.packedFrom(firstUnwritten);
    if (fresh.length > 0) sql.addPersons.run(firstUnwritten, fresh);
    const distinct = new Set(holdings.flatMap((one) => [...one.persons])).size;
    sql.addVolume.run(transferId, bytes ?? 0);
    sql.setDecided.run('permitted', distinct, transferId);
    return holdings;
  });
  const end = database.transaction((transferId: string, state: TransferState, isReleased: boolean) => {
    const held = isReleased ? (sql.holdingsOfTransfer.all(transferId) as HoldingRow[]) : [];
    if (isReleased) sql.release.run(transferId);
    if (isReleased) sql.dropVolume.run(transferId);
    sql.setState.run(state, transferId);
    sql.letGo.run(transferId);
    return held;
  });
  return {
    ...sqliteHeldCases(database),
    ...statesOf(sql),
    ...sumsOf(database, sql),
    persons: index,
    project: ({ year, kind, persons }, scope = 'all', without = undefined) => {
      const tallies = talliesOf(year);
      const rows = without === undefined ? [] : (sql.holdingsOfTransfer.all(without) as HoldingRow[]);
      const own = rows.filter((row) => row.year === year).map(holdingOf);
      for (const one of own) tallies.release(one);
      const tally = tallies.tally(kind, scope);
      const before = tally.distinct();
      const projected = before + freshOf(persons, index, tally);
      for (const one of own) tallies.hold(one);
      return { before, projected };
    },
    totals: (year, kind) => talliesOf(year).totals(kind),
    under: approved.under,
    permit: (transferId, reservation) => {
      // Read before the commit: a year that is read after it would take these persons twice.
      const tallies = talliesOf(reservation.year);
      const holdings = reserve(transferId, reservation);
      firstUnwritten = index.size();
      for (const holding of holdings) tallies.hold(holding);
      approved.hold(transferId);
    },
    close: (transferId, state, persons) => {
      const letGo = persons === 'released' ? approved.releaseOf(transferId) : undefined;
      const held = end(transferId, state, persons === 'released');
      letGo?.();
      for (const row of held) years.get(row.year)?.release(holdingOf(row));
    },
    shut: () => {
      database.close();
    },
  };
}

type States = Pick<
  TransferRegister,
  'add' | 'withhold' | 'wait' | 'revoke' | 'find' | 'list' | 'page' | 'inState' | 'tallies' | 'counts'
>;

/** What needs no tally. */
function statesOf(sql: ReturnType<typeof statements>): States {
  return {
    add: (row) => {
      sql.insert.run(row);
    },
    withhold: (transferId, persons) => {
      sql.setDecided.run('withheld', persons, transferId);
      sql.letGo.run(transferId);
    },
    wait: (transferId, persons) => {
      sql.setDecided.run('awaiting-approval', persons, transferId);
    },
    revoke: (transferId) => {
      sql.setState.run('revoked', transferId);
    },
    find: (transferId) => sql.find.get(transferId) as TransferRow | undefined,
    list: () => sql.list.all() as TransferRow[],
    inState: (state) => sql.inState.all(state) as TransferRow[],
    page: ({ state, before, limit }) => {
      const last = before === undefined ? undefined : (sql.find.get(before) as TransferRow | undefined);
      if (before !== undefined && last === undefined) return [];
      const [at, id] = last === undefined ? [Number.MAX_SAFE_INTEGER, ''] : [last.requestedAt, last.transferId];
      const rows = state === undefined ? sql.page.all(at, id, limit) : sql.pageInState.all(state, at, id, limit);
      return rows as TransferRow[];
    },
    tallies: () => sql.tallies.all() as TransferTally[],
    counts: () => sql.counts.get() as { cleared: number; withheld: number; delivered: number },
  };
}

/** What is summed up over the rows of a year. */
function sumsOf(
  database: StoreDatabase,
  sql: ReturnType<typeof statements>,
): Pick<TransferRegister, 'volumes' | 'countedDays'> {
  const kept = whileUnchanged(database);
  const [days, volumes] = [new Map<string, readonly CountedDay[]>(), new Map<string, readonly Volume[]>()];
  return {
    volumes: (year) =>
      kept(volumes, `${year}`, () => sql.volumes.all(startOfYear(year), startOfYear(year + 1)) as Volume[]),
    countedDays: (year, scope) => kept(days, `${year} ${scope}`, () => countedDays(datedOf(year, sql), scope)),
  };
}

/** Persons are looked up in memory; the file is appended to. */
const PAGES_MIB = 2;

/** Numbers 0, 1, 2 ...: they are given in order and never taken back. */
function readPersons(sql: ReturnType<typeof statements>): PersonIndex {
  const index = createPersonIndex(sql.personCount.get() as number);
  for (const digest of sql.person.iterate() as Iterable<Buffer>) index.add(digest);
  for (const { first, digests } of sql.persons.iterate() as Iterable<{ first: number; digests: Buffer }>) {
    assert(first === index.size(), 'person numbers follow each other');
    index.addPacked(digests);
  }
  return index;
}

/** Asia/Shanghai. */
const startOfYear = (year: number): Instant => startOfDay(`${year}-01-01` as CivilDate);

interface HoldingRow {
  readonly year: number;
  readonly kind: PersonKind;
  readonly route: string;
  readonly exempt: number;
  readonly persons: Buffer;
}

function holdingOf({ kind, route, exempt, persons }: HoldingRow): Holding {
  const bytes = new Uint8Array(persons);
  return { kind, route, isExempt: exempt === 1, persons: new Uint32Array(bytes.buffer, 0, bytes.length / 4) };
}

function* datedOf(year: number, { datedHoldings }: ReturnType<typeof statements>): Generator<DatedHolding> {
  const rows = datedHoldings.iterate(year) as Iterable<HoldingRow & { readonly requestedAt: Instant }>;
  for (const row of rows) yield { ...holdingOf(row), on: civilDateOf(row.requestedAt) };
}

/** What was counted in the scopes of approvals; kept along once it was asked for. */
function approvedCounts(sql: ReturnType<typeof statements>, index: PersonIndex) {
  const scopes = createScopeCounts(index);

  function holdingsOf(transferId: string): ScopedHolding | undefined {
    const transfer = sql.find.get(transferId) as TransferRow | undefined;
    if (transfer === undefined) return undefined;
    const persons = (sql.holdingsOfTransfer.all(transferId) as HoldingRow[]).map((row) => holdingOf(row).persons);
    return { transfer, persons, bytes: (sql.volume.get(transferId) as number | undefined) ?? 0 };
  }

  function* allSince(since: number): Generator<ScopedHolding> {
    for (const transferId of sql.counted.all(since) as string[]) {
      const held = holdingsOf(transferId);
      if (held !== undefined) yield held;
    }
  }

  return {
    under: (scope: Scope, persons: readonly Uint8Array[], without?: string): ScopeCount => {
      const count = () => scopes.count(scope, persons, () => allSince(scope.since));
      const own = without === undefined ? undefined : holdingsOf(without);
      const all = count();
      // Counted once before, the scope is kept and has its own in it.
      if (own === undefined) return all;
      scopes.release(own);
      const others = count();
      scopes.hold(own);
      return others;
    },
    hold: (transferId: string): void => {
      const held = holdingsOf(transferId);
      if (held !== undefined) scopes.hold(held);
    },
    /** Reads what a transfer holds, to be given back once that is durable. */
    releaseOf: (transferId: string): (() => void) => {
      const held = holdingsOf(transferId);
      return () => (held === undefined ? undefined : scopes.release(held));
    },
  };
}

const COLUMNS =
  'transfer_id AS transferId, requested_at AS requestedAt, dataset_id AS datasetId, recipient_id AS recipientId, purpose, state, persons';
const HOLDING = 'year, kind, route, exempt, persons';

// biome-ignore format: one statement a line
function statements(database: StoreDatabase) {
  const prepare = (text: string) => database.prepare(text);
  return {
    insert: prepare('INSERT INTO transfer VALUES (@transferId, @requestedAt, @datasetId, @recipientId, @purpose, @state, @persons)'),
    setState: prepare('UPDATE transfer SET state = ? WHERE transfer_id = ?'),
    setDecided: prepare('UPDATE transfer SET state = ?, persons = ? WHERE transfer_id = ?'),
    find: prepare(`SELECT ${COLUMNS} FROM transfer WHERE transfer_id = ?`),
    list: prepare(`SELECT ${COLUMNS} FROM transfer ORDER BY requested_at, transfer_id`),
    inState: prepare(`SELECT ${COLUMNS} FROM transfer WHERE state = ? ORDER BY requested_at, transfer_id`),
    page: prepare(`SELECT ${COLUMNS} FROM transfer WHERE (requested_at, transfer_id) < (?, ?) ORDER BY requested_at DESC, transfer_id DESC LIMIT ?`),
    pageInState: prepare(`SELECT ${COLUMNS} FROM transfer WHERE state = ? AND (requested_at, transfer_id) < (?, ?) ORDER BY requested_at DESC, transfer_id DESC LIMIT ?`),
    letGo: prepare('DELETE FROM held WHERE transfer_id = ?'),
    tallies: prepare('SELECT dataset_id AS datasetId, recipient_id AS recipientId, state, transfers AS count FROM tally WHERE transfers > 0'),
    counts: prepare("SELECT coalesce(sum(transfers) FILTER (WHERE state IN ('permitted', 'delivered')), 0) AS cleared, coalesce(sum(transfers) FILTER (WHERE state = 'withheld'), 0) AS withheld, coalesce(sum(transfers) FILTER (WHERE state = 'delivered'), 0) AS delivered FROM tally"),
    person: prepare('SELECT digest FROM person ORDER BY number').pluck(),
    persons: prepare('SELECT first, digests FROM persons ORDER BY first'),
    personCount: prepare(`SELECT (SELECT count(*) FROM person) + (SELECT coalesce(sum(length(digests)), 0) / ${DIGEST_BYTES} FROM persons)`).pluck(),
    addPersons: prepare('INSERT INTO persons VALUES (?, ?)'),
    hold: prepare('INSERT INTO holding VALUES (?, ?, ?, ?, ?, ?)'),
    volume: prepare('SELECT bytes FROM volume WHERE transfer_id = ?').pluck(),
    volumes: prepare(`SELECT dataset_id AS datasetId, recipient_id AS recipientId, count(*) AS transfers,
      sum(iif(state = 'permitted', 0, bytes)) AS countedBytes, sum(iif(state = 'permitted', bytes, 0)) AS reservedBytes
      FROM volume JOIN transfer USING (transfer_id) WHERE requested_at >= ? AND requested_at < ? GROUP BY dataset_id, recipient_id ORDER BY dataset_id, recipient_id`),
    addVolume: prepare('INSERT INTO volume VALUES (?, ?)'),
    dropVolume: prepare('DELETE FROM volume WHERE transfer_id = ?'),
    counted: prepare('SELECT transfer_id FROM transfer t WHERE requested_at >= ? AND EXISTS (SELECT 1 FROM holding h WHERE h.transfer_id = t.transfer_id UNION ALL SELECT 1 FROM volume v WHERE v.transfer_id = t.transfer_id)').pluck(),
    datedHoldings: prepare('SELECT year, kind, route, exempt, h.persons AS persons, requested_at AS requestedAt FROM holding h JOIN transfer USING (transfer_id) WHERE year = ? ORDER BY requested_at, transfer_id'),
    release: prepare('DELETE FROM holding WHERE transfer_id = ?'),
    holdingsOfYear: prepare(`SELECT ${HOLDING} FROM holding WHERE year = ?`),
    holdingsOfTransfer: prepare(`SELECT ${HOLDING} FROM holding WHERE transfer_id = ?`),
  };
}
