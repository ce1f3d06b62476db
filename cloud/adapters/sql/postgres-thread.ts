import { workerData } from 'node:worker_threads';
import type pg from 'pg';
import { addressOf, clientOf, connected } from './postgres-client.ts';
import type { Answer, DatabaseFailure, Request, Step, StepResult, ThreadData } from './postgres-messages.ts';
import type { SqlValue } from './sql-database.ts';

// The thread of `postgres-connection.ts`: it holds the one connection and does what it is told, one request after the other.

const { settings, port, signal } = workerData as ThreadData;

interface Session {
  readonly number: number;
  readonly client: pg.Client;
}

let session: Session | undefined;
let sessions = 0;

port.on('message', (request: Request) => void answerTo(request).then(tell));

function tell(answer: Answer): void {
  port.postMessage(answer);
  Atomics.store(signal, 0, answer.id);
  Atomics.notify(signal, 0);
}

async function answerTo({ id, steps, session: wanted }: Request): Promise<Answer> {
  let isSent = false;
  try {
    if (wanted !== undefined && wanted !== session?.number)
      return {
        id,
        failure: { kind: 'lost', code: 'connection-lost', text: 'the connection of the transaction is gone' },
      };
    session ??= await connect();
    const { number, client } = session;
    isSent = true;
    return { id, session: number, results: await runAll(client, steps) };
  } catch (cause) {
    return { id, failure: failureOf(cause, isSent) };
  }
}

/** Sends all before it waits for the first. */
async function runAll(client: pg.Client, steps: readonly Step[]): Promise<readonly StepResult[]> {
  const asked = steps.map((step) => client.query<SqlValue[]>({ ...step, values: [...step.values], rowMode: 'array' }));
  const answered = await Promise.allSettled(asked);
  const failed = answered.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    // What was open is over for whoever asked; it may not stay open here.
    if (session?.client === client && client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
    throw failed.reason;
  }
  return answered.flatMap((one) => (one.status === 'fulfilled' ? [resultOf(one.value)] : []));
}

/** A text of several statements gives as many answers; the last is the one that was asked for. */
function resultOf(result: pg.QueryArrayResult<SqlValue[]>): StepResult {
  const { fields, rows, rowCount, command } = [result].flat().at(-1) ?? result;
  return { columns: fields.map(({ name }) => name), rows, count: rowCount ?? 0, command };
}

async function connect(): Promise<Session> {
  const client = clientOf(await addressOf(settings), settings, 'tongguan');
  sessions += 1;
  const begun = { number: sessions, client };
  const forget = (): void => {
    if (session === begun) session = undefined;
  };
  client.on('error', forget);
  client.on('end', forget);
  await connected(client);
  return begun;
}

/** Classes of SQLSTATE that speak of the server and not of what is stored; their texts may be told. */
const OF_THE_SERVER = ['08', '28', '3D', '3F', '42', '53', '57', '58'];
/** The server ended the session, or is on its way down. */
const ENDED = ['57P01', '57P02', '57P03'];

/** @param isSent - something was, so that nobody knows what became of it; a client that ends has told us of its end before */
function failureOf(cause: unknown, isSent: boolean): DatabaseFailure {
  if (!(cause instanceof Error)) return { kind: 'lost', code: 'unknown', text: 'unknown' };
  if ('kind' in cause && cause.kind === 'refused') return { ...(cause as Error & DatabaseFailure) };
  const code = 'code' in cause ? String(cause.code) : '';
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    if (ENDED.includes(code)) session = undefined;
    const text = OF_THE_SERVER.includes(code.slice(0, 2)) ? `${code} ${cause.message}` : code;
    const isRefused = code.startsWith('28') || code.startsWith('3D');
    return { kind: isRefused ? 'refused' : ENDED.includes(code) ? 'lost' : 'statement', code, text };
  }
  session = undefined;
  return { kind: isSent ? 'lost' : 'unreachable', code: code || 'connection-lost', text: cause.message };
}
