import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { documentFiles } from './adapters/document-files.ts';
import { type FillableDeviceRegister, sqliteDeviceRegister } from './adapters/sqlite-device-register.ts';
import { sqliteLedger } from './adapters/sqlite-ledger.ts';
import { sqlitePolicyBook } from './adapters/sqlite-policy-book.ts';
import { sqliteQuarantine } from './adapters/sqlite-quarantine.ts';
import { sqliteRegisters } from './adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from './adapters/sqlite-transfer-register.ts';
import { sqliteZoneStore } from './adapters/sqlite-zone-store.ts';
import type { Stores } from './ingest/group-commit.ts';
import type { PolicyBook } from './ports/policy-book.ts';
import type { DocumentStore, RegisterStore } from './ports/register-store.ts';
import type { TransferRegister } from './ports/transfer-register.ts';

export interface CloudStores extends Stores {
  readonly register: FillableDeviceRegister;
  readonly transfers: TransferRegister;
  readonly registers: RegisterStore;
  readonly documents: DocumentStore;
  readonly policies: PolicyBook;
  readonly close: () => void;
}

/** File of the device register within the store directory; `tongguan register device` fills it. */
export const DEVICE_REGISTER_FILE = 'devices.sqlite';

/**
 * Opens every store, each a file of its own, making those that are not there yet.
 *
 * @param directory - it must exist: a path mistyped is an error, and not an empty installation
 * @throws Error when the directory is missing, SqliteError when a file cannot be opened
 */
export function openStores(directory: string): CloudStores {
  if (!existsSync(directory)) throw new Error('the store directory does not exist');
  const file = (name: string) => join(directory, name);
  const zones = {
    general: sqliteZoneStore(file('zone-general.sqlite')),
    personal: sqliteZoneStore(file('zone-personal.sqlite')),
    geographic: sqliteZoneStore(file('zone-geographic.sqlite')),
    important: sqliteZoneStore(file('zone-important.sqlite')),
  };
  const quarantine = sqliteQuarantine(file('zone-quarantine.sqlite'));
  const ledger = sqliteLedger(file('ledger.sqlite'));
  const register = sqliteDeviceRegister(file(DEVICE_REGISTER_FILE));
  const transfers = sqliteTransferRegister(file('transfers.sqlite'));
  const registers = sqliteRegisters(file('registers.sqlite'));
  const policies = sqlitePolicyBook(file('policies.sqlite'));
  return {
    zones,
    quarantine,
    ledger,
    register,
    transfers,
    registers,
    documents: documentFiles(file('documents')),
    policies,
    close: () => {
      for (const zone of Object.values(zones)) zone.close();
      quarantine.close();
      ledger.close();
      register.close();
      transfers.shut();
      registers.close();
      policies.close();
    },
  };
}
