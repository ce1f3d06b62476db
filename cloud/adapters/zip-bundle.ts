import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';

/** Largest bundle that is packed: it is held in memory. A larger one is written as a directory. */
export const ZIP_BYTES_MAX = 268_435_456;

/** Day of every entry: the same bundle packs to the same bytes. */
const ENTRY_DATE = new Date('2000-01-01T00:00:00Z');

/**
 * Packs a directory into one file that is not there yet, and removes the directory.
 *
 * @returns SHA-256 of the file, hexadecimal
 * @throws Error for a bundle above `ZIP_BYTES_MAX`, or the system's error
 */
export async function zipBundle(directory: string, file: string): Promise<string> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const size = names.reduce((sum, name) => sum + statSync(name).size, 0);
  if (size > ZIP_BYTES_MAX) throw new Error('the bundle is too large to pack; name a directory');
  const zip = new JSZip();
  const options = { date: ENTRY_DATE, createFolders: false };
  for (const name of names) zip.file(name.slice(directory.length + 1), readFileSync(name), options);
  const bytes = await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
  writeFileSync(file, bytes, { flag: 'wx', mode: 0o640 });
  rmSync(directory, { recursive: true });
  return createHash('sha256').update(bytes).digest('hex');
}
