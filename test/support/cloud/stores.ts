import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStores, type OpenedStores } from './open-stores.ts';
import type { TestDevice } from './devices.ts';

/** A directory of its own for one test, gone when the test is. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-cloud-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Stores in real files, closed when the test is over. */
export function scratchStores(devices: readonly TestDevice[] = [], directory = scratchDirectory()): OpenedStores {
  const stores = openStores(directory, devices);
  onTestFinished(() => stores.close());
  return stores;
}
