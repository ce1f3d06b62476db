import type { LogPosition } from '../ports/ledger.ts';
import type { StoreDatabase } from './open-database.ts';

/** How far a record log was read, in the file that what was read went into: one commit has both. */
export const POSITION_SCHEMA = `
  CREATE TABLE IF NOT EXISTS position (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)) WITHOUT ROWID;
`;

export interface Positions {
  /** Inside the transaction of whoever calls. */
  readonly set: (upTo: LogPosition) => void;
  readonly of: (topic: string) => readonly LogPosition[];
}

export function sqlitePositions(database: StoreDatabase): Positions {
  const upsert = database.prepare('INSERT OR REPLACE INTO position VALUES (?, ?, ?)');
  const select = database.prepare('SELECT topic, partition, next AS "offset" FROM position WHERE topic = ?');
  return {
    set: ({ topic, partition, offset }) => {
      upsert.run(topic, partition, offset);
    },
    of: (topic) => select.all(topic) as LogPosition[],
  };
}
