import { type CloudStores, openStores as openCloudStores } from '../../../cloud/open-stores.ts';
import type { TestDevice } from './devices.ts';

/** The stores of an installation, with devices in its register. Safe to close twice. */
export function openStores(directory: string, devices: readonly TestDevice[]): CloudStores {
  const stores = openCloudStores(directory);
  stores.register.add(devices.map(({ vin, publicKeyPem }) => ({ vin, publicKey: publicKeyPem })));
  return stores;
}
