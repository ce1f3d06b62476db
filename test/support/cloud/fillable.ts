import type { Stores } from '../../../cloud/ingest/group-commit.ts';

/** Stores whose disk a test can fill: while it is full no group is committed. */
export interface Fillable {
  readonly between: (stores: Stores) => Stores;
  readonly fill: (isFull: boolean) => void;
}

export function fillable(): Fillable {
  let isFull = false;
  return {
    fill: (next) => {
      isFull = next;
    },
    between: (stores) => ({
      ...stores,
      ledger: {
        ...stores.ledger,
        commit: (commit) => {
          if (isFull) throw new Error('database or disk is full');
          stores.ledger.commit(commit);
        },
      },
    }),
  };
}
