import { readConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { readDbc } from './adapters/can-files.ts';
import type { CanDatabase } from './sources/can/can-database.ts';
import { parseCandumpLine } from './sources/can/can-frame.ts';
import { CanMapping } from './sources/can/can-mapping.ts';
import { type NamedSignal, nameSignals } from './sources/can/name-signals.ts';
import { unknownNames } from './sources/can/translate-frames.ts';
import { unknownMapping } from './sources/source-fault.ts';

/** What the frames of a bus mean, and what they become. */
export interface Bus {
  readonly database: CanDatabase;
  readonly mapping: CanMapping;
}

/** @returns the fault of the first file that cannot be used, or of a mapping that names what the DBC file has not */
export function openBus(dbcFile: string, mappingFile: string): Result<Bus, Fault> {
  const database = readDbc(dbcFile);
  if (!database.ok) return database;
  const mapping = readConfig(CanMapping, mappingFile, 'mapping', {});
  if (!mapping.ok) return fail(mapping.fault[0] as Fault);
  const unknown = unknownNames(database.value, mapping.value.config);
  if (unknown.length > 0) return fail(unknownMapping(unknown));
  return ok({ database: database.value, mapping: mapping.value.config });
}

/** What stands in a line of a log of the bus: no signals for a frame of a number that the DBC file has not. */
export interface BusLine {
  readonly atMs: number;
  readonly signals: readonly NamedSignal[];
}

/**
 * Reads lines of `candump -L`; `silent` for a frame without data, undefined for what is no such line.
 *
 * @param isOnlyMapped - whether what the mapping gives no path is left out, as a vehicle leaves it out
 */
export function busLines(
  { database, mapping }: Bus,
  isOnlyMapped: boolean,
): (line: string) => BusLine | 'silent' | undefined {
  const name = nameSignals(database, mapping);
  return (line) => {
    const frame = parseCandumpLine(line);
    if (frame === undefined) return undefined;
    if (frame === 'no-data') return 'silent';
    const all = name(frame);
    const signals = isOnlyMapped ? all.filter(({ path }) => path !== undefined) : all;
    return isOnlyMapped && signals.length === 0 ? 'silent' : { atMs: frame.at, signals };
  };
}
