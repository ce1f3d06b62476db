import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteLeadership } from '../../cloud/adapters/sqlite-leadership.ts';
import { leadChild } from '../support/cloud/lead-child.ts';
import { leadershipContract } from './leadership.contract.ts';

leadershipContract('a lock of a file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-leadership-'));
  const file = join(directory, 'leader.lock');
  const kills: (() => Promise<void>)[] = [];
  return {
    open: () => sqliteLeadership(file),
    takeAway: async () => rmSync(file),
    spawn: () => {
      const child = leadChild(file);
      kills.push(child.kill);
      return child;
    },
    close: async () => {
      for (const kill of kills) await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
