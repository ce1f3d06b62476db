import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const MAIN = 'dist/bin/main.js';

test.skipIf(!existsSync(MAIN))(
  'a simulator whose reader has enough (`| head`) ends by itself, and calls it no fault (needs a compiled program)',
  async () => {
    const child = spawn(process.execPath, [MAIN, 'sim', '--vehicles', '1', '--speed', 'max'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    expect([code, told.includes('error')]).toEqual([0, false]);
  },
);
