import type { CountRequest, TransferRegister, TransferRow, TransferState } from '../ports/transfer-register.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS transfer (
    transfer_id TEXT PRIMARY KEY, requested_at INTEGER NOT NULL, dataset_id TEXT NOT NULL, recipient_id TEXT NOT NULL,
    purpose TEXT NOT NULL, state TEXT NOT NULL, persons INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS counted (
    year INTEGER NOT NULL, kind TEXT NOT NULL, person BLOB NOT NULL, PRIMARY KEY (year, kind, person)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reserved (
    year INTEGER NOT NULL, kind TEXT NOT NULL, person BLOB NOT NULL, transfer_id TEXT NOT NULL,
    PRIMARY KEY (year, kind, person, transfer_id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS reserved_by_transfer ON reserved (transfer_id);
`;

export function sqliteTransferRegister(file: string): TransferRegister {
  const database = openDatabase(file, SCHEMA);
  const sql = statements(database);
  const decided = (transferId: string, state: TransferState, persons: number): void => {
    sql.setDecided.run(state, persons, transferId);
  };
  const permit = database.transaction((transferId: string, { year, kind, persons }: CountRequest) => {
    for (const person of persons) sql.reserve.run(year, kind, person, transferId);
    decided(transferId, 'permitted', persons.length);
  });
  const close = database.transaction((transferId: string, state: TransferState, persons: 'counted' | 'released') => {
    if (persons === 'counted') sql.count.run(transferId);
    sql.release.run(transferId);
    sql.setState.run(state, transferId);
  });
  return {
    add: (row) => {
      sql.insert.run(row);
    },
    project: ({ year, kind, persons }) => {
      const before = sql.total.get({ year, kind }) as number;
      let fresh = 0;
      for (const person of persons) if (sql.isCounted.get({ year, kind, person }) === 0) fresh += 1;
      return { before, projected: before + fresh };
    },
    withhold: (transferId, persons) => decided(transferId, 'withheld', persons),
    permit: (transferId, request) => permit(transferId, request),
    close: (transferId, state, persons) => close(transferId, state, persons),
    find: (transferId) => sql.find.get(transferId) as TransferRow | undefined,
    list: () => sql.list.all() as TransferRow[],
    counts: () => sql.counts.get() as { cleared: number; withheld: number; delivered: number },
    shut: () => {
      database.close();
    },
  };
}

const COLUMNS =
  'transfer_id AS transferId, requested_at AS requestedAt, dataset_id AS datasetId, recipient_id AS recipientId, purpose, state, persons';

// biome-ignore format: one statement a line
function statements(database: StoreDatabase) {
  const prepare = (text: string) => database.prepare(text);
  return {
    insert: prepare('INSERT INTO transfer VALUES (@transferId, @requestedAt, @datasetId, @recipientId, @purpose, @state, @persons)'),
    setState: prepare('UPDATE transfer SET state = ? WHERE transfer_id = ?'),
    setDecided: prepare('UPDATE transfer SET state = ?, persons = ? WHERE transfer_id = ?'),
    find: prepare(`SELECT ${COLUMNS} FROM transfer WHERE transfer_id = ?`),
    list: prepare(`SELECT ${COLUMNS} FROM transfer ORDER BY requested_at, transfer_id`),
    counts: prepare("SELECT coalesce(sum(state IN ('permitted', 'delivered')), 0) AS cleared, coalesce(sum(state = 'withheld'), 0) AS withheld, coalesce(sum(state = 'delivered'), 0) AS delivered FROM transfer"),
    total: prepare('SELECT count(*) FROM (SELECT person FROM counted WHERE year = @year AND kind = @kind UNION SELECT person FROM reserved WHERE year = @year AND kind = @kind)').pluck(),
    isCounted: prepare('SELECT EXISTS (SELECT 1 FROM counted WHERE year = @year AND kind = @kind AND person = @person) OR EXISTS (SELECT 1 FROM reserved WHERE year = @year AND kind = @kind AND person = @person)').pluck(),
    reserve: prepare('INSERT OR IGNORE INTO reserved VALUES (?, ?, ?, ?)'),
    count: prepare('INSERT OR IGNORE INTO counted SELECT year, kind, person FROM reserved WHERE transfer_id = ?'),
    release: prepare('DELETE FROM reserved WHERE transfer_id = ?'),
  };
}
