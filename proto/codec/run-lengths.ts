import { type ByteReader, broken, readNumbers } from './byte-reader.ts';
import { type ByteWriter, writeNumbers } from './byte-writer.ts';

/**
 * Yes and no as lengths of their runs in turn, the first of them of `first`, and 0 where it begins with the other. No
 * other run is 0, so one sequence has one form.
 */
export function writeRuns(writer: ByteWriter, flags: readonly boolean[], first: boolean): void {
  const runs: number[] = [];
  let turn = first;
  let length = 0;
  for (const flag of flags) {
    if (flag !== turn) {
      runs.push(length);
      turn = flag;
      length = 0;
    }
    length += 1;
  }
  if (length > 0) runs.push(length);
  writeNumbers(writer, runs);
}

/**
 * Lengths of runs whose sum is given, or at most `sumMax` where it is not known before.
 *
 * @returns what was read; nothing, and a broken reader, for lengths that `writeRuns` would not write
 */
export function readRuns(reader: ByteReader, sumMax: number, isExact: boolean): readonly number[] {
  const runs = readNumbers(reader, sumMax + 1, sumMax);
  let sum = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index] ?? 0;
    sum += run;
    if ((run === 0 && index > 0) || sum > sumMax) broken(reader);
  }
  if (runs[0] === 0 && runs.length === 1) broken(reader);
  if (isExact && sum !== sumMax) broken(reader);
  return reader.isBroken ? [] : runs;
}

/** Gives every position its run's flag, in order. */
export function eachOfRuns(
  runs: readonly number[],
  first: boolean,
  visit: (flag: boolean, position: number) => void,
): void {
  let position = 0;
  let turn = first;
  for (const run of runs) {
    for (const end = position + run; position < end; position += 1) visit(turn, position);
    turn = !turn;
  }
}
