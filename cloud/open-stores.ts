import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Zone } from '../proto/words/data-class.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import { documentFiles } from './adapters/document-files.ts';
import { fileZoneKeys } from './adapters/file-zone-keys.ts';
import { sqliteDeletionRegister } from './adapters/sqlite-deletion-register.ts';
import { type FillableDeviceRegister, sqliteDeviceRegister } from './adapters/sqlite-device-register.ts';
import { sqliteKeyVault } from './adapters/sqlite-key-vault.ts';
import { sqliteLedger } from './adapters/sqlite-ledger.ts';
import { sqliteQuarantine } from './adapters/sqlite-quarantine.ts';
import { sqliteRegisters } from './adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from './adapters/sqlite-transfer-register.ts';
import { sqliteZoneStore } from './adapters/sqlite-zone-store.ts';
import type { Stores } from './ingest/group-commit.ts';
import type { DeletionRegister } from './ports/deletion-register.ts';
import type { KeyVault } from './ports/key-vault.ts';
import type { DocumentStore, RegisterStore } from './ports/register-store.ts';
import type { TransferRegister } from './ports/transfer-register.ts';
import type { ZoneKeys } from './ports/zone-keys.ts';
import type { QuarantineReader, ZoneReader } from './ports/zone-store.ts';
import { type Custodian, custodianOn, type ZoneFault, zoneClosed } from './zones/custodian.ts';
import { createDataKeys, type DataKeys } from './zones/data-keys.ts';
import { publicKeyDigest } from './zones/envelope.ts';

export interface CloudStores extends Stores {
  /** A zone to read, if this process was given its key and, for geographic data, a custodian may read it today. */
  readonly reader: (zone: Exclude<Zone, 'quarantine'>) => Result<ZoneReader, ZoneFault>;
  readonly quarantineReader: () => Result<QuarantineReader, ZoneFault>;
  readonly vaults: Readonly<Record<Zone, KeyVault>>;
  readonly deletions: DeletionRegister;
  readonly register: FillableDeviceRegister;
  readonly transfers: TransferRegister;
  readonly registers: RegisterStore;
  readonly documents: DocumentStore;
  readonly close: () => void;
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

/** File of the device register within the store directory; `tongguan register device` fills it. */
export const DEVICE_REGISTER_FILE = 'devices.sqlite';

/** File of a zone within the store directory, and of its key vault within the directory of vaults. */
export const zoneFile = (zone: Zone): string => `zone-${zone}.sqlite`;
export const vaultFile = (zone: Zone): string => `vault-${zone}.sqlite`;

/**
 * Opens every store, each a file of its own, making those that are not there yet.
 *
 * @param directory - it must exist: a path mistyped is an error, and not an empty installation
 * @throws Error when a directory or a key is missing or a zone file is not sealed, SqliteError when a file cannot be opened
 */
export function openStores(directory: string, keys: StoreKeys): CloudStores {
  if (!existsSync(directory)) throw new Error('the store directory does not exist');
  const zoneKeys = fileZoneKeys(keys.directory, keys.read);
  const file = (name: string) => join(directory, name);
  const opened: { readonly close: () => void }[] = [];
  const keep = <T extends { readonly close: () => void }>(store: T): T => {
    opened.push(store);
    return store;
  };
  try {
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
      keep(sqliteZoneStore(file(zoneFile(name)), { zone: name, keys: dataKeys(name) }));
    const zones = {
      general: zone('general'),
      personal: zone('personal'),
      geographic: zone('geographic'),
      important: zone('important'),
    };
    const quarantine = keep(sqliteQuarantine(file(zoneFile('quarantine')), dataKeys('quarantine')));
    const transfers = sqliteTransferRegister(file('transfers.sqlite'));
    return {
      zones,
      reader: (name) => openFor(name, keys, zones[name]),
      quarantine,
      quarantineReader: () => openFor('quarantine', keys, quarantine),
      vaults,
      ledger: keep(sqliteLedger(file('ledger.sqlite'))),
      register: keep(sqliteDeviceRegister(file(DEVICE_REGISTER_FILE))),
      transfers,
      registers: keep(sqliteRegisters(file('registers.sqlite'))),
      documents: documentFiles(file('documents')),
      deletions: keep(sqliteDeletionRegister(file('deletions.sqlite'))),
      close: () => {
        for (const store of opened) store.close();
        transfers.shut();
      },
    };
  } catch (cause) {
    for (const store of opened) store.close();
    throw cause;
  }
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
