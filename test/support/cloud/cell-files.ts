import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every byte that an installation has on disk, file by file. */
export function filesOf(directory: string): readonly Buffer[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

export interface SoughtCell {
  readonly day: number;
  readonly zone: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Re-joins cells with vehicles from an installation's own files, knowing how marks are made: takes every 32 bytes that lie
 * anywhere for the key, and looks for the mark of each vehicle in each cell.
 *
 * @param hints - further bytes the key may stand in
 * @returns `device day zone row column` of each pair that was found
 */
export function rejoin(
  files: readonly Buffer[],
  devices: readonly number[],
  cells: readonly SoughtCell[],
  hints: readonly Buffer[] = [],
): readonly string[] {
  const found = new Set<string>();
  const hay = Buffer.concat([...files]);
  for (const bytes of [...files, ...hints])
    for (let at = 0; at + 32 <= bytes.length; at += 1) {
      const key = bytes.subarray(at, at + 32);
      if (isDull(key)) continue;
      for (const device of devices)
        for (const { day, zone, row, column } of cells) {
          const name = `${day} ${zone} ${row} ${column}`;
          const mark = createHmac('sha256', key).update(`${name} ${device}`).digest().subarray(0, 16);
          if (hay.includes(mark)) found.add(`${device} ${name}`);
        }
    }
  return [...found].sort();
}

/** Empty pages and text are no key. */
const isDull = (key: Buffer): boolean => new Set(key).size < 16 || key.every((byte) => byte >= 0x09 && byte < 0x7f);
