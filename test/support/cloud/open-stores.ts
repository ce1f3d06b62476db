import { join } from 'node:path';
import { makeBackupKey } from '../../../cloud/adapters/backup-key.ts';
import { makeZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import type { StoreKeys } from '../../../cloud/composition/open-ingest-stores.ts';
import { type CloudStores, openStores as openCloudStores } from '../../../cloud/composition/open-stores.ts';
import { ZONES } from '../../../proto/words/data-class.ts';
import { NOW } from './batches.ts';
import { CUSTODIAN } from './custodian.ts';
import type { TestDevice } from './devices.ts';

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
