import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { documentFiles } from './adapters/document-files.ts';
import { fileParcelsDirectory } from './adapters/file-parcels-directory.ts';
import { sqliteCellCounts } from './adapters/sqlite-cell-counts.ts';
import { type FillableDeviceRegister, sqliteDeviceRegister } from './adapters/sqlite-device-register.ts';
import { sqliteLedger } from './adapters/sqlite-ledger.ts';
import { sqlitePolicyArchive } from './adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from './adapters/sqlite-publications.ts';
import { sqliteQuarantine } from './adapters/sqlite-quarantine.ts';
import { sqliteRegisters } from './adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from './adapters/sqlite-transfer-register.ts';
import { sqliteZoneStore } from './adapters/sqlite-zone-store.ts';
import { classificationRules } from './classification/classification-rules.ts';
import type { AreaOf } from './classification/group-tally.ts';
import { openAggregates } from './classification/running-aggregates.ts';
import { missingFrom } from './ingest/extents.ts';
import type { Stores } from './ingest/group-commit.ts';
import type { FileRecord } from './ports/file-store.ts';
import type { PolicyArchive } from './ports/policy-archive.ts';
import type { Publications } from './ports/publications.ts';
import type { DocumentStore, RegisterStore } from './ports/register-store.ts';
import type { TransferRegister } from './ports/transfer-register.ts';
import type { QuarantineLimits, RecordKey } from './ports/zone-store.ts';
import type { LawBook } from './rules/law-book.ts';
import { SHIPPED_LAW } from './rules/shipped-rules.ts';

export interface CloudStores extends Stores {
  readonly register: FillableDeviceRegister;
  readonly transfers: TransferRegister;
  readonly registers: RegisterStore;
  readonly documents: DocumentStore;
  readonly policies: PolicyArchive;
  readonly isInLedger: (key: RecordKey) => boolean;
  readonly publications: Publications;
  readonly close: () => void;
}

/** What aggregates are counted by. */
export interface StoreRules {
  readonly law?: LawBook;
  /** Labels of areas; without them every area is unknown. */
  readonly areaOf?: AreaOf;
  /** How much refused evidence is kept; without them all of it. */
  readonly quarantineLimits?: QuarantineLimits;
}

/** File of the device register within the store directory; `tongguan register device` fills it. */
export const DEVICE_REGISTER_FILE = 'devices.sqlite';

/** File of the aggregates that were published, and will be the same for ever. */
export const PUBLICATIONS_FILE = 'publications.sqlite';

/** Directory of imported files. */
export const FILE_PARCELS_DIRECTORY = 'file-parcels';

/** Imports that are there. @param directory - of the stores */
export function importedFiles(directory: string): readonly FileRecord[] {
  return fileParcelsDirectory(join(directory, FILE_PARCELS_DIRECTORY)).list();
}

/**
 * Opens every store, each a file of its own, making those that are not there yet.
 *
 * @param directory - it must exist: a path mistyped is an error, and not an empty installation
 * @throws Error when the directory is missing, SqliteError when a file cannot be opened
 */
export function openStores(
  directory: string,
  { law = SHIPPED_LAW, areaOf, quarantineLimits }: StoreRules = {},
): CloudStores {
  if (!existsSync(directory)) throw new Error('the store directory does not exist');
  const file = (name: string) => join(directory, name);
  const zones = {
    general: sqliteZoneStore(file('zone-general.sqlite')),
    personal: sqliteZoneStore(file('zone-personal.sqlite')),
    geographic: sqliteZoneStore(file('zone-geographic.sqlite')),
    important: sqliteZoneStore(file('zone-important.sqlite')),
  };
  const quarantine = sqliteQuarantine(file('zone-quarantine.sqlite'), quarantineLimits);
  const ledger = sqliteLedger(file('ledger.sqlite'));
  const register = sqliteDeviceRegister(file(DEVICE_REGISTER_FILE));
  const isInLedger = ({ deviceNumber, epoch, sequence }: RecordKey): boolean =>
    missingFrom(ledger.extents(deviceNumber, epoch), sequence, sequence + 1).length === 0;
  const cells = sqliteCellCounts(file('zone-geographic-counts.sqlite'), isInLedger);
  const transfers = sqliteTransferRegister(file('transfers.sqlite'));
  const registers = sqliteRegisters(file('registers.sqlite'));
  const policies = sqlitePolicyArchive(file('policies.sqlite'));
  const publications = sqlitePublications(file(PUBLICATIONS_FILE));
  return {
    zones,
    cells,
    quarantine,
    ledger,
    isInLedger,
    register,
    transfers,
    registers,
    documents: documentFiles(file('documents')),
    policies,
    publications,
    aggregates: openAggregates(classificationRules(law), ledger.aggregates, areaOf),
    close: () => {
      for (const zone of Object.values(zones)) zone.close();
      cells.close();
      quarantine.close();
      ledger.close();
      register.close();
      transfers.shut();
      registers.close();
      policies.close();
      publications.close();
    },
  };
}
