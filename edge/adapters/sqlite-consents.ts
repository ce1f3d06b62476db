import type { ConsentEntry } from '../policy/consent-register.ts';
import type { ConsentStore } from '../ports/consent-store.ts';
import type { AgentDatabase } from './sqlite-state.ts';

/** The register of consents in the agent's file, beside the spool, so that a withdrawal and its deletion are one transaction. */
export function sqliteConsents(database: AgentDatabase): ConsentStore {
  const read = database.prepare('SELECT entry FROM consent').pluck();
  const write = database.prepare('INSERT OR REPLACE INTO consent VALUES (?, ?)');
  return {
    entries: () => (read.all() as string[]).map((entry) => JSON.parse(entry) as ConsentEntry),
    keep: (entry) => {
      write.run(entry.purpose, JSON.stringify(entry));
    },
  };
}
