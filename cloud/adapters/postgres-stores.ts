import type { TransferRegister } from '../ports/transfer-register.ts';
import { type PostgresSession, postgresDatabase } from './sql/postgres-database.ts';
import { transferRegister } from './sql/transfer-register.ts';
import type { TransferTables } from './sql/transfer-tables.ts';

/** Transfers and exact counts in PostgreSQL; several processes may count in it. */
export function postgresTransferRegister(session: PostgresSession): TransferRegister {
  return transferRegister(postgresDatabase<TransferTables>(session));
}
