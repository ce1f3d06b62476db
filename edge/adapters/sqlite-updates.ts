import type { UpdateJob, UpdateStore } from '../ports/update-store.ts';
import type { AgentDatabase } from './sqlite-state.ts';

/** The campaign in hand, in the agent's file. */
export function sqliteUpdates(database: AgentDatabase): UpdateStore {
  const read = database.prepare('SELECT job, offer FROM software_update');
  const write = database.prepare('INSERT OR REPLACE INTO software_update VALUES (0, ?, ?)');
  return {
    held: () => {
      const row = read.get() as { job: string; offer: Uint8Array } | undefined;
      return row && ({ ...(JSON.parse(row.job) as Omit<UpdateJob, 'offer'>), offer: row.offer } satisfies UpdateJob);
    },
    keep: ({ offer, ...job }) => {
      write.run(JSON.stringify(job), offer);
    },
  };
}
