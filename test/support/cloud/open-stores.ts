import { join } from 'node:path';
import { type FillableDeviceRegister, sqliteDeviceRegister } from '../../../cloud/adapters/sqlite-device-register.ts';
import { sqliteLedger } from '../../../cloud/adapters/sqlite-ledger.ts';
import { sqliteQuarantine } from '../../../cloud/adapters/sqlite-quarantine.ts';
import { sqliteZoneStore } from '../../../cloud/adapters/sqlite-zone-store.ts';
import type { Stores } from '../../../cloud/ingest/group-commit.ts';
import type { TestDevice } from './devices.ts';

export interface OpenedStores extends Stores {
  readonly register: FillableDeviceRegister;
  /** Safe to call twice. */
  readonly close: () => void;
}

/** The files of an installation, as the cloud's composition root opens them. */
export function openStores(directory: string, devices: readonly TestDevice[]): OpenedStores {
  const at = (name: string): string => join(directory, `${name}.sqlite`);
  const zones = {
    general: sqliteZoneStore(at('general')),
    personal: sqliteZoneStore(at('personal')),
    geographic: sqliteZoneStore(at('geographic')),
    important: sqliteZoneStore(at('important')),
  };
  const quarantine = sqliteQuarantine(at('quarantine'));
  const ledger = sqliteLedger(at('ledger'));
  const register = sqliteDeviceRegister(at('register'));
  register.add(devices.map(({ vin, publicKeyPem }) => ({ vin, publicKey: publicKeyPem })));
  return {
    zones,
    quarantine,
    ledger,
    register,
    close: () => {
      for (const store of [...Object.values(zones), quarantine, ledger, register]) store.close();
    },
  };
}
