import { join } from 'node:path';
import { documentFiles } from '../adapters/document-files.ts';
import { fileParcelsDirectory } from '../adapters/file-parcels-directory.ts';
import {
  postgresParts,
  postgresPolicies,
  postgresPublications,
  postgresRegisters,
  postgresRosterWriter,
  postgresTransferRegister,
} from '../adapters/postgres-stores.ts';
import { sqliteAccounts } from '../adapters/sqlite-accounts.ts';
import { sqliteDeletionRegister } from '../adapters/sqlite-deletion-register.ts';
import { sqliteParts } from '../adapters/sqlite-parts.ts';
import { sqlitePersons } from '../adapters/sqlite-persons.ts';
import { sqlitePolicyArchive } from '../adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from '../adapters/sqlite-publications.ts';
import { sqliteRegisters } from '../adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../adapters/sqlite-transfer-register.ts';
import type { OpenPostgres } from '../database/open-postgres.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { DeletionRegister } from '../ports/deletion-register.ts';
import type { FileRecord } from '../ports/file-store.ts';
import type { PartStore } from '../ports/part-store.ts';
import type { PersonLinks } from '../ports/person-links.ts';
import type { Publications } from '../ports/publications.ts';
import type { DocumentStore, RegisterStore } from '../ports/register-store.ts';
import type { RosterWriter } from '../ports/roster.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import {
  FILE_PARCELS_DIRECTORY,
  PERSONS_FILE,
  POLICIES_FILE,
  PUBLICATIONS_FILE,
  REGISTERS_FILE,
} from '../store-names.ts';
import { type IngestStores, ingestStores, type StoreKeys, type StoreRules, together } from './open-ingest-stores.ts';

export interface CloudStores extends IngestStores {
  readonly deletions: DeletionRegister;
  readonly accounts: AccountStore;
  readonly transfers: TransferRegister;
  readonly registers: RegisterStore;
  readonly documents: DocumentStore;
  readonly parts: PartStore;
  readonly persons: PersonLinks;
  /** What processes of other machines know devices by; undefined where the stores are files of one. */
  readonly roster: RosterWriter | undefined;
  readonly publications: Publications;
}

/** Imports that are there. @param directory - of the stores */
export function importedFiles(directory: string): readonly FileRecord[] {
  return fileParcelsDirectory(join(directory, FILE_PARCELS_DIRECTORY)).list();
}

/**
 * Opens every store, each a file of its own, making those that are not there yet.
 *
 * @param directory - it must exist: a path mistyped is an error, and not an empty installation
 * @param database - has transfers, registers, parts, publications and ledger in place of files; closed with the stores
 * @throws Error when a directory or a key is missing or a zone file is not sealed, SqliteError when a file cannot be opened
 */
export function openStores(
  directory: string,
  keys: StoreKeys,
  rules: StoreRules = {},
  database?: OpenPostgres,
): CloudStores {
  return together(directory, (file, keep) => {
    if (database !== undefined) keep(database);
    const shared = database === undefined ? inFiles(file) : inDatabase(database.session);
    for (const store of [shared.registers, shared.parts, shared.publications, shared.policies]) keep(store);
    keep({ close: () => shared.transfers.shut() });
    return {
      ...ingestStores(directory, { keys, rules, database }, keep),
      ...shared,
      persons: keep(sqlitePersons(file(PERSONS_FILE))),
      documents: documentFiles(file('documents'), keys.clock),
      deletions: keep(sqliteDeletionRegister(file('deletions.sqlite'))),
      accounts: keep(sqliteAccounts(file('accounts.sqlite'))),
    };
  });
}

/** Stores that several processes may write where a database has them. */
type SharedStores = Pick<CloudStores, 'transfers' | 'registers' | 'parts' | 'publications' | 'policies' | 'roster'>;

function inFiles(file: (name: string) => string): SharedStores {
  const transfers = sqliteTransferRegister(file('transfers.sqlite'));
  return {
    transfers,
    registers: sqliteRegisters(file(REGISTERS_FILE)),
    parts: sqliteParts(file('parts.sqlite'), transfers.persons),
    publications: sqlitePublications(file(PUBLICATIONS_FILE)),
    policies: sqlitePolicyArchive(file(POLICIES_FILE)),
    roster: undefined,
  };
}

const inDatabase = (session: OpenPostgres['session']): SharedStores => ({
  transfers: postgresTransferRegister(session),
  registers: postgresRegisters(session),
  parts: postgresParts(session),
  publications: postgresPublications(session),
  policies: postgresPolicies(session),
  roster: postgresRosterWriter(session),
});
