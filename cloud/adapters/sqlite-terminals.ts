import { redacted } from '../../proto/words/redacted.ts';
import { assert } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { parseVin } from '../../proto/words/vin.ts';
import type {
  Enrolment,
  EnrolmentRegister,
  NewTerminal,
  RegisteredTerminal,
  TerminalProtocol,
  TerminalRegister,
} from '../ports/terminal-register.ts';
import type { StoreDatabase } from './open-database.ts';

/** In the place of the public key of a terminal, which has none. */
export const NO_KEY = '';

/** Terminals are devices without a key: number, VIN, trust and revocation are those of their row among the devices. */
export const TERMINAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS terminal (
    protocol TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL UNIQUE, sources TEXT NOT NULL, code BLOB NOT NULL,
    PRIMARY KEY (protocol, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS enrolment (
    number INTEGER PRIMARY KEY, plate BLOB, code BLOB, is_used INTEGER NOT NULL DEFAULT 0);
`;

export interface FillableTerminals extends TerminalRegister, EnrolmentRegister {
  /** Adds terminals; one that is known gets the new sources, code and plate. Gives how many were new. */
  addTerminals(terminals: readonly NewTerminal[]): number;
  countTerminals(protocol: TerminalProtocol): number;
}

interface Row {
  readonly number: number;
  readonly device: string;
  readonly vin: string;
  readonly sources: string;
  readonly code: Uint8Array;
}

export function sqliteTerminals(database: StoreDatabase): FillableTerminals {
  // A register that is read only, and older than terminals and their enrolment, has none.
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'enrolment'").get() !== undefined;
  if (!isThere) return NONE;
  const find = database.prepare(`
    SELECT terminal.number, device, vin, sources, code FROM terminal JOIN device ON device.number = terminal.number
    WHERE protocol = ? AND name = ? AND revoked = 0`);
  const known = database.prepare('SELECT number FROM terminal WHERE protocol = ? AND name = ?').pluck();
  const codes = sqliteEnrolments(database);
  const change = database.prepare('UPDATE terminal SET sources = ?, code = ? WHERE protocol = ? AND name = ?');
  const insertDevice = database.prepare('INSERT INTO device (device, vin, public_key) VALUES (?, ?, ?)');
  const insert = database.prepare('INSERT INTO terminal VALUES (?, ?, ?, ?, ?)');
  const enrol = database.prepare(`
    INSERT INTO enrolment (number, plate) VALUES (@number, @plate) ON CONFLICT (number) DO UPDATE SET plate = @plate`);
  const count = database.prepare('SELECT count(*) FROM terminal WHERE protocol = ?').pluck();
  const addAll = database.transaction((terminals: readonly NewTerminal[]) => {
    let added = 0;
    for (const { protocol, name, device, vin, sources, code, enrol: enrolment } of terminals) {
      let number = known.get(protocol, name) as number | undefined;
      if (number === undefined) {
        number = Number(insertDevice.run(device, vin, NO_KEY).lastInsertRowid);
        insert.run(protocol, name, number, JSON.stringify(sources), code);
        added += 1;
      } else change.run(JSON.stringify(sources), code, protocol, name);
      if (enrolment === undefined) continue;
      enrol.run({ number, plate: enrolment.plate ?? null });
      if (enrolment.again) codes.withdrawCode(number);
    }
    return added;
  });
  return {
    ...codes,
    findTerminal: (protocol, name) => {
      const row = find.get(protocol, name) as Row | undefined;
      return row === undefined ? undefined : terminalOf(row);
    },
    addTerminals: (terminals) => addAll(terminals),
    countTerminals: (protocol) => count.get(protocol) as number,
  };
}

interface EnrolmentRow {
  readonly plate: Uint8Array | null;
  readonly code: Uint8Array | null;
  readonly is_used: number;
}

function sqliteEnrolments(database: StoreDatabase): EnrolmentRegister {
  const find = database.prepare('SELECT plate, code, is_used FROM enrolment WHERE number = ?');
  const issue = database.prepare('UPDATE enrolment SET code = ?, is_used = 0 WHERE number = ?');
  const confirm = database.prepare('UPDATE enrolment SET is_used = 1 WHERE number = ?');
  const withdraw = database.prepare('UPDATE enrolment SET code = NULL, is_used = 0 WHERE number = ?');
  return {
    enrolment: (terminal) => {
      const row = find.get(terminal) as EnrolmentRow | undefined;
      return row === undefined ? undefined : enrolmentOf(row);
    },
    issueCode: (terminal, code) => void issue.run(code, terminal),
    confirmCode: (terminal) => void confirm.run(terminal),
    withdrawCode: (terminal) => void withdraw.run(terminal),
  };
}

const enrolmentOf = ({ plate, code, is_used }: EnrolmentRow): Enrolment => ({
  plate: plate === null ? undefined : Buffer.from(plate),
  code: code === null ? undefined : Buffer.from(code),
  isCodeUsed: is_used === 1,
});

const NONE: FillableTerminals = {
  ...{ findTerminal: () => undefined, addTerminals: () => 0, countTerminals: () => 0 },
  ...{ enrolment: () => undefined, issueCode: () => undefined, confirmCode: () => undefined },
  withdrawCode: () => undefined,
};

function terminalOf({ number, device, vin, sources, code }: Row): RegisteredTerminal {
  const parsed = parseVin(vin);
  assert(parsed.ok, 'the device register holds valid VINs');
  return {
    device: device as DeviceId,
    number,
    vin: redacted(parsed.value),
    sources: JSON.parse(sources) as readonly string[],
    code: Buffer.from(code),
  };
}
