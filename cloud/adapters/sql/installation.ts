import type { Instant } from '../../../proto/words/time.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

/** Whose a database is: the operations log that its registers and counts go with. */
export interface Owner {
  /** `log.origin` of the configuration. */
  readonly origin: string;
  /** SHA-256 of the public half of the logs' key as SPKI, hexadecimal. */
  readonly keySha256: string;
}

/**
 * Files that were put into the database. `copied`: they may have been written since, and nobody may write these tables yet;
 * `moved`: the files are retired.
 */
export interface Move {
  readonly id: string;
  readonly state: 'copied' | 'moved';
  readonly stores: string;
  readonly at: Instant;
}

export interface InstallationTables {
  /** One row. */
  readonly installation: { readonly id: number; readonly origin: string; readonly key_sha256: string };
  readonly move: Move;
}

/** What a database says of itself. */
export interface InstallationRecord {
  readonly owner: () => Owner | undefined;
  /** Only where nobody has it. */
  readonly claim: (owner: Owner) => void;
  readonly moves: () => readonly Move[];
  readonly addMove: (move: Move) => void;
  readonly endMove: (id: string) => void;
  /** What was copied, and never took the place of the files. */
  readonly forgetCopies: () => void;
}

export function installationRecord({ prepare, tables }: SqlDatabase<InstallationTables>): InstallationRecord {
  const owner = prepare(() => tables.selectFrom('installation').select(['origin', 'key_sha256 as keySha256']));
  const claim = prepare((at: Places<Owner>) =>
    tables
      .insertInto('installation')
      .values({ id: 0, origin: at.origin, key_sha256: at.keySha256 })
      .onConflict((on) => on.doNothing()),
  );
  const moves = prepare(() => tables.selectFrom('move').select(['id', 'state', 'stores', 'at']).orderBy('at'));
  const add = prepare((at: Places<Move>) =>
    tables.insertInto('move').values({ id: at.id, state: at.state, stores: at.stores, at: at.at }),
  );
  const end = prepare((at: Places<Pick<Move, 'id'>>) =>
    tables.updateTable('move').set({ state: 'moved' }).where('id', '=', at.id),
  );
  const forget = prepare(() => tables.deleteFrom('move').where('state', '=', 'copied'));
  return {
    owner: () => owner.get({}),
    claim: claim.run,
    moves: () => moves.all({}),
    addMove: add.run,
    endMove: (id) => end.run({ id }),
    forgetCopies: () => forget.run({}),
  };
}
