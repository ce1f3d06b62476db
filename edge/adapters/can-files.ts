import { readFileSync, statSync } from 'node:fs';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { CanDatabase } from '../sources/can/can-database.ts';
import { unreadableSource } from '../sources/source-fault.ts';
import { DBC_BYTES_MAX, parseDbc } from './candied-dbc.ts';

/** Reads a DBC file: UTF-8, or byte for byte where it is none (names are ASCII; units and comments are not used). */
export function readDbc(file: string): Result<CanDatabase, Fault> {
  let text: string;
  try {
    if (statSync(file).size > DBC_BYTES_MAX) throw new Error(`it has more than ${DBC_BYTES_MAX} bytes`);
    const bytes = readFileSync(file);
    text = decode(bytes);
  } catch (cause) {
    return fail(unreadableSource('dbcFile', cause));
  }
  const parsed = parseDbc(text);
  return parsed.ok ? ok(parsed.value) : parsed;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
