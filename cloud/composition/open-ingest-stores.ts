import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Zone } from '../../proto/words/data-class.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { fileZoneKeys } from '../adapters/file-zone-keys.ts';
import { postgresLedger } from '../adapters/postgres-stores.ts';
import { sqliteCellCounts } from '../adapters/sqlite-cell-counts.ts';
import { sqliteConsentRegister } from '../adapters/sqlite-consent-register.ts';
import { type FillableDeviceRegister, sqliteDeviceRegister } from '../adapters/sqlite-device-register.ts';
import { sqliteKeyVault } from '../adapters/sqlite-key-vault.ts';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { sqlitePolicyArchive } from '../adapters/sqlite-policy-archive.ts';
import { sqliteQuarantine } from '../adapters/sqlite-quarantine.ts';
import { sqliteUpdateRegister } from '../adapters/sqlite-update-register.ts';
import { sqliteZoneStore } from '../adapters/sqlite-zone-store.ts';
import { classificationRules } from '../classification/classification-rules.ts';
import type { AreaOf } from '../classification/group-tally.ts';
import { openAggregates } from '../classification/running-aggregates.ts';
import type { OpenPostgres } from '../database/open-postgres.ts';
import { missingFrom } from '../ingest/extents.ts';
import type { Stores } from '../ingest/group-commit.ts';
import type { ConsentRegister } from '../ports/consent-register.ts';
import type { KeyVault } from '../ports/key-vault.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
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
import { DEVICE_REGISTER_FILE, LEDGER_FILE, POLICIES_FILE, vaultFile, zoneFile } from '../store-names.ts';
import { type Custodian, custodianOn, type ZoneFault, zoneClosed } from '../zones/custodian.ts';
import { createDataKeys, type DataKeys } from '../zones/data-keys.ts';
import { publicKeyDigest } from '../zones/envelope.ts';

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

/** The stores that frames go through. */
export interface IngestStores extends Stores {
  readonly zones: Readonly<Record<Exclude<Zone, 'quarantine'>, ZoneWriter & CarriedZone>>;
  /** A zone to read, if this process was given its key and, for geographic data, a custodian may read it today. */
  readonly reader: (zone: Exclude<Zone, 'quarantine'>) => Result<ZoneReader, ZoneFault>;
  readonly quarantineReader: () => Result<QuarantineReader, ZoneFault>;
  readonly vaults: Readonly<Record<Zone, KeyVault>>;
  readonly register: FillableDeviceRegister;
  readonly consents: ConsentRegister;
  readonly updates: UpdateRegister;
  readonly policies: PolicyArchive;
  readonly isInLedger: (key: RecordKey) => boolean;
  readonly close: () => void;
}

/** Opens those alone, of the same files and under the same conditions as `openStores`. */
export const openIngestStores = (directory: string, keys: StoreKeys, rules: StoreRules = {}): IngestStores =>
  together(directory, (file, keep) => ({
    ...ingestStores(directory, { keys, rules }, keep),
    policies: keep(sqlitePolicyArchive(file(POLICIES_FILE))),
  }));

/** All of them, or none: what was opened is closed when another cannot be. */
export function together<Opened extends object>(
  directory: string,
  open: (file: (name: string) => string, keep: Keep) => Opened,
): Opened & { readonly close: () => void } {
  if (!existsSync(directory)) throw new Error('the store directory does not exist');
  const opened: { readonly close: () => void }[] = [];
  const close = () => {
    for (const store of opened) store.close();
  };
  const keep: Keep = (store) => {
    opened.push(store);
    return store;
  };
  try {
    return { ...open((name) => join(directory, name), keep), close };
  } catch (cause) {
    close();
    throw cause;
  }
}

/** All of them but the policies, which several processes may write. @param database - has the ledger in place of a file */
export function ingestStores(
  directory: string,
  {
    keys,
    rules,
    database,
  }: { readonly keys: StoreKeys; readonly rules: StoreRules; readonly database?: OpenPostgres | undefined },
  keep: Keep,
): Omit<IngestStores, 'policies' | 'close'> {
  const file = (name: string) => join(directory, name);
  return {
    ...openZones(directory, { keys, limits: rules.quarantineLimits, keep }),
    ...openLedger(directory, rules, keep, database),
    register: keep(sqliteDeviceRegister(file(DEVICE_REGISTER_FILE))),
    consents: keep(sqliteConsentRegister(file('consents.sqlite'))),
    updates: keep(sqliteUpdateRegister(file('updates.sqlite'))),
  };
}

export type Keep = <T extends { readonly close: () => void }>(store: T) => T;

function openZones(
  directory: string,
  {
    keys,
    limits,
    keep,
  }: { readonly keys: StoreKeys; readonly limits: QuarantineLimits | undefined; readonly keep: Keep },
): Pick<IngestStores, 'zones' | 'reader' | 'quarantine' | 'quarantineReader' | 'vaults'> {
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
  database: OpenPostgres | undefined,
): Pick<IngestStores, 'ledger' | 'isInLedger' | 'cells' | 'aggregates'> {
  const ledger = keep(
    database === undefined ? sqliteLedger(join(directory, LEDGER_FILE)) : postgresLedger(database.session),
  );
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
