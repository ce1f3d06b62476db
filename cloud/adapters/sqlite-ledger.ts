import type { Extents, Ledger, LedgerCommit, LedgerTotals } from '../ports/ledger.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';
import { AGGREGATE_SCHEMA, sqliteAggregates } from './sqlite-aggregates.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS extents (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, ranges TEXT NOT NULL, PRIMARY KEY (device, epoch)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS totals (
    id INTEGER PRIMARY KEY CHECK (id = 0), admitted INTEGER NOT NULL, duplicates INTEGER NOT NULL,
    quarantined INTEGER NOT NULL, dropped INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS provenance (
    id INTEGER PRIMARY KEY, policy_id TEXT NOT NULL, policy_version INTEGER NOT NULL, steps TEXT NOT NULL,
    UNIQUE (policy_id, policy_version, steps));
  CREATE TABLE IF NOT EXISTS batch (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, first_sequence INTEGER NOT NULL, count INTEGER NOT NULL,
    received_at INTEGER NOT NULL, provenance INTEGER NOT NULL, removals TEXT,
    PRIMARY KEY (device, epoch, first_sequence)) WITHOUT ROWID;
  INSERT OR IGNORE INTO totals VALUES (0, 0, 0, 0, 0);
`;

/** Device and epoch pairs kept in memory; others are read again when they come back. */
const REMEMBERED_MAX = 200_000;

export function sqliteLedger(file: string): Ledger {
  const database = openDatabase(file, SCHEMA + AGGREGATE_SCHEMA);
  const select = database.prepare('SELECT ranges FROM extents WHERE device = ? AND epoch = ?').pluck();
  const upsert = database.prepare('INSERT OR REPLACE INTO extents VALUES (?, ?, ?)');
  const update = database.prepare('UPDATE totals SET admitted = ?, duplicates = ?, quarantined = ?, dropped = ?');
  const keepNotes = noteKeeper(database);
  const remembered = new Map<string, Extents>();
  let totals = readTotals(database.prepare('SELECT * FROM totals').get());
  const aggregates = sqliteAggregates(database, () => totals.framesAdmitted > 0);

  const commitAll = database.transaction(({ changes, notes, totals: next, aggregates: counted }: LedgerCommit) => {
    keepNotes(notes);
    if (counted !== undefined) aggregates.write(counted);
    for (const { deviceNumber, epoch, extents } of changes) upsert.run(deviceNumber, epoch, JSON.stringify(extents));
    update.run(next.framesAdmitted, next.duplicates, next.framesQuarantined, next.framesDroppedByVehicles);
  });

  return {
    extents: (deviceNumber, epoch) => {
      const name = `${deviceNumber}/${epoch}`;
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const text = select.get(deviceNumber, epoch) as string | undefined;
      const read = text === undefined ? [] : (JSON.parse(text) as Extents);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(name, read);
      return read;
    },
    commit: (commit) => {
      commitAll(commit);
      for (const { deviceNumber, epoch, extents } of commit.changes)
        remembered.set(`${deviceNumber}/${epoch}`, extents);
      totals = commit.totals;
    },
    totals: () => totals,
    aggregates: aggregates.store,
    close: () => {
      database.close();
    },
  };
}

/** Writes batch notes; policy and steps are the same for many, and stand once. */
function noteKeeper(database: StoreDatabase): (notes: LedgerCommit['notes']) => void {
  const insert = database.prepare(
    'INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, epoch, first_sequence) DO NOTHING',
  );
  const addProvenance = database.prepare(
    'INSERT OR IGNORE INTO provenance (policy_id, policy_version, steps) VALUES (?, ?, ?)',
  );
  const findProvenance = database
    .prepare('SELECT id FROM provenance WHERE policy_id = ? AND policy_version = ? AND steps = ?')
    .pluck();
  return (notes) => {
    const seen = new Map<string, unknown>();
    for (const note of notes) {
      const steps = JSON.stringify(note.steps);
      const name = `${note.policyId} ${note.policyVersion} ${steps}`;
      let provenance = seen.get(name);
      if (provenance === undefined) {
        addProvenance.run(note.policyId, note.policyVersion, steps);
        provenance = findProvenance.get(note.policyId, note.policyVersion, steps);
        seen.set(name, provenance);
      }
      const removals = note.removals.length === 0 ? null : JSON.stringify(note.removals);
      const { deviceNumber, epoch, firstSequence, count, receivedAt } = note;
      insert.run(deviceNumber, epoch, firstSequence, count, receivedAt, provenance, removals);
    }
  };
}

function readTotals(row: unknown): LedgerTotals {
  const { admitted, duplicates, quarantined, dropped } = row as Record<string, number>;
  return {
    framesAdmitted: admitted ?? 0,
    duplicates: duplicates ?? 0,
    framesQuarantined: quarantined ?? 0,
    framesDroppedByVehicles: dropped ?? 0,
  };
}
