import type { Approval, HeldCase, TransferRegister } from '../ports/transfer-register.ts';
import type { StoreDatabase } from './open-database.ts';

/** Beside the transfers, in the same file: what deciding anew takes, and the approvals that stand in the log. */
export const HELD_SCHEMA = `
  CREATE TABLE IF NOT EXISTS held (transfer_id TEXT PRIMARY KEY, document TEXT NOT NULL, persons BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS approval (
    transfer_id TEXT NOT NULL, log_index INTEGER NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (transfer_id, log_index)) WITHOUT ROWID;
`;

export type HeldCases = Pick<TransferRegister, 'hold' | 'held' | 'addApproval' | 'dropApproval' | 'approvals'>;

export function sqliteHeldCases(database: StoreDatabase): HeldCases {
  const keep = database.prepare('INSERT OR REPLACE INTO held VALUES (?, ?, ?)');
  const held = database.prepare('SELECT document, persons FROM held WHERE transfer_id = ?');
  const approve = database.prepare('INSERT INTO approval VALUES (?, ?, ?, ?, ?)');
  const disapprove = database.prepare('DELETE FROM approval WHERE transfer_id = ? AND log_index = ?');
  const approvals = database.prepare(
    'SELECT log_index AS logIndex, account, person, at FROM approval WHERE transfer_id = ? ORDER BY log_index',
  );
  return {
    hold: (transferId, { persons, ...details }) => {
      keep.run(transferId, JSON.stringify(details), Buffer.concat(persons));
    },
    held: (transferId) => heldOf(held.get(transferId) as HeldRow | undefined),
    addApproval: (transferId, { account, person, at, logIndex }) => {
      approve.run(transferId, logIndex, account, person, at);
    },
    dropApproval: (transferId, logIndex) => {
      disapprove.run(transferId, logIndex);
    },
    approvals: (transferId) => approvals.all(transferId) as Approval[],
  };
}

interface HeldRow {
  readonly document: string;
  readonly persons: Buffer;
}

const DIGEST_BYTES = 16;

function heldOf(row: HeldRow | undefined): HeldCase | undefined {
  if (row === undefined) return undefined;
  const persons = Array.from({ length: row.persons.length / DIGEST_BYTES }, (_, at) =>
    row.persons.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES),
  );
  return { ...(JSON.parse(row.document) as Omit<HeldCase, 'persons'>), persons };
}
