import type { Compilable } from 'kysely';
import { type DatabaseError, databaseError, failureIn, type PostgresConnection } from './postgres-connection.ts';
import type { DatabaseFailure, Step, StepResult } from './postgres-messages.ts';
import { COMMIT_UNKNOWN, NO_GUARD, NOT_LEADING, type SessionGuard } from './session-guard.ts';
import {
  compileStatement,
  type Places,
  queryBuilder,
  type SqlDatabase,
  type SqlValue,
  type Statement,
} from './sql-database.ts';

/** A transaction is begun anew so often when another process came between. */
const TRIES_MAX = 5;
/** Statements that wait within a transaction for the next that has to be answered. */
const PENDING_MAX = 512;
/** Rows of the first page of a long answer, and about how many bytes a page may have. */
const PAGE_ROWS = 16;
const PAGE_ROWS_MAX = 8_192;
const PAGE_BYTES = 2_097_152;

/** SQLSTATE of transactions that may be begun anew. */
const COLLIDED = ['40001', '40P01'];

const BEGIN: Step = { text: 'BEGIN ISOLATION LEVEL SERIALIZABLE', values: [] };
const COMMIT: Step = { text: 'COMMIT', values: [] };
const ROLLBACK: Step = { text: 'ROLLBACK', values: [] };

/** Statements and transactions of one connection; every store of a process shares it. */
export interface PostgresSession {
  readonly ask: (steps: readonly Step[]) => readonly StepResult[];
  /** To be done before anything that is asked later; its answer is nobody's. */
  readonly tell: (step: Step) => void;
  readonly transaction: <T>(work: () => T) => T;
  readonly name: () => string;
  /** Nothing is asked any more: what this process has in memory is not what is stored. */
  readonly giveUp: (failure: DatabaseFailure) => void;
}

interface Open {
  /** Undefined until something was sent. */
  session: number | undefined;
  pending: Step[];
  isOver: boolean;
}

/** @param guard - of a process that leads */
export function postgresSession(connection: PostgresConnection, guard: SessionGuard = NO_GUARD): PostgresSession {
  let open: Open | undefined;

  function request(steps: readonly Step[], session?: number): ReturnType<PostgresConnection['ask']> {
    const over = guard.over();
    if (over !== undefined) throw databaseError(over);
    try {
      return connection.ask(steps, session);
    } catch (cause) {
      if (codeOf(cause) === NOT_LEADING) guard.giveUp((cause as DatabaseError).failure);
      throw cause;
    }
  }

  /** Outside of a transaction; what changes something is one of its own where a fence has to stand before it. */
  function askAlone(steps: readonly Step[]): readonly StepResult[] {
    const fence = guard.fence();
    if (fence === undefined || steps.every(({ text }) => READS.test(text))) return request(steps).results;
    const { results } = request([BEGIN, fence, ...steps, COMMIT]);
    if (results.at(-1)?.command !== 'COMMIT') throw notCommitted();
    return results.slice(2, -1);
  }

  function askWithin(one: Open, steps: readonly Step[]): readonly StepResult[] {
    if (one.isOver) throw databaseError({ kind: 'lost', code: 'over', text: 'the transaction is over' });
    const fence = guard.fence();
    const begun = one.session === undefined ? [BEGIN, ...(fence === undefined ? [] : [fence])] : [];
    const before = [...begun, ...one.pending];
    one.pending = [];
    // What fails is rolled back by the thread; only an answer leaves it open.
    one.isOver = true;
    const { session, results } = request([...before, ...steps], one.session);
    one.isOver = false;
    one.session = session;
    return results.slice(before.length);
  }

  function once<T>(work: () => T): T {
    const one: Open = { session: undefined, pending: [], isOver: false };
    open = one;
    try {
      const done = work();
      if (one.session === undefined && one.pending.length === 0) return done;
      const [ended] = commitOf(() => askWithin(one, [COMMIT]));
      one.isOver = true;
      if (ended?.command !== 'COMMIT') throw notCommitted();
      return done;
    } finally {
      open = undefined;
      if (!one.isOver && one.session !== undefined) connection.ask([ROLLBACK], one.session);
    }
  }

  return {
    ask: (steps) => (open === undefined ? askAlone(steps) : askWithin(open, steps)),
    tell: (step) => {
      if (open === undefined) askAlone([step]);
      else if (open.pending.push(step) >= PENDING_MAX) askWithin(open, []);
    },
    transaction: (work) => {
      if (open !== undefined) return work();
      for (let tries = 1; ; tries += 1) {
        try {
          return once(work);
        } catch (cause) {
          if (tries >= TRIES_MAX || !hasCollided(cause)) throw cause;
        }
      }
    },
    name: connection.name,
    giveUp: guard.giveUp,
  };
}

/** What only looks, and may be asked by whoever led before. */
const READS = /^\s*(?:select|declare|fetch|close)\b/i;

/** Whether it went through is unknown once it was sent and nothing came back. */
function commitOf<T>(commit: () => T): T {
  try {
    return commit();
  } catch (cause) {
    const failure = failureIn(cause);
    if (failure?.kind !== 'lost' && failure?.kind !== 'late') throw cause;
    throw databaseError({ ...failure, code: COMMIT_UNKNOWN, text: `${failure.text}, and a commit was under way` });
  }
}

const notCommitted = (): DatabaseError =>
  databaseError({ kind: 'statement', code: 'not-committed', text: 'the transaction was not committed' });

const codeOf = (cause: unknown): string | undefined => failureIn(cause)?.code;

const hasCollided = (cause: unknown): boolean => COLLIDED.includes(codeOf(cause) ?? '');

/** A store in the database of a session. Closing it closes nothing: the connection belongs to whoever opened it. */
export function postgresDatabase<Tables>(session: PostgresSession): SqlDatabase<Tables> {
  return {
    dialect: 'postgres',
    tables: queryBuilder('postgres'),
    prepare: (query) => prepareIn(session, query),
    transaction: session.transaction,
    close: () => undefined,
  };
}

function prepareIn<In, Row>(session: PostgresSession, query: (at: Places<In>) => Compilable<Row>): Statement<In, Row> {
  const { text, values } = compileStatement(query);
  const name = session.name();
  const step = (input: In): Step => ({ name, text, values: values(input) });
  const all = (input: In): readonly Row[] => rowsOf<Row>(session.ask([step(input)])[0]);
  return {
    get: (input) => all(input)[0],
    all,
    each: (input) => pages<Row>(session, { text, values: values(input) }),
    run: (input) => session.tell(step(input)),
    runEach: (inputs) => (inputs.length === 0 ? [] : session.ask(inputs.map(step)).map(({ count }) => count)),
  };
}

function rowsOf<Row>(result: StepResult | undefined): readonly Row[] {
  if (result === undefined) throw new Error('broken invariant: a statement has an answer');
  const { columns, rows } = result;
  return rows.map((values) => Object.fromEntries(values.map((value, at) => [columns[at], value])) as Row);
}

/** By a cursor that outlives the statement which made it, so that something else may be asked between two pages. */
function* pages<Row>(session: PostgresSession, { text, values }: Step): Generator<Row> {
  const cursor = `c_${session.name()}`;
  session.ask([{ text: `DECLARE ${cursor} NO SCROLL CURSOR WITH HOLD FOR ${text}`, values }]);
  let rows = PAGE_ROWS;
  for (;;) {
    const [page] = session.ask([{ text: `FETCH ${rows} FROM ${cursor}`, values: [] }]);
    yield* rowsOf<Row>(page);
    if (page === undefined || page.rows.length < rows) break;
    rows = bytesOf(page.rows) < PAGE_BYTES / 2 ? Math.min(rows * 2, PAGE_ROWS_MAX) : Math.max(1, rows >> 1);
  }
  session.ask([{ text: `CLOSE ${cursor}`, values: [] }]);
}

function bytesOf(rows: StepResult['rows']): number {
  const sizeOf = (value: SqlValue): number => (typeof value === 'object' ? (value?.length ?? 0) : String(value).length);
  return rows.reduce((sum, row) => row.reduce<number>((of, value) => of + sizeOf(value), sum), 0);
}
