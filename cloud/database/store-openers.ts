import type { MovedStore } from '../adapters/sql/moved-stores.table.ts';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { sqliteParts } from '../adapters/sqlite-parts.ts';
import { sqlitePolicyArchive } from '../adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from '../adapters/sqlite-publications.ts';
import { sqliteRegisters } from '../adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../adapters/sqlite-transfer-register.ts';

/** Opens a store in its file, making its tables or bringing them to this version. @returns what closes it */
export const STORE_OPENERS: Readonly<Record<MovedStore['store'], (file: string) => () => void>> = {
  transfers: (file) => sqliteTransferRegister(file).shut,
  registers: (file) => sqliteRegisters(file).close,
  parts: (file) => sqliteParts(file).close,
  ledger: (file) => sqliteLedger(file).close,
  policies: (file) => sqlitePolicyArchive(file).close,
  publications: (file) => sqlitePublications(file).close,
};
