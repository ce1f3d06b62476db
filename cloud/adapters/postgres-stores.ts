import type { Clock } from '../../proto/words/time.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { PartStore } from '../ports/part-store.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import type { Publications } from '../ports/publications.ts';
import type { RegisterStore } from '../ports/register-store.ts';
import type { Roster, RosterWriter } from '../ports/roster.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import { ledgerStore, toldSpools } from './sql/ledger-store.ts';
import type { LedgerTables } from './sql/ledger-tables.ts';
import { type PartTables, partStore } from './sql/part-store.ts';
import { type PolicyTables, policyStore } from './sql/policy-store.ts';
import { failureIn, postgresConnection } from './sql/postgres-connection.ts';
import { type PostgresSession, postgresDatabase, postgresSession } from './sql/postgres-database.ts';
import type { PostgresSettings } from './sql/postgres-messages.ts';
import { type PublicationTables, publicationStore } from './sql/publication-store.ts';
import { type RegisterTables, registerStore } from './sql/register-store.ts';
import { type RosterTables, rosterReader, rosterWriter } from './sql/roster-store.ts';
import { COMMIT_UNKNOWN, LEDGER_NOT_OURS } from './sql/session-guard.ts';
import { transferRegister } from './sql/transfer-register.ts';
import type { TransferTables } from './sql/transfer-tables.ts';

export type { PostgresSettings } from './sql/postgres-messages.ts';

/** Transfers and exact counts in PostgreSQL; several processes may count in it. */
export function postgresTransferRegister(session: PostgresSession): TransferRegister {
  return transferRegister(postgresDatabase<TransferTables>(session));
}

/** The registers in PostgreSQL: of one operations log, whose database it is. */
export function postgresRegisters(session: PostgresSession): RegisterStore {
  return registerStore(postgresDatabase<RegisterTables>(session));
}

/** Persons are numbered in memory, apart from those of the counts: others may have numbered some there. */
export function postgresParts(session: PostgresSession): PartStore {
  return partStore(postgresDatabase<PartTables>(session));
}

export function postgresPublications(session: PostgresSession): Publications {
  return publicationStore(postgresDatabase<PublicationTables>(session));
}

/** Ledger and running aggregates in PostgreSQL; whoever opens them takes them over from the one before. */
export function postgresLedger(session: PostgresSession): Ledger {
  const ledger = ledgerStore(postgresDatabase<LedgerTables>(session));
  return {
    ...ledger,
    commit: (commit) => {
      try {
        ledger.commit(commit);
      } catch (cause) {
        // Verdicts rest on what is in memory: where the database may have counted more, nothing is decided or counted by it.
        const failure = failureIn(cause);
        if (failure !== undefined && BEHIND.includes(failure.code)) session.giveUp(failure);
        throw cause;
      }
    },
  };
}

const BEHIND = [COMMIT_UNKNOWN, LEDGER_NOT_OURS];

/** What devices told last of their spools, for who only looks. */
export function postgresToldSpools(session: PostgresSession): Pick<Ledger, 'spool'> {
  return toldSpools(postgresDatabase<LedgerTables>(session));
}

export function postgresPolicies(session: PostgresSession): PolicyArchive {
  return policyStore(postgresDatabase<PolicyTables>(session));
}

/** Devices as the process that leads wrote them down, for processes of other machines. */
export function postgresRoster(session: PostgresSession): Roster {
  return rosterReader(postgresDatabase<RosterTables>(session));
}

export function postgresRosterWriter(session: PostgresSession): RosterWriter {
  return rosterWriter(postgresDatabase<RosterTables>(session));
}

/** Publications over a connection of their own, for who runs in a thread of its own. */
export function publicationsAt(settings: PostgresSettings, clock: Clock): Publications {
  const connection = postgresConnection(settings, clock);
  return { ...postgresPublications(postgresSession(connection)), close: connection.close };
}
