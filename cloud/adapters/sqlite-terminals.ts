import { redacted } from '../../proto/words/redacted.ts';
import { assert } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { parseVin, type Vin } from '../../proto/words/vin.ts';
import type { RegisteredTerminal, TerminalProtocol, TerminalRegister } from '../ports/terminal-register.ts';
import type { StoreDatabase } from './open-database.ts';

/** In the place of the public key of a terminal, which has none. */
export const NO_KEY = '';

/** Terminals are devices without a key: number, VIN, trust and revocation are those of their row among the devices. */
export const TERMINAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS terminal (
    protocol TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL UNIQUE, sources TEXT NOT NULL, code BLOB NOT NULL,
    PRIMARY KEY (protocol, name)) WITHOUT ROWID;
`;

export interface NewTerminal {
  readonly protocol: TerminalProtocol;
  readonly name: string;
  /** A name that tells nothing of the vehicle; drawn by chance. */
  readonly device: string;
  readonly vin: Vin;
  readonly sources: readonly string[];
  readonly code: Uint8Array;
}

export interface FillableTerminals extends TerminalRegister {
  /** Adds terminals; one that is known gets the new sources and code. Gives how many were new. */
  addTerminals(terminals: readonly NewTerminal[]): number;
  countTerminals(): number;
}

interface Row {
  readonly number: number;
  readonly device: string;
  readonly vin: string;
  readonly sources: string;
  readonly code: Uint8Array;
}

export function sqliteTerminals(database: StoreDatabase): FillableTerminals {
  // A register that is read only, and older than terminals, has none.
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'terminal'").get() !== undefined;
  if (!isThere) return NONE;
  const find = database.prepare(`
    SELECT terminal.number, device, vin, sources, code FROM terminal JOIN device ON device.number = terminal.number
    WHERE protocol = ? AND name = ? AND revoked = 0`);
  const known = database.prepare('SELECT 1 FROM terminal WHERE protocol = ? AND name = ?');
  const change = database.prepare('UPDATE terminal SET sources = ?, code = ? WHERE protocol = ? AND name = ?');
  const insertDevice = database.prepare('INSERT INTO device (device, vin, public_key) VALUES (?, ?, ?)');
  const insert = database.prepare('INSERT INTO terminal VALUES (?, ?, ?, ?, ?)');
  const count = database.prepare('SELECT count(*) FROM terminal').pluck();
  const addAll = database.transaction((terminals: readonly NewTerminal[]) => {
    let added = 0;
    for (const { protocol, name, device, vin, sources, code } of terminals) {
      if (known.get(protocol, name) !== undefined) {
        change.run(JSON.stringify(sources), code, protocol, name);
        continue;
      }
      const { lastInsertRowid } = insertDevice.run(device, vin, NO_KEY);
      insert.run(protocol, name, Number(lastInsertRowid), JSON.stringify(sources), code);
      added += 1;
    }
    return added;
  });
  return {
    findTerminal: (protocol, name) => {
      const row = find.get(protocol, name) as Row | undefined;
      return row === undefined ? undefined : terminalOf(row);
    },
    addTerminals: (terminals) => addAll(terminals),
    countTerminals: () => count.get() as number,
  };
}

const NONE: FillableTerminals = { findTerminal: () => undefined, addTerminals: () => 0, countTerminals: () => 0 };

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
