import { canBeSubtracted } from '../../datasets/ground.ts';
import type { Publications, PublishedFamily } from '../../ports/publications.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

export interface PublicationTables {
  readonly family: {
    readonly shape: string;
    readonly signal: string;
    readonly first_day: PublishedFamily['from'];
    readonly last_day: PublishedFamily['until'];
    readonly models: string | null;
    readonly models_digest: string;
    readonly cells: string;
    readonly transfer_id: string;
  };
}

type Family = PublicationTables['family'];

/** Ends the transaction; never leaves this file. */
const CONFLICT = 'published otherwise in the meantime';

/** What was published, for ever; two that publish at once find each other's. */
export function publicationStore(database: SqlDatabase<PublicationTables>): Publications {
  const sql = statements(database);
  const familiesTouching = (one: Pick<PublishedFamily, 'signal' | 'from' | 'until'>): readonly PublishedFamily[] =>
    sql.touching.all({ signal: one.signal, from: one.from, until: one.until }).map(familyOf);

  function publishAll(families: readonly PublishedFamily[], transferId: string): void {
    for (const one of families) {
      const known = sql.find.get({ signal: one.signal, from: one.from, shape: one.shape });
      const cells = JSON.stringify(one.cells);
      if (known !== undefined && known.cells !== cells) throw new Error(CONFLICT);
      if (known !== undefined) continue;
      if (familiesTouching(one).some((other) => canBeSubtracted(one, other))) throw new Error(CONFLICT);
      sql.insert.run({
        ...{ shape: one.shape, signal: one.signal, first_day: one.from, last_day: one.until, cells },
        models: one.models === undefined ? null : JSON.stringify(one.models),
        models_digest: one.modelsDigest,
        transfer_id: transferId,
      });
    }
  }

  return {
    find: (shape, signal, from) => {
      const row = sql.find.get({ signal, from, shape });
      return row === undefined ? undefined : familyOf(row);
    },
    touching: (signal, from, until) => familiesTouching({ signal, from, until }),
    publish: (families, transferId) => {
      try {
        database.transaction(() => publishAll(families, transferId));
        return true;
      } catch (cause) {
        if (cause instanceof Error && cause.message === CONFLICT) return false;
        throw cause;
      }
    },
    close: database.close,
  };
}

function statements({ prepare, tables }: SqlDatabase<PublicationTables>) {
  const families = tables.selectFrom('family').selectAll();
  return {
    find: prepare((at: Places<Pick<PublishedFamily, 'shape' | 'signal' | 'from'>>) =>
      families.where('signal', '=', at.signal).where('first_day', '=', at.from).where('shape', '=', at.shape),
    ),
    touching: prepare((at: Places<Pick<PublishedFamily, 'signal' | 'from' | 'until'>>) =>
      families.where('signal', '=', at.signal).where('first_day', '<=', at.until).where('last_day', '>=', at.from),
    ),
    insert: prepare((at: Places<Family>) =>
      tables.insertInto('family').values({
        ...{ shape: at.shape, signal: at.signal, first_day: at.first_day, last_day: at.last_day, models: at.models },
        ...{ models_digest: at.models_digest, cells: at.cells, transfer_id: at.transfer_id },
      }),
    ),
  };
}

const familyOf = (row: Family): PublishedFamily => ({
  signal: row.signal,
  from: row.first_day,
  until: row.last_day,
  shape: row.shape,
  modelsDigest: row.models_digest,
  cells: JSON.parse(row.cells) as PublishedFamily['cells'],
  ...(row.models === null ? {} : { models: JSON.parse(row.models) as string[] }),
});
