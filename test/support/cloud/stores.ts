import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import type { TestDevice } from './devices.ts';
import { openStores } from './open-stores.ts';

/**
 * Files in memory where Linux has them: no test here can see whether a disk was reached, only what is in the files, and
 * thousands of commits would wait for one.
 */
export const memoryBase = (otherwise = tmpdir()): string => (existsSync('/dev/shm') ? '/dev/shm' : otherwise);

/** A directory of its own for one test, gone when the test is. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(memoryBase(), 'tongguan-cloud-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Stores in real files, closed when the test is over. */
export function scratchStores(devices: readonly TestDevice[] = [], directory = scratchDirectory()): CloudStores {
  const stores = openStores(directory, devices);
  onTestFinished(() => stores.close());
  return stores;
}
