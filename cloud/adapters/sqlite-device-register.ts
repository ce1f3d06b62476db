import { readDeviceKey } from '../../proto/codec/device-key.ts';
import { redacted } from '../../proto/words/redacted.ts';
import { assert } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { parseVin, type Vin } from '../../proto/words/vin.ts';
import type { DeviceRegister, RegisteredDevice, TrustRegister, TrustState } from '../ports/device-register.ts';
import type { RosterEntry, RosterSource } from '../ports/roster.ts';
import { type DeviceActs, sqliteDeviceActs } from './device-acts.ts';
import { openDatabase, openReadOnly, type StoreDatabase } from './open-database.ts';
import { type FillableTerminals, NO_KEY, sqliteTerminals, TERMINAL_SCHEMA } from './sqlite-terminals.ts';

interface Row {
  readonly number: number;
  readonly device: string;
  readonly vin: string;
  readonly public_key: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS device (
    number INTEGER PRIMARY KEY, device TEXT NOT NULL UNIQUE, vin TEXT NOT NULL, public_key TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0, trust TEXT NOT NULL DEFAULT 'trusted');
${TERMINAL_SCHEMA}`;

/** What is shown of a device: never its VIN. */
export interface DeviceStanding {
  readonly device: DeviceId;
  readonly trust: TrustState;
  readonly revoked: boolean;
}

/** A register that can also be filled, and written by the person who keeps it. */
export interface FillableDeviceRegister
  extends DeviceRegister,
    TrustRegister,
    DeviceActs,
    FillableTerminals,
    RosterSource {
  /** Adds devices by VIN and public key (PEM, SubjectPublicKeyInfo); a key that is known already stays as it is. */
  add(devices: readonly { readonly vin: Vin; readonly publicKey: string }[]): number;
  count(): number;
  /** Whether a device is registered and not revoked; cheaper than `find`. */
  mayConnect(device: DeviceId): boolean;
  standings(): Iterable<DeviceStanding & { readonly number: number }>;
  /** Devices in the order they were registered, after a number. */
  page(after: number, limit: number): readonly (DeviceStanding & { readonly number: number })[];
  /** Devices that are not trusted, revoked ones left out. */
  distrusted(): Readonly<Record<Exclude<TrustState, 'trusted'>, number>>;
  close(): void;
}

interface StandingRow {
  readonly number: number;
  readonly device: DeviceId;
  readonly trust: TrustState;
  readonly revoked: number;
}

/** @param readonly - for a build, which registers nobody */
export function sqliteDeviceRegister(file: string, readonly = false): FillableDeviceRegister {
  const database = readonly ? openReadOnly(file) : openDatabase(file, SCHEMA);
  if (!readonly) addTrust(database);
  const select = database.prepare('SELECT * FROM device WHERE device = ? AND revoked = 0');
  const selectVin = database.prepare('SELECT vin FROM device WHERE number = ?').pluck();
  const mayConnect = database.prepare('SELECT 1 FROM device WHERE device = ? AND revoked = 0').pluck();
  const list = database.prepare('SELECT number, device, trust, revoked FROM device ORDER BY number');
  const page = database.prepare(
    'SELECT number, device, trust, revoked FROM device WHERE number > ? ORDER BY number LIMIT ?',
  );
  const byTrust = database.prepare(
    "SELECT trust, count(*) AS devices FROM device WHERE trust <> 'trusted' AND revoked = 0 GROUP BY trust",
  );
  const selectNumber = database.prepare('SELECT number FROM device WHERE device = ?').pluck();
  const selectNumbers = database.prepare('SELECT number FROM device WHERE vin = ? ORDER BY number').pluck();
  const insert = database.prepare('INSERT OR IGNORE INTO device (device, vin, public_key) VALUES (?, ?, ?)');
  const insertAll = database.transaction((devices: Parameters<FillableDeviceRegister['add']>[0]) => {
    let added = 0;
    for (const { vin, publicKey } of devices)
      added += insert.run(readDeviceKey(publicKey).device, vin, publicKey).changes;
    return added;
  });
  return {
    ...sqliteDeviceActs(database),
    ...sqliteTerminals(database),
    ...readWhole(database),
    find: (device: DeviceId) => {
      const row = select.get(device) as Row | undefined;
      // A terminal has a row and no key: nobody connects as it with a certificate.
      return row === undefined || row.public_key === NO_KEY ? undefined : deviceOf(row);
    },
    vinOf: (deviceNumber) => {
      const vin = selectVin.get(deviceNumber) as string | undefined;
      return vin === undefined ? undefined : redacted(vinOf(vin));
    },
    mayConnect: (device) => mayConnect.get(device) !== undefined,
    *standings() {
      for (const row of list.iterate() as Iterable<StandingRow>) yield { ...row, revoked: row.revoked === 1 };
    },
    page: (after, limit) =>
      (page.all(after, limit) as StandingRow[]).map((row) => ({ ...row, revoked: row.revoked === 1 })),
    distrusted: () => {
      const rows = byTrust.all() as { readonly trust: TrustState; readonly devices: number }[];
      return { ...NOBODY, ...Object.fromEntries(rows.map(({ trust, devices }) => [trust, devices])) };
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

/** For who writes the register down elsewhere. */
function readWhole(database: StoreDatabase): RosterSource {
  const entries = database.prepare('SELECT * FROM device WHERE number > ? ORDER BY number LIMIT ?');
  const notable = database.prepare("SELECT number, trust, revoked FROM device WHERE trust <> 'trusted' OR revoked = 1");
  const countUpTo = database.prepare('SELECT count(*) FROM device WHERE number <= ?').pluck();
  return {
    entriesAfter: (number, limit) => (entries.all(number, limit) as (Row & StandingRow)[]).map(entryOf),
    notable: () => (notable.all() as StandingRow[]).map((row) => ({ ...row, revoked: row.revoked === 1 })),
    countUpTo: (number) => countUpTo.get(number) as number,
  };
}

const NOBODY = { watched: 0, barred: 0 } as const;

/** A register from before there was trust: everybody in it is trusted. The few who are not are found without the others. */
function addTrust(database: StoreDatabase): void {
  const columns = database.prepare("SELECT name FROM pragma_table_info('device')").pluck().all();
  if (!columns.includes('trust')) database.exec("ALTER TABLE device ADD COLUMN trust TEXT NOT NULL DEFAULT 'trusted'");
  database.exec(
    `CREATE INDEX IF NOT EXISTS device_distrusted ON device (trust) WHERE trust <> 'trusted' AND revoked = 0;
     CREATE INDEX IF NOT EXISTS device_notable ON device (number) WHERE trust <> 'trusted' OR revoked = 1`,
  );
}

const entryOf = ({ number, device, vin, public_key, trust, revoked }: Row & StandingRow): RosterEntry => ({
  ...{ number, device, trust, revoked: revoked === 1 },
  ...{ vin: redacted(vinOf(vin)), publicKey: public_key },
});

function deviceOf(row: Row): RegisteredDevice {
  return {
    device: row.device as DeviceId,
    number: row.number,
    vin: redacted(vinOf(row.vin)),
    publicKey: readDeviceKey(row.public_key).publicKey,
  };
}

function vinOf(text: string): Vin {
  const vin = parseVin(text);
  assert(vin.ok, 'the device register holds valid VINs');
  return vin.value;
}
