import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Border } from './border.ts';

export function isReceived(border: Border, id: string): boolean {
  return existsSync(join(border.root, 'receiver/received', id));
}

/** How many files of a transfer have arrived whole; none once it has been received. */
export function stagedFiles(border: Border, id: string): number {
  try {
    return readdirSync(join(border.root, 'receiver/staging/exporter', id)).length;
  } catch {
    // Not there, not yet or no longer.
    return 0;
  }
}
