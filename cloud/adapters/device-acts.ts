import type { Instant } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { DeviceAct, TrustRegister, TrustState } from '../ports/device-register.ts';
import type { StoreDatabase } from './open-database.ts';

/** An act of a person. */
export interface PersonalAct {
  readonly device: DeviceId;
  readonly at: Instant;
  readonly person: string;
  readonly reason: string;
}

/** What was done to devices, and who did it. The command writes here, and the running cloud reads and logs it. */
export interface DeviceActs extends TrustRegister {
  /** Revokes at once; false for a device that is unknown or revoked already. */
  revoke(act: PersonalAct): boolean;
  /** Records the wish of a person. What lowers trust holds at once, what raises it once it was logged; false for an unknown device. */
  setTrust(act: PersonalAct & { readonly to: TrustState }): boolean;
  /** Acts that the operations log does not have yet, in their order. */
  unlogged(): readonly DeviceAct[];
  /** An act is in the log: what raises trust holds from here on, and refused batches are counted anew. */
  logged(id: number): void;
  /** Whether another process wrote the register since this was asked last. */
  hasChanged(): boolean;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS act (
    id INTEGER PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, from_trust TEXT NOT NULL,
    to_trust TEXT NOT NULL, rule TEXT NOT NULL, code TEXT NOT NULL, person TEXT NOT NULL, reason TEXT NOT NULL,
    logged INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS act_unlogged ON act (id) WHERE logged = 0;
  CREATE TABLE IF NOT EXISTS mismatch (
    number INTEGER NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (number, digest)) WITHOUT ROWID;
`;

/** From most to least believed. */
const ORDER: readonly TrustState[] = ['trusted', 'watched', 'barred'];

/** Devices whose trust is kept in memory. */
const REMEMBERED_MAX = 200_000;

/** Acts that are logged in one go; more come at the next. */
const UNLOGGED_MAX = 256;

const UNLOGGED = `
  SELECT id, device.device, at, kind, from_trust AS "from", to_trust AS "to", rule, code, person, reason
  FROM act JOIN device USING (number) WHERE logged = 0 ORDER BY id LIMIT ${UNLOGGED_MAX}`;

/** Mismatches are counted up to a few; a liar whom nobody bars must not fill the register. */
const MISMATCHES_KEPT_MAX = 16;

/** @param database - of the device register, whose table `device` has the column `trust` */
export function sqliteDeviceActs(database: StoreDatabase): DeviceActs {
  database.exec(SCHEMA);
  const select = database.prepare('SELECT number, trust, revoked FROM device WHERE device = ?');
  const selectTrust = database.prepare('SELECT trust FROM device WHERE number = ?').pluck();
  const update = database.prepare('UPDATE device SET trust = ? WHERE number = ?');
  const markRevoked = database.prepare('UPDATE device SET revoked = 1 WHERE number = ?');
  const insertAct = database.prepare('INSERT INTO act VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)');
  const unlogged = database.prepare(UNLOGGED);
  const selectAct = database.prepare('SELECT number, kind, to_trust, person FROM act WHERE id = ? AND logged = 0');
  const markLogged = database.prepare('UPDATE act SET logged = 1 WHERE id = ?');
  const addMismatch = database.prepare('INSERT OR IGNORE INTO mismatch VALUES (?, ?, ?)');
  const mismatches = database.prepare('SELECT count(*) FROM mismatch WHERE number = ?').pluck();
  const forget = database.prepare('DELETE FROM mismatch WHERE number = ?');
  const remembered = new Map<number, TrustState>();
  let version = versionOf(database);

  const trustOf = (number: number): TrustState => {
    const known = remembered.get(number);
    if (known !== undefined) return known;
    // A device that the register lost is believed in nothing.
    const trust = (selectTrust.get(number) as TrustState | undefined) ?? 'barred';
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(number, trust);
    return trust;
  };

  const lower = database.transaction(({ deviceNumber, at, to, rule, code }: Parameters<TrustRegister['lower']>[0]) => {
    const from = (selectTrust.get(deviceNumber) as TrustState | undefined) ?? 'barred';
    if (ORDER.indexOf(to) <= ORDER.indexOf(from)) return;
    update.run(to, deviceNumber);
    insertAct.run(deviceNumber, at, 'trust', from, to, rule, code, '', '');
  });
  const revoke = database.transaction(({ device, at, person, reason }: PersonalAct): boolean => {
    const row = select.get(device) as Standing | undefined;
    if (row === undefined || row.revoked === 1) return false;
    markRevoked.run(row.number);
    insertAct.run(row.number, at, 'revoked', row.trust, row.trust, '', '', person, reason);
    return true;
  });
  const setTrust = database.transaction(({ device, at, person, reason, to }: Parameters<DeviceActs['setTrust']>[0]) => {
    const row = select.get(device) as Standing | undefined;
    if (row === undefined) return false;
    if (ORDER.indexOf(to) > ORDER.indexOf(row.trust)) update.run(to, row.number);
    insertAct.run(row.number, at, 'trust', row.trust, to, '', '', person, reason);
    return true;
  });
  const logged = database.transaction((id: number) => {
    const act = selectAct.get(id) as LoggedAct | undefined;
    if (act === undefined) return;
    markLogged.run(id);
    if (act.kind !== 'trust' || act.person === '') return;
    update.run(act.to_trust, act.number);
    forget.run(act.number);
  });
  /** What is remembered may be out of date whenever the file was written. */
  const forgetting = <A extends readonly unknown[], R>(write: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      const result = write(...args);
      remembered.clear();
      return result;
    };
  };
  return {
    trustOf,
    lower: forgetting((fall) => void lower.immediate(fall)),
    countMismatch: (number, digest, at) => {
      const before = mismatches.get(number) as number;
      const added = before < MISMATCHES_KEPT_MAX ? addMismatch.run(number, digest, at).changes : 0;
      return before + added;
    },
    revoke: (act) => revoke.immediate(act),
    setTrust: forgetting((act) => setTrust.immediate(act)),
    unlogged: () => unlogged.all() as DeviceAct[],
    logged: forgetting((id) => void logged.immediate(id)),
    hasChanged: () => {
      const now = versionOf(database);
      if (now === version) return false;
      version = now;
      remembered.clear();
      return true;
    },
  };
}

interface Standing {
  readonly number: number;
  readonly trust: TrustState;
  readonly revoked: number;
}

interface LoggedAct {
  readonly number: number;
  readonly kind: DeviceAct['kind'];
  readonly to_trust: TrustState;
  readonly person: string;
}

/** Changes when another connection has written the file. */
const versionOf = (database: StoreDatabase): number => database.pragma('data_version', { simple: true }) as number;
