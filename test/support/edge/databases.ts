import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AgentDatabase, openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { tempDirectory } from './temp-directory.ts';

/** An agent's file in a directory of its own, closed and gone when the test is. */
export function openDatabase(file: string = join(tempDirectory(), 'agent.db')): AgentDatabase {
  const database = openAgentDatabase(file);
  onTestFinished(() => {
    database.close();
  });
  return database;
}
