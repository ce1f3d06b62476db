import type { Instant } from '../../../proto/words/time.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

export interface LeaderTables {
  /** One row: how often somebody began to lead, and who did last, where and when. */
  readonly leader: { readonly id: number; readonly term: number; readonly host: string; readonly since: Instant };
  /** One row: what stands beside the files that the database goes with; empty before the first. */
  readonly files: { readonly id: number; readonly mark: string };
}

export interface LeaderStanding {
  /** 0 before the first. */
  readonly term: number;
  readonly host: string;
  readonly since: Instant;
  readonly mark: string;
}

/** What a database knows of who leads over it, and of the files beside it. */
export interface LeaderRecord {
  readonly standing: () => LeaderStanding;
  /** From here on nobody of an earlier term writes. @returns the term that begins */
  readonly begin: (host: string, since: Instant) => number;
  /** @returns whether it was `from` until now */
  readonly mark: (from: string, to: string) => boolean;
}

export function leaderRecord({ prepare, tables, transaction }: SqlDatabase<LeaderTables>): LeaderRecord {
  const read = prepare(() => tables.selectFrom('leader').select(['term', 'host', 'since']));
  const marked = prepare(() => tables.selectFrom('files').select('mark'));
  const raise = prepare((at: Places<Pick<LeaderTables['leader'], 'host' | 'since'>>) =>
    tables.updateTable('leader').set((eb) => ({ term: eb('term', '+', 1), host: at.host, since: at.since })),
  );
  const change = prepare((at: Places<{ readonly from: string; readonly to: string }>) =>
    tables.updateTable('files').set({ mark: at.to }).where('mark', '=', at.from),
  );
  const standing = (): LeaderStanding => {
    const [row, files] = [read.get({}), marked.get({})];
    if (row === undefined || files === undefined) throw new Error('broken invariant: a database says who leads');
    return { ...row, ...files };
  };
  return {
    standing,
    begin: (host, since) =>
      transaction(() => {
        raise.run({ host, since });
        return standing().term;
      }),
    mark: (from, to) => change.runEach([{ from, to }])[0] === 1,
  };
}
