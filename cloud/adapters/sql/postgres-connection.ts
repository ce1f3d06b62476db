import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Clock } from '../../../proto/words/time.ts';
import {
  type Answer,
  type DatabaseFailure,
  type PostgresSettings,
  REQUEST_MS_MAX,
  type Step,
  type StepResult,
  type ThreadData,
} from './postgres-messages.ts';

/** One connection that is waited for: whoever asks goes on when the server has answered, and nothing else happens in between. */
export interface PostgresConnection {
  /** @throws DatabaseError */
  readonly ask: (
    steps: readonly Step[],
    session?: number,
  ) => { readonly session: number; readonly results: readonly StepResult[] };
  /** A name for a statement that is kept by the server. */
  readonly name: () => string;
  readonly close: () => void;
}

export type DatabaseError = Error & { readonly failure: DatabaseFailure };

/** After a server that was late or away, nobody waits for it again for so long. */
const PAUSE_MS = 1_000;
const HEAP_MB_MAX = 512;
/** Ids of requests stand in a signal of 32 bits; after the last the first is used again, and 0 is none. */
const ID_MAX = 0x7fffffff;

/** Compiled, every module lies beside this one under its own ending. */
const PROGRAM = new URL(`./postgres-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: ThreadData['signal'];
}

/** Nothing is connected before something is asked. @param program - of the thread; the compiled one in tests */
export function postgresConnection(
  settings: PostgresSettings,
  clock: Clock,
  program: URL = PROGRAM,
): PostgresConnection {
  let thread: Thread | undefined;
  let asked = 0;
  let named = 0;
  let away: { readonly until: number; readonly failure: DatabaseFailure } | undefined;

  function fall(failure: DatabaseFailure): never {
    if (failure.kind !== 'statement') away = { until: clock.now() + PAUSE_MS, failure };
    throw databaseError(failure);
  }

  function end(): void {
    void thread?.worker.terminate();
    thread = undefined;
  }

  return {
    ask: (steps, session) => {
      if (away !== undefined && Math.abs(away.until - clock.now()) <= PAUSE_MS) throw databaseError(away.failure);
      away = undefined;
      thread ??= startThread(settings, program);
      asked = (asked % ID_MAX) + 1;
      const answer = waitFor(thread, { id: asked, steps, session });
      if (answer === undefined) {
        end();
        fall(LATE);
      }
      if ('failure' in answer) fall(answer.failure);
      return answer;
    },
    name: () => `s${++named}`,
    close: end,
  };
}

export function databaseError(failure: DatabaseFailure): DatabaseError {
  return Object.assign(new Error(`PostgreSQL: ${failure.text}`), { name: 'DatabaseError', failure });
}

/** What a thrown value says of the database; undefined for one of another kind. */
export const failureIn = (cause: unknown): DatabaseFailure | undefined =>
  cause instanceof Error && 'failure' in cause ? (cause as DatabaseError).failure : undefined;

const LATE: DatabaseFailure = {
  kind: 'late',
  code: 'late',
  text: `no answer within ${REQUEST_MS_MAX / 1_000} seconds`,
};

function startThread(settings: PostgresSettings, program: URL): Thread {
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData = { settings, port: port2, signal } satisfies ThreadData;
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB_MAX };
  const worker = new Worker(program, { workerData, transferList: [port2], resourceLimits });
  // A thread that ends by itself gives no answer, and whoever waits for it hears that it is late.
  worker.on('error', () => undefined);
  worker.unref();
  port.unref();
  return { worker, port, signal };
}

/**
 * Undefined for an answer that is late. The thread marks an answer before it wakes who waits, so that it may wake for the answer before this one,
 * which was taken already: whoever is woken looks whose mark it is.
 */
function waitFor(
  { port, signal }: Thread,
  request: { readonly id: number; readonly steps: readonly Step[]; readonly session: number | undefined },
): Answer | undefined {
  Atomics.store(signal, 0, 0);
  port.postMessage(request);
  while (Atomics.load(signal, 0) !== request.id && Atomics.wait(signal, 0, 0, REQUEST_MS_MAX) !== 'timed-out');
  const { message } = (receiveMessageOnPort(port) ?? {}) as { readonly message?: Answer };
  return message?.id === request.id ? message : undefined;
}
