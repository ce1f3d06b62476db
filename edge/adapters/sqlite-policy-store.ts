import type { PolicyStore } from '../ports/policy-store.ts';
import type { AgentDatabase } from './sqlite-state.ts';

/** The last bundle accepted, or the last fence set, in the agent's file. */
export function sqlitePolicyStore(database: AgentDatabase, table: 'policy' | 'fences' = 'policy'): PolicyStore {
  const read = database.prepare(`SELECT version, bytes FROM ${table}`);
  const write = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (0, ?, ?)`);
  return {
    held: () => read.get() as { version: number; bytes: Uint8Array } | undefined,
    keep: (version, bytes) => {
      write.run(version, bytes);
    },
  };
}
