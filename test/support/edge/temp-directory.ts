import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory of its own for one test, gone when the test is. */
export function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-edge-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
