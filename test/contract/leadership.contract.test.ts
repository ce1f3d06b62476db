import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteLeadership } from '../../cloud/adapters/sqlite-leadership.ts';
import { compiledProgram } from '../support/compiled.ts';
import { leadershipContract } from './leadership.contract.ts';

leadershipContract('a lock of a file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-leadership-'));
  const file = join(directory, 'leader.lock');
  const kills: (() => Promise<void>)[] = [];
  return {
    open: () => sqliteLeadership(file),
    takeAway: async () => rmSync(file),
    spawn: () => {
      const child = spawn(process.execPath, [compiledProgram('test/support/cloud/lead-process.ts'), file]);
      const gone = once(child, 'exit');
      let told = '';
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk.toString();
      });
      const says = (word: string): Promise<void> =>
        new Promise((resolve) => {
          child.stdout.on('data', () => told.includes(word) && resolve());
        });
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL');
        await gone;
      };
      kills.push(kill);
      return { leads: says('has the lead\n'), standsBy: says('standing by'), kill };
    },
    close: async () => {
      for (const kill of kills) await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
