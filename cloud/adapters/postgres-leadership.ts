import { hostname } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Lead, Leadership } from '../ports/leadership.ts';
import { leadLost } from './lead-lost.ts';
import type { LockAnswer, LockRequest, LockThreadData } from './sql/lock-messages.ts';
import type { PostgresSettings } from './sql/postgres-messages.ts';

/**
 * A server that is started anew is away for a while, and who stands by goes on doing so: at four asks a second, five minutes at least.
 */
const FAILURES_MAX = 1_200;

/** Compiled, every module lies beside this one under its own ending. */
const PROGRAM = new URL(`./sql/lock-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

export interface PostgresLeadership extends Leadership {
  readonly close: () => void;
}

interface Thread {
  readonly ask: (wish: LockRequest['wish']) => Promise<boolean>;
  readonly isHeld: () => boolean;
  readonly lost: Promise<string>;
  readonly end: () => void;
}

/**
 * Leadership among processes of any machine: a lock of one session of the server, which ends with its connection. A thread holds the
 * connection, so that its end is seen whatever the process is busy with.
 *
 * @param program - of the thread; the compiled one in tests
 */
export function postgresLeadership(settings: PostgresSettings, program: URL = PROGRAM): PostgresLeadership {
  let thread: Thread | undefined;
  const end = (): void => {
    thread?.end();
    thread = undefined;
  };
  return {
    failuresMax: FAILURES_MAX,
    take: async () => {
      thread ??= startThread(settings, program);
      const own = thread;
      const isTaken = await own.ask('take').catch((cause: unknown) => {
        if (thread === own) end();
        throw cause;
      });
      return isTaken ? leadOf(own) : undefined;
    },
    close: end,
  };
}

function leadOf({ ask, isHeld, lost }: Thread): Lead {
  return {
    isHeld,
    lost: lost.then((why) => leadLost('database', why)),
    release: async () => {
      // Where the server cannot be told, it notices by itself.
      await ask('release').catch(() => undefined);
    },
  };
}

function startThread(settings: PostgresSettings, program: URL): Thread {
  const { port1: port, port2 } = new MessageChannel();
  const held = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData = { settings, port: port2, held, host: hostname() } satisfies LockThreadData;
  const worker = new Worker(program, { workerData, transferList: [port2] });
  const waiting = new Map<
    number,
    { readonly resolve: (isHeld: boolean) => void; readonly reject: (cause: Error) => void }
  >();
  let asked = 0;
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    tellLost = resolve;
  });
  const fall = (why: string): void => {
    if (Atomics.exchange(held, 0, 0) === 1) tellLost(why);
    for (const { reject } of waiting.values()) reject(new Error(why));
    waiting.clear();
    worker.unref();
  };
  worker.on('error', (cause) => fall(cause.message));
  worker.on('exit', () => fall('the thread that held the lock ended'));
  port.on('message', (answer: LockAnswer) => {
    if ('lost' in answer) {
      quiet();
      return tellLost(answer.lost);
    }
    const who = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0 && !('isHeld' in answer && answer.isHeld)) quiet();
    if ('failure' in answer) who?.reject(new Error(answer.failure));
    else who?.resolve(answer.isHeld);
    return undefined;
  });
  // Who waits for an answer keeps the process up, and so does who leads.
  const quiet = (): void => {
    worker.unref();
    port.unref();
  };
  quiet();
  return {
    lost,
    isHeld: () => Atomics.load(held, 0) === 1,
    ask: (wish) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker.ref();
        port.ref();
        port.postMessage({ id: asked, wish } satisfies LockRequest);
      }),
    end: () => void worker.terminate(),
  };
}
