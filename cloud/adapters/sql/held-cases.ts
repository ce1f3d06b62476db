import type { Approval, HeldCase, TransferRegister } from '../../ports/transfer-register.ts';
import type { Places, SqlDatabase } from './sql-database.ts';
import type { TransferTables } from './transfer-tables.ts';

export type HeldCases = Pick<TransferRegister, 'hold' | 'held' | 'addApproval' | 'dropApproval' | 'approvals'>;

interface Of {
  readonly transferId: string;
}

/** Beside the transfers, in the same store: what deciding anew takes, and the approvals that stand in the log. */
export function heldCases(database: SqlDatabase<TransferTables>): HeldCases {
  const { keep, held, approve, disapprove, approvals } = statements(database);
  return {
    hold: (transferId, { persons, ...details }) => {
      keep.run({ transferId, document: JSON.stringify(details), persons: Buffer.concat(persons) });
    },
    held: (transferId) => heldOf(held.get({ transferId })),
    addApproval: (transferId, approval) => {
      approve.run({ transferId, ...approval });
    },
    dropApproval: (transferId, logIndex) => {
      disapprove.run({ transferId, logIndex });
    },
    approvals: (transferId) => approvals.all({ transferId }),
  };
}

function statements({ prepare, tables }: SqlDatabase<TransferTables>) {
  return {
    keep: prepare((at: Places<Of & { readonly document: string; readonly persons: Uint8Array }>) =>
      tables
        .insertInto('held')
        .values({ transfer_id: at.transferId, document: at.document, persons: at.persons })
        .onConflict((on) => on.column('transfer_id').doUpdateSet({ document: at.document, persons: at.persons })),
    ),
    held: prepare((at: Places<Of>) =>
      tables.selectFrom('held').select(['document', 'persons']).where('transfer_id', '=', at.transferId),
    ),
    approve: prepare((at: Places<Of & Approval>) =>
      tables.insertInto('approval').values({
        transfer_id: at.transferId,
        log_index: at.logIndex,
        account: at.account,
        person: at.person,
        at: at.at,
      }),
    ),
    disapprove: prepare((at: Places<Of & { readonly logIndex: number }>) =>
      tables.deleteFrom('approval').where('transfer_id', '=', at.transferId).where('log_index', '=', at.logIndex),
    ),
    approvals: prepare((at: Places<Of>) =>
      tables
        .selectFrom('approval')
        .select(['log_index as logIndex', 'account', 'person', 'at'])
        .where('transfer_id', '=', at.transferId)
        .orderBy('log_index'),
    ),
  };
}

const DIGEST_BYTES = 16;

function heldOf(row: Pick<TransferTables['held'], 'document' | 'persons'> | undefined): HeldCase | undefined {
  if (row === undefined) return undefined;
  const persons = Array.from({ length: row.persons.length / DIGEST_BYTES }, (_, at) =>
    row.persons.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES),
  );
  return { ...(JSON.parse(row.document) as Omit<HeldCase, 'persons'>), persons };
}
