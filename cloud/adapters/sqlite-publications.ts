import { canBeSubtracted } from '../datasets/ground.ts';
import type { Publications, PublishedFamily } from '../ports/publications.ts';
import { openDatabase, openReadOnly } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS family (
    shape TEXT NOT NULL, signal TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, models TEXT,
    models_digest TEXT NOT NULL, cells TEXT NOT NULL, transfer_id TEXT NOT NULL,
    PRIMARY KEY (signal, first_day, shape)) WITHOUT ROWID;
`;

interface Row {
  readonly shape: string;
  readonly signal: string;
  readonly first_day: string;
  readonly last_day: string;
  readonly models: string | null;
  readonly models_digest: string;
  readonly cells: string;
}

/** One SQLite file. @param readonly - for a build, which only looks; what it found goes in with the permit */
export function sqlitePublications(file: string, readonly = false): Publications {
  const database = readonly ? openReadOnly(file) : openDatabase(file, SCHEMA);
  const find = database.prepare('SELECT * FROM family WHERE signal = ? AND first_day = ? AND shape = ?');
  const touching = database.prepare('SELECT * FROM family WHERE signal = ? AND first_day <= ? AND last_day >= ?');
  const insert = database.prepare('INSERT INTO family VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const familiesTouching = ({ signal, from, until }: Pick<PublishedFamily, 'signal' | 'from' | 'until'>) =>
    (touching.all(signal, until, from) as Row[]).map(familyOf);
  const publishAll = database.transaction((families: readonly PublishedFamily[], transferId: string) => {
    for (const one of families) {
      const known = find.get(one.signal, one.from, one.shape) as Row | undefined;
      const cells = JSON.stringify(one.cells);
      if (known !== undefined && known.cells !== cells) throw new Error(CONFLICT);
      if (known !== undefined) continue;
      if (familiesTouching(one).some((other) => canBeSubtracted(one, other))) throw new Error(CONFLICT);
      const models = one.models === undefined ? null : JSON.stringify(one.models);
      insert.run(one.shape, one.signal, one.from, one.until, models, one.modelsDigest, cells, transferId);
    }
  });
  return {
    find: (shape, signal, from) => {
      const row = find.get(signal, from, shape) as Row | undefined;
      return row === undefined ? undefined : familyOf(row);
    },
    touching: (signal, from, until) => familiesTouching({ signal, from, until }),
    publish: (families, transferId) => {
      try {
        publishAll.immediate(families, transferId);
        return true;
      } catch (cause) {
        if (cause instanceof Error && cause.message === CONFLICT) return false;
        throw cause;
      }
    },
    close: () => {
      database.close();
    },
  };
}

/** Ends the transaction; never leaves this file. */
const CONFLICT = 'published otherwise in the meantime';

function familyOf(row: Row): PublishedFamily {
  return {
    signal: row.signal,
    from: row.first_day as PublishedFamily['from'],
    until: row.last_day as PublishedFamily['until'],
    shape: row.shape,
    modelsDigest: row.models_digest,
    cells: JSON.parse(row.cells) as PublishedFamily['cells'],
    ...(row.models === null ? {} : { models: JSON.parse(row.models) as string[] }),
  };
}
