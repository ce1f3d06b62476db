import type { Deletion, DeletionRegister } from '../ports/deletion-register.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS deletion (
    id TEXT PRIMARY KEY, cause TEXT NOT NULL, requested_at INTEGER NOT NULL, requested_by TEXT NOT NULL, devices TEXT,
    retention TEXT, before_day INTEGER, reason TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
    done_at INTEGER, keys INTEGER NOT NULL DEFAULT 0, records INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
`;

/** Deletions given in one list, newest ones left out. */
const LIST_MAX = 100_000;

type Row = Record<'id' | 'cause' | 'requested_by' | 'reason' | 'due' | 'state', string> &
  Record<'requested_at' | 'keys' | 'records', number> &
  Record<'devices' | 'retention', string | null> &
  Record<'before_day' | 'done_at', number | null>;

export function sqliteDeletionRegister(file: string): DeletionRegister {
  const database = openDatabase(file, SCHEMA);
  const insert = database.prepare(
    `INSERT INTO deletion (id, cause, requested_at, requested_by, devices, retention, before_day, reason, due, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'requested')`,
  );
  const begin = database.prepare("UPDATE deletion SET state = 'begun' WHERE id = ?");
  const finish = database.prepare(
    "UPDATE deletion SET state = 'done', done_at = ?, keys = keys + ?, records = records + ? WHERE id = ?",
  );
  const listOf = (where: string) =>
    database.prepare(`SELECT * FROM deletion ${where} ORDER BY requested_at, id LIMIT ${LIST_MAX}`);
  const lists = { all: listOf(''), open: listOf("WHERE state <> 'done'") };
  return {
    add: ({ id, cause, requestedAt, requestedBy, deviceNumbers, retention, beforeDay, reason, due }) => {
      const devices = deviceNumbers === undefined ? null : JSON.stringify(deviceNumbers);
      insert.run(...[id, cause, requestedAt, requestedBy, devices, retention ?? null, beforeDay ?? null, reason, due]);
    },
    begin: (id) => {
      begin.run(id);
    },
    finish: (id, { at, keys, records }) => {
      finish.run(at, keys, records, id);
    },
    list: (which) => (lists[which].all() as Row[]).map(deletionOf),
    close: () => {
      database.close();
    },
  };
}

function deletionOf(row: Row): Deletion {
  return {
    id: row.id,
    cause: row.cause as Deletion['cause'],
    requestedAt: row.requested_at as Deletion['requestedAt'],
    requestedBy: row.requested_by,
    deviceNumbers: row.devices === null ? undefined : (JSON.parse(row.devices) as number[]),
    retention: row.retention ?? undefined,
    beforeDay: row.before_day ?? undefined,
    reason: row.reason,
    due: row.due as Deletion['due'],
    state: row.state as Deletion['state'],
    doneAt: (row.done_at ?? undefined) as Deletion['doneAt'],
    keys: row.keys,
    records: row.records,
  };
}
