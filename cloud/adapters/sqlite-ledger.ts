import type { Instant } from '../../proto/words/time.ts';
import type { Extents, Ledger, LedgerCommit, LedgerTotals } from '../ports/ledger.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';
import { rememberedRanges } from './sql/remembered-ranges.ts';
import { AGGREGATE_SCHEMA, sqliteAggregates } from './sqlite-aggregates.ts';
import { POSITION_SCHEMA, sqlitePositions } from './sqlite-positions.ts';
import { sqliteToldSpools, TOLD_SPOOL_SCHEMA } from './sqlite-told-spools.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS extents (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, ranges TEXT NOT NULL, PRIMARY KEY (device, epoch)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS dropped (
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
  CREATE TABLE IF NOT EXISTS removed (cause TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
  INSERT OR IGNORE INTO totals VALUES (0, 0, 0, 0, 0);
`;

export function sqliteLedger(file: string): Ledger {
  const database = openDatabase(file, SCHEMA + AGGREGATE_SCHEMA + POSITION_SCHEMA + TOLD_SPOOL_SCHEMA);
  const [held, dropped] = [rangesIn(database, 'extents'), rangesIn(database, 'dropped')];
  const update = database.prepare('UPDATE totals SET admitted = ?, duplicates = ?, quarantined = ?, dropped = ?');
  const removed = database.prepare('SELECT cause, count FROM removed ORDER BY cause').raw();
  const keepNotes = noteKeeper(database);
  const positions = sqlitePositions(database);
  const told = sqliteToldSpools(database);
  let totals = readTotals(database.prepare('SELECT * FROM totals').get());
  const aggregates = sqliteAggregates(database, () => totals.framesAdmitted > 0);

  const commitAll = database.transaction(
    ({ changes, notes, totals: next, aggregates: counted, upTo }: LedgerCommit) => {
      keepNotes(notes);
      told.keep(notes);
      if (upTo !== undefined) positions.set(upTo);
      if (counted !== undefined) aggregates.write(counted);
      for (const { deviceNumber, epoch, extents, dropped: lost } of changes) {
        held.write(deviceNumber, epoch, extents);
        if (lost !== undefined) dropped.write(deviceNumber, epoch, lost);
      }
      update.run(next.framesAdmitted, next.duplicates, next.framesQuarantined, next.framesDroppedByVehicles);
    },
  );

  return {
    extents: held.of,
    dropped: dropped.of,
    commit: (commit) => {
      commitAll(commit);
      for (const { deviceNumber, epoch, extents, dropped: lost } of commit.changes) {
        held.remember(deviceNumber, epoch, extents);
        if (lost !== undefined) dropped.remember(deviceNumber, epoch, lost);
      }
      totals = commit.totals;
    },
    totals: () => totals,
    positions: positions.of,
    removed: () => Object.fromEntries(removed.all() as [string, number][]),
    latest: latestNotes(database),
    spool: told.of,
    aggregates: aggregates.store,
    close: () => {
      database.close();
    },
  };
}

/** Ranges of sequences by device and epoch. What a commit writes is remembered once the commit went through. */
function rangesIn(database: StoreDatabase, table: 'extents' | 'dropped') {
  const select = database.prepare(`SELECT ranges FROM ${table} WHERE device = ? AND epoch = ?`).pluck();
  const upsert = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?)`);
  const remembered = rememberedRanges();
  const of = (deviceNumber: number, epoch: number): Extents => {
    const known = remembered.get(deviceNumber, epoch);
    if (known !== undefined) return known;
    const text = select.get(deviceNumber, epoch) as string | undefined;
    const read = text === undefined ? [] : (JSON.parse(text) as Extents);
    remembered.set(deviceNumber, epoch, read);
    return read;
  };
  const write = (deviceNumber: number, epoch: number, ranges: Extents): void => {
    upsert.run(deviceNumber, epoch, JSON.stringify(ranges));
  };
  return { of, write, remember: remembered.set };
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
  const addRemoved = database.prepare(
    'INSERT INTO removed VALUES (?, ?) ON CONFLICT (cause) DO UPDATE SET count = count + excluded.count',
  );
  return (notes) => {
    const counts = new Map<string, number>();
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
      const { changes } = insert.run(deviceNumber, epoch, firstSequence, count, receivedAt, provenance, removals);
      // A batch that is sent again has told of its removals before.
      if (changes === 0) continue;
      for (const one of note.removals) counts.set(one.cause, (counts.get(one.cause) ?? 0) + one.count);
    }
    for (const [cause, count] of counts) addRemoved.run(cause, count);
  };
}

interface NoteRow {
  readonly received_at: number;
  readonly count: number;
  readonly policy_id: string;
  readonly policy_version: number;
  readonly steps: string;
  readonly removals: string | null;
}

/** Reads by the key, epoch for epoch: epochs are drawn, so they have no order in time. */
function latestNotes(database: StoreDatabase): Ledger['latest'] {
  const epochs = database.prepare('SELECT epoch FROM extents WHERE device = ?').pluck();
  const select = database.prepare(`
    SELECT received_at, count, policy_id, policy_version, steps, removals
    FROM batch JOIN provenance ON provenance.id = batch.provenance
    WHERE device = ? AND epoch = ? ORDER BY first_sequence DESC LIMIT ?`);
  return (device, limit) =>
    (epochs.all(device) as number[])
      .flatMap((epoch) => select.all(device, epoch, limit) as NoteRow[])
      .sort((a, b) => b.received_at - a.received_at)
      .slice(0, limit)
      .map((row) => ({
        receivedAt: row.received_at as Instant,
        count: row.count,
        policyId: row.policy_id,
        policyVersion: row.policy_version,
        steps: JSON.parse(row.steps),
        removals: row.removals === null ? [] : JSON.parse(row.removals),
      }));
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
