import { join } from 'node:path';
import { borderDirectory } from './adapters/border-directory.ts';
import { fileParcelsDirectory } from './adapters/file-parcels-directory.ts';
import { openArchive } from './adapters/open-archive.ts';
import { parquetTables } from './adapters/parquet-tables.ts';
import { sqliteDeviceRegister } from './adapters/sqlite-device-register.ts';
import { sqlitePublications } from './adapters/sqlite-publications.ts';
import { sqliteZoneStore } from './adapters/sqlite-zone-store.ts';
import type { FileParcelParts } from './datasets/build-file-parcel.ts';
import type { ParcelParts } from './datasets/build-parcel.ts';
import { DEVICE_REGISTER_FILE, FILE_PARCELS_DIRECTORY, PUBLICATIONS_FILE } from './open-stores.ts';

/** Where a build finds what it reads, and where it stages; paths are absolute. */
export interface BuildPlaces {
  readonly stores: string;
  readonly border: string;
  /** The pseudonym key of the processor. */
  readonly key: Uint8Array;
}

/**
 * Opens what a build needs and nothing else: one zone, the device register and the publications to read, the staging
 * directory to write.
 *
 * @throws SqliteError when a store is not there
 */
export function openBuild({ stores, border, key }: BuildPlaces): {
  readonly parts: ParcelParts & FileParcelParts;
  readonly close: () => void;
} {
  const zone = sqliteZoneStore(join(stores, 'zone-personal.sqlite'), true);
  const register = sqliteDeviceRegister(join(stores, DEVICE_REGISTER_FILE), true);
  const publications = sqlitePublications(join(stores, PUBLICATIONS_FILE), true);
  return {
    parts: {
      zone,
      border: borderDirectory(border),
      publications,
      format: parquetTables(),
      files: fileParcelsDirectory(join(stores, FILE_PARCELS_DIRECTORY)),
      open: openArchive,
      key,
      vinOf: (deviceNumber) => register.vinOf(deviceNumber)?.reveal(),
    },
    close: () => {
      zone.close();
      register.close();
      publications.close();
    },
  };
}
