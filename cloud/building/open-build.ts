import { join } from 'node:path';
import type { Zone } from '../../proto/words/data-class.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { borderDirectory } from '../adapters/border-directory.ts';
import { fileParcelsDirectory } from '../adapters/file-parcels-directory.ts';
import { parquetTables } from '../adapters/parquet-tables.ts';
import { type PostgresSettings, publicationsAt } from '../adapters/postgres-stores.ts';
import { sqliteDeviceRegister } from '../adapters/sqlite-device-register.ts';
import { sqlitePersons } from '../adapters/sqlite-persons.ts';
import { sqlitePublications } from '../adapters/sqlite-publications.ts';
import { openReader } from '../composition/open-zone.ts';
import { personsBehind } from '../counting/persons-behind.ts';
import type { FileParcelParts } from '../datasets/build-file-parcel.ts';
import type { ParcelParts } from '../datasets/build-parcel.ts';
import { personDigest } from '../partition/recipient-tag.ts';
import type { OpenArchive } from '../ports/archives.ts';
import type { ZoneWriter } from '../ports/zone-store.ts';
import type { SealBorder } from '../sealing/seal-parcel.ts';
import { DEVICE_REGISTER_FILE, FILE_PARCELS_DIRECTORY, PERSONS_FILE, PUBLICATIONS_FILE } from '../store-names.ts';
import { type ZoneFault, zoneClosed } from '../zones/custodian.ts';

/** Where a build finds what it reads, and where it stages; paths are absolute. */
export interface BuildPlaces {
  readonly stores: string;
  readonly border: string;
  /** Directories of the zone keys and their vaults, and the zones that may be read with them: a build opens the files itself. */
  readonly zones: { readonly keys: string; readonly vaults: string; readonly read: readonly Zone[] };
  /** Has what was published, where a file does not. */
  readonly database?: PostgresSettings;
  /** The pseudonym key of the processor. */
  readonly key: Uint8Array;
  /** That one build may take; more than two are not used. */
  readonly threads: number;
}

/** Records of any kind are counted. */
export type ReadZone = ParcelParts['zone'] & Pick<ZoneWriter, 'count'>;

/** Parts of either grain; the zone is opened only where rows are asked for. */
export type BuildParts = Omit<ParcelParts, 'zone'> &
  FileParcelParts & {
    readonly border: SealBorder;
    /** Fault ZONE_CLOSED where this process may not read the zone. @throws Error when its key or file cannot be opened */
    readonly zone: () => Result<ReadZone, ZoneFault>;
  };

/**
 * Opens what a build needs and nothing else: one zone, the device register and the publications to read, the staging
 * directory to write.
 *
 * @throws SqliteError when a store is not there
 */
export function openBuild(
  { stores, border, key, zones, database }: Omit<BuildPlaces, 'threads'>,
  clock: Clock,
): { readonly parts: BuildParts; readonly close: () => void } {
  let zone: ReturnType<typeof openReader> | undefined;
  const openZone = (): Result<ReadZone, ZoneFault> => {
    if (!zones.read.includes('personal')) return fail(zoneClosed('personal'));
    zone ??= openReader('personal', { stores, keys: zones.keys, vaults: zones.vaults }, clock);
    return ok(zone.reader);
  };
  const register = sqliteDeviceRegister(join(stores, DEVICE_REGISTER_FILE), true);
  const publications =
    database === undefined
      ? sqlitePublications(join(stores, PUBLICATIONS_FILE), true)
      : publicationsAt(database, clock);
  const persons = sqlitePersons(join(stores, PERSONS_FILE), true);
  return {
    parts: {
      zone: openZone,
      border: borderDirectory(border),
      publications,
      format: parquetTables(),
      files: fileParcelsDirectory(join(stores, FILE_PARCELS_DIRECTORY)),
      open: openArchive,
      key,
      vinOf: (deviceNumber) => register.vinOf(deviceNumber)?.reveal(),
      personsOf: (vins) =>
        personsBehind(
          vins.map((vin) => personDigest(key, vin)),
          persons.of,
        ),
    },
    close: () => {
      zone?.close();
      register.close();
      publications.close();
      persons.close();
    },
  };
}

/** Loads what opens archives with the first one: a build of rows has none. */
const openArchive: OpenArchive = async function* (...archive) {
  const opened = await import('../adapters/open-archive.ts');
  yield* opened.openArchive(...archive);
};
