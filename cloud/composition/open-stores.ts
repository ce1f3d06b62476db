import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Zone } from '../../proto/words/data-class.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { documentFiles } from '../adapters/document-files.ts';
import { fileParcelsDirectory } from '../adapters/file-parcels-directory.ts';
import { fileZoneKeys } from '../adapters/file-zone-keys.ts';
import {
  postgresParts,
  postgresPublications,
  postgresRegisters,
  postgresTransferRegister,
} from '../adapters/postgres-stores.ts';
import { sqliteAccounts } from '../adapters/sqlite-accounts.ts';
import { sqliteCellCounts } from '../adapters/sqlite-cell-counts.ts';
import { sqliteConsentRegister } from '../adapters/sqlite-consent-register.ts';
import { sqliteDeletionRegister } from '../adapters/sqlite-deletion-register.ts';
import { type FillableDeviceRegister, sqliteDeviceRegister } from '../adapters/sqlite-device-register.ts';
import { sqliteKeyVault } from '../adapters/sqlite-key-vault.ts';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { sqliteParts } from '../adapters/sqlite-parts.ts';
import { sqlitePersons } from '../adapters/sqlite-persons.ts';
import { sqlitePolicyArchive } from '../adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from '../adapters/sqlite-publications.ts';
import { sqliteQuarantine } from '../adapters/sqlite-quarantine.ts';
import { sqliteRegisters } from '../adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../adapters/sqlite-transfer-register.ts';
import { sqliteUpdateRegister } from '../adapters/sqlite-update-register.ts';
import { sqliteZoneStore } from '../adapters/sqlite-zone-store.ts';
import { classificationRules } from '../classification/classification-rules.ts';
import type { AreaOf } from '../classification/group-tally.ts';
import { openAggregates } from '../classification/running-aggregates.ts';
import type { OpenPostgres } from '../database/open-postgres.ts';
import { missingFrom } from '../ingest/extents.ts';
import type { Stores } from '../ingest/group-commit.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ConsentRegister } from '../ports/consent-register.ts';
import type { DeletionRegister } from '../ports/deletion-register.ts';
import type { FileRecord } from '../ports/file-store.ts';
import type { KeyVault } from '../ports/key-vault.ts';
import type { PartStore } from '../ports/part-store.ts';
import type { PersonLinks } from '../ports/person-links.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import type { Publications } from '../ports/publications.ts';
import type { DocumentStore, RegisterStore } from '../ports/register-store.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import type { UpdateRegister } from '../ports/update-register.ts';
import type { ZoneKeys } from '../ports/zone-keys.ts';
import type {
  CarriedZone,
  QuarantineLimits,
  QuarantineReader,
  RecordKey,
  ZoneReader,
  ZoneWriter,
} from '../ports/zone-store.ts';
import type { LawBook } from '../rules/law-book.ts';
import { SHIPPED_LAW } from '../rules/shipped-rules.ts';
import {
  DEVICE_REGISTER_FILE,
  FILE_PARCELS_DIRECTORY,
  LEDGER_FILE,
  PERSONS_FILE,
  POLICIES_FILE,
  PUBLICATIONS_FILE,
  REGISTERS_FILE,
  vaultFile,
  zoneFile,
} from '../store-names.ts';
import { type Custodian, custodianOn, type ZoneFault, zoneClosed } from '../zones/custodian.ts';
import { createDataKeys, type DataKeys } from '../zones/data-keys.ts';
import { publicKeyDigest } from '../zones/envelope.ts';

export interface CloudStores extends Stores {
  readonly zones: Readonly<Record<Exclude<Zone, 'quarantine'>, ZoneWriter & CarriedZone>>;
  /** A zone to read, if this process was given its key and, for geographic data, a custodian may read it today. */
  readonly reader: (zone: Exclude<Zone, 'quarantine'>) => Result<ZoneReader, ZoneFault>;
  readonly quarantineReader: () => Result<QuarantineReader, ZoneFault>;
  readonly vaults: Readonly<Record<Zone, KeyVault>>;
  readonly deletions: DeletionRegister;
  readonly accounts: AccountStore;
  readonly register: FillableDeviceRegister;
  readonly transfers: TransferRegister;
  readonly registers: RegisterStore;
  readonly documents: DocumentStore;
  readonly parts: PartStore;
  readonly persons: PersonLinks;
  readonly consents: ConsentRegister;
  readonly updates: UpdateRegister;
  readonly policies: PolicyArchive;
  readonly isInLedger: (key: RecordKey) => boolean;
  readonly publications: Publications;
  readonly close: () => void;
}

/** What aggregates are counted by, and how much is kept. */
export interface StoreRules {
  readonly law?: LawBook;
  /** Labels of areas; without them every area is unknown. */
  readonly areaOf?: AreaOf;
  /** How much refused evidence is kept; without them all of it. */
  readonly quarantineLimits?: QuarantineLimits;
}

export interface StoreKeys {
  /** Holds `<zone>.pub` and, for who reads, `<zone>.key`. */
  readonly directory: string;
  /** Directory of the key vaults. */
  readonly vaults: string;
  /** Zones this process reads; it writes all of them. */
  readonly read: readonly Zone[];
  readonly custodian?: Custodian | undefined;
  readonly clock: Clock;
}

/** Imports that are there. @param directory - of the stores */
export function importedFiles(directory: string): readonly FileRecord[] {
  return fileParcelsDirectory(join(directory, FILE_PARCELS_DIRECTORY)).list();
}

/**
 * Opens every store, each a file of its own, making those that are not there yet.
 *
 * @param directory - it must exist: a path mistyped is an error, and not an empty installation
 * @param database - has transfers, registers, parts and publications in place of files; closed with the stores
 * @throws Error when a directory or a key is missing or a zone file is not sealed, SqliteError when a file cannot be opened
 */
export function openStores(
  directory: string,
  keys: StoreKeys,
  rules: StoreRules = {},
  database?: OpenPostgres,
): CloudStores {
  if (!existsSync(directory)) throw new Error('the store directory does not exist');
  const opened: { readonly close: () => void }[] = [];
  const keep = <T extends { readonly close: () => void }>(store: T): T => {
    opened.push(store);
    return store;
  };
  const close = () => {
    for (const store of opened) store.close();
  };
  try {
    const file = (name: string) => join(directory, name);
    if (database !== undefined) keep(database);
    const shared = database === undefined ? inFiles(file) : inDatabase(database.session);
    for (const store of [shared.registers, shared.parts, shared.publications]) keep(store);
    keep({ close: () => shared.transfers.shut() });
    return {
      ...openZones(directory, { keys, limits: rules.quarantineLimits, keep }),
      ...openLedger(directory, rules, keep),
      register: keep(sqliteDeviceRegister(file(DEVICE_REGISTER_FILE))),
      ...shared,
      persons: keep(sqlitePersons(file(PERSONS_FILE))),
      consents: keep(sqliteConsentRegister(file('consents.sqlite'))),
      updates: keep(sqliteUpdateRegister(file('updates.sqlite'))),
      documents: documentFiles(file('documents'), keys.clock),
      policies: keep(sqlitePolicyArchive(file(POLICIES_FILE))),
      deletions: keep(sqliteDeletionRegister(file('deletions.sqlite'))),
      accounts: keep(sqliteAccounts(file('accounts.sqlite'))),
      close,
    };
  } catch (cause) {
    close();
    throw cause;
  }
}

/** Stores that several processes may write where a database has them. */
type SharedStores = Pick<CloudStores, 'transfers' | 'registers' | 'parts' | 'publications'>;

function inFiles(file: (name: string) => string): SharedStores {
  const transfers = sqliteTransferRegister(file('transfers.sqlite'));
  return {
    transfers,
    registers: sqliteRegisters(file(REGISTERS_FILE)),
    parts: sqliteParts(file('parts.sqlite'), transfers.persons),
    publications: sqlitePublications(file(PUBLICATIONS_FILE)),
  };
}

const inDatabase = (session: OpenPostgres['session']): SharedStores => ({
  transfers: postgresTransferRegister(session),
  registers: postgresRegisters(session),
  parts: postgresParts(session),
  publications: postgresPublications(session),
});

type Keep = <T extends { readonly close: () => void }>(store: T) => T;

function openZones(
  directory: string,
  {
    keys,
    limits,
    keep,
  }: { readonly keys: StoreKeys; readonly limits: QuarantineLimits | undefined; readonly keep: Keep },
): Pick<CloudStores, 'zones' | 'reader' | 'quarantine' | 'quarantineReader' | 'vaults'> {
  const zoneKeys = fileZoneKeys(keys.directory, keys.read);
  const vaultOf = (zone: Zone) => keep(openVault(zone, zoneKeys, keys));
  const vaults = {
    general: vaultOf('general'),
    personal: vaultOf('personal'),
    geographic: vaultOf('geographic'),
    important: vaultOf('important'),
    quarantine: vaultOf('quarantine'),
  };
  const dataKeys = (zone: Zone): DataKeys => keysFor(zone, vaults[zone], zoneKeys, keys);
  const zone = (name: Exclude<Zone, 'quarantine'>) =>
    keep(sqliteZoneStore(join(directory, zoneFile(name)), { zone: name, keys: dataKeys(name) }));
  const zones = {
    general: zone('general'),
    personal: zone('personal'),
    geographic: zone('geographic'),
    important: zone('important'),
  };
  const quarantine = keep(
    sqliteQuarantine(join(directory, zoneFile('quarantine')), { keys: dataKeys('quarantine'), limits }),
  );
  return {
    zones,
    reader: (name) => openFor(name, keys, zones[name]),
    quarantine,
    quarantineReader: () => openFor('quarantine', keys, quarantine),
    vaults,
  };
}

/** The ledger, and the counts of cells that a crash may have left ahead of it. */
function openLedger(
  directory: string,
  { law = SHIPPED_LAW, areaOf }: StoreRules,
  keep: Keep,
): Pick<CloudStores, 'ledger' | 'isInLedger' | 'cells' | 'aggregates'> {
  const ledger = keep(sqliteLedger(join(directory, LEDGER_FILE)));
  const isInLedger = ({ deviceNumber, epoch, sequence }: RecordKey): boolean =>
    missingFrom(ledger.extents(deviceNumber, epoch), sequence, sequence + 1).length === 0;
  return {
    ledger,
    isInLedger,
    aggregates: openAggregates(classificationRules(law), ledger.aggregates, areaOf),
    cells: keep(sqliteCellCounts(join(directory, 'zone-geographic-counts.sqlite'), isInLedger)),
  };
}

/** Asked each time, since a qualification lapses while a process runs. */
function openFor<Reader>(zone: Zone, keys: StoreKeys, reader: Reader): Result<Reader, ZoneFault> {
  if (!keys.read.includes(zone)) return fail(zoneClosed(zone));
  const custodian = zone === 'geographic' ? custodianOn(keys.custodian, keys.clock) : ok(undefined);
  return custodian.ok ? ok(reader) : custodian;
}

function openVault(zone: Zone, zoneKeys: ZoneKeys, { vaults }: StoreKeys): KeyVault {
  const owner = { zone, publicKeyDigest: publicKeyDigest(zoneKeys.publicKey(zone)) };
  return sqliteKeyVault(join(vaults, vaultFile(zone)), owner);
}

function keysFor(zone: Zone, vault: KeyVault, keys: ZoneKeys, { read, clock }: StoreKeys): DataKeys {
  return createDataKeys({ zone, vault, keys, isReadable: read.includes(zone), clock, random: randomBytes });
}
