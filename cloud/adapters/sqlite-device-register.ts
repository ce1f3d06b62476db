import { createPublicKey } from 'node:crypto';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import { redacted } from '../../proto/words/redacted.ts';
import { assert } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { parseVin, type Vin } from '../../proto/words/vin.ts';
import type { DeviceRegister, RegisteredDevice } from '../ports/device-register.ts';
import { openDatabase } from './open-database.ts';

interface Row {
  readonly number: number;
  readonly device: string;
  readonly vin: string;
  readonly public_key: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS device (
    number INTEGER PRIMARY KEY, device TEXT NOT NULL UNIQUE, vin TEXT NOT NULL, public_key TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0);
`;

/** A register that can also be filled. */
export interface FillableDeviceRegister extends DeviceRegister {
  /** Adds devices by VIN and public key (PEM, SubjectPublicKeyInfo); a key that is known already stays as it is. */
  add(devices: readonly { readonly vin: Vin; readonly publicKey: string }[]): number;
  count(): number;
  close(): void;
}

export function sqliteDeviceRegister(file: string): FillableDeviceRegister {
  const database = openDatabase(file, SCHEMA);
  const select = database.prepare('SELECT * FROM device WHERE device = ? AND revoked = 0');
  const selectVin = database.prepare('SELECT vin FROM device WHERE number = ?').pluck();
  const selectNumber = database.prepare('SELECT number FROM device WHERE device = ?').pluck();
  const selectNumbers = database.prepare('SELECT number FROM device WHERE vin = ? ORDER BY number').pluck();
  const insert = database.prepare('INSERT OR IGNORE INTO device (device, vin, public_key) VALUES (?, ?, ?)');
  const insertAll = database.transaction((devices: Parameters<FillableDeviceRegister['add']>[0]) => {
    let added = 0;
    for (const { vin, publicKey } of devices)
      added += insert.run(deviceIdOf(createPublicKey(publicKey)), vin, publicKey).changes;
    return added;
  });
  return {
    find: (device: DeviceId) => {
      const row = select.get(device) as Row | undefined;
      return row === undefined ? undefined : deviceOf(row);
    },
    vinOf: (deviceNumber) => {
      const vin = selectVin.get(deviceNumber) as string | undefined;
      return vin === undefined ? undefined : redacted(vinOf(vin));
    },
    numbersOf: (whose) =>
      ('device' in whose ? selectNumber.all(whose.device) : selectNumbers.all(whose.vin)) as number[],
    add: (devices) => insertAll(devices),
    count: () => database.prepare('SELECT count(*) FROM device').pluck().get() as number,
    close: () => {
      database.close();
    },
  };
}

function deviceOf(row: Row): RegisteredDevice {
  return {
    device: row.device as DeviceId,
    number: row.number,
    vin: redacted(vinOf(row.vin)),
    publicKey: createPublicKey(row.public_key),
  };
}

function vinOf(text: string): Vin {
  const vin = parseVin(text);
  assert(vin.ok, 'the device register holds valid VINs');
  return vin.value;
}
