// Runs the tests; what stood still (see still.ts) is run once more in a process of its own, and a failure is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VITEST = 'node_modules/vitest/vitest.mjs';
const given = process.argv.slice(2);

function run(names) {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-tests-'));
  const file = join(directory, 'ending.json');
  const env = { ...process.env, STILL_FILE: file };
  const { status } = spawnSync(process.execPath, [VITEST, 'run', ...names], { stdio: 'inherit', env });
  const ending = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { still: [], failed: true };
  rmSync(directory, { recursive: true });
  return { status: status ?? 1, ...ending };
}

const first = run(given);
if (first.still.length === 0 || first.failed) process.exit(first.status);
process.stderr.write(`\nonce more, since they stood still: ${first.still.join(', ')}\n`);
const second = run(first.still);
process.exit(second.still.length === 0 ? second.status : 1);
