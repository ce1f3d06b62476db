import { join } from 'node:path';
import { makeBackupKey } from '../../../cloud/adapters/backup-key.ts';
import { makeZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import { type CloudStores, openStores as openCloudStores, type StoreKeys } from '../../../cloud/open-stores.ts';
import { ZONES } from '../../../proto/words/data-class.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { NOW } from './batches.ts';
import type { TestDevice } from './devices.ts';

/** A qualification that stands at `NOW`. */
export const CUSTODIAN = {
  holder: 'Example Surveying (fictional)',
  certificateNumber: 'EX-0001',
  grade: 'A',
  validFrom: '2025-01-01' as CivilDate,
  validUntil: '2027-12-31' as CivilDate,
  attestedBy: 'data officer',
  attestedOn: '2025-01-02' as CivilDate,
} as const;

/** Keys in a directory of their own below the stores, made when they are not there; every zone may be read. */
export function storeKeys(directory: string, change: Partial<StoreKeys> = {}): StoreKeys {
  const keys = join(directory, 'keys');
  makeZoneKeys(keys);
  makeBackupKey(keys);
  return { directory: keys, vaults: keys, read: ZONES, custodian: CUSTODIAN, clock: { now: () => NOW }, ...change };
}

/** The stores of an installation, with devices in its register. Safe to close twice. */
export function openStores(
  directory: string,
  devices: readonly TestDevice[],
  change: Partial<StoreKeys> = {},
): CloudStores {
  const stores = openCloudStores(directory, storeKeys(directory, change));
  stores.register.add(devices.map(({ vin, publicKeyPem }) => ({ vin, publicKey: publicKeyPem })));
  return stores;
}
