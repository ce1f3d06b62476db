import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { workerData } from 'node:worker_threads';
import pg from 'pg';
import { addressList } from '../../access/cidr.ts';
import {
  type Answer,
  CONNECT_MS_MAX,
  type DatabaseFailure,
  type PostgresSettings,
  type Request,
  STATEMENT_MS_MAX,
  type Step,
  type StepResult,
  type ThreadData,
} from './postgres-messages.ts';
import type { SqlValue } from './sql-database.ts';

// The thread of `postgres-connection.ts`: it holds the one connection and does what it is told, one request after the other.

const { settings, port, signal } = workerData as ThreadData;

/** Types by their numbers in the catalogue of PostgreSQL. */
const TYPE = { bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701 } as const;

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
  try {
    if (wanted !== undefined && wanted !== session?.number)
      return {
        id,
        failure: { kind: 'lost', code: 'connection-lost', text: 'the connection of the transaction is gone' },
      };
    session ??= await connect();
    const { number, client } = session;
    return { id, session: number, results: await runAll(client, steps) };
  } catch (cause) {
    return { id, failure: failureOf(cause) };
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
  const client = new pg.Client({ ...(await addressOf(settings)), ...optionsOf(settings) });
  sessions += 1;
  const begun = { number: sessions, client };
  const forget = (): void => {
    if (session === begun) session = undefined;
  };
  client.on('error', forget);
  client.on('end', forget);
  await client.connect();
  try {
    await checkServer(client);
  } catch (cause) {
    await client.end();
    throw cause;
  }
  return begun;
}

function optionsOf({ database, user, password, schema, port: at }: PostgresSettings): pg.ClientConfig {
  return {
    port: at,
    database,
    user,
    ...(password !== undefined && { password }),
    application_name: 'tongguan',
    options: `-c search_path=${schema}`,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    lock_timeout: STATEMENT_MS_MAX,
    idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
    types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text) },
  } as pg.ClientConfig;
}

/** The address to connect to, and the name that its certificate has to have; all addresses of a name are in the mainland. */
async function addressOf({ host, tls, domesticRanges }: PostgresSettings): Promise<pg.ClientConfig> {
  const domestic = addressList(domesticRanges);
  const found = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const [address] = found;
  if (address === undefined || !found.every(domestic.has)) throw refusal('not-domestic', NOT_DOMESTIC);
  const named = { host, ...(isIP(host) === 0 && { servername: host }) };
  return { host: address, ssl: tls === undefined ? false : { ...tls, ...named, minVersion: 'TLSv1.2' } };
}

const NOT_DOMESTIC = 'an address of the database is in none of `stores.domesticRanges`';

/** What is acknowledged is deleted elsewhere: a server that may lose a commit is not written to. */
async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
       current_setting('server_encoding') AS server_encoding, pg_is_in_recovery()::text AS recovery`,
  );
  const [row = {}] = rows;
  const isDurable = ['on', 'remote_apply'].includes(row['synchronous_commit'] ?? '') && row['fsync'] === 'on';
  if (!isDurable)
    throw refusal('not-durable', 'the server does not flush a commit: `synchronous_commit` or `fsync` is off');
  if (row['server_encoding'] !== 'UTF8') throw refusal('encoding', 'the encoding of the database is not UTF8');
  if (row['recovery'] !== 'false') throw refusal('standby', 'the server is a standby, which cannot be written');
}

const refusal = (code: string, text: string): Error & DatabaseFailure =>
  Object.assign(new Error(text), { kind: 'refused' as const, code, text });

/** Classes of SQLSTATE that speak of the server and not of what is stored; their texts may be told. */
const OF_THE_SERVER = ['08', '28', '3D', '3F', '42', '53', '57', '58'];
/** The server ended the session, or is on its way down. */
const ENDED = ['57P01', '57P02', '57P03'];

function failureOf(cause: unknown): DatabaseFailure {
  if (!(cause instanceof Error)) return { kind: 'lost', code: 'unknown', text: 'unknown' };
  if ('kind' in cause && cause.kind === 'refused') return { ...(cause as Error & DatabaseFailure) };
  const code = 'code' in cause ? String(cause.code) : '';
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    if (ENDED.includes(code)) session = undefined;
    const text = OF_THE_SERVER.includes(code.slice(0, 2)) ? `${code} ${cause.message}` : code;
    const isRefused = code.startsWith('28') || code.startsWith('3D');
    return { kind: isRefused ? 'refused' : ENDED.includes(code) ? 'lost' : 'statement', code, text };
  }
  const wasConnected = session !== undefined;
  session = undefined;
  return { kind: wasConnected ? 'lost' : 'unreachable', code: code || 'connection-lost', text: cause.message };
}

const PARSERS: ReadonlyMap<number, (text: string) => SqlValue> = new Map<number, (text: string) => SqlValue>([
  [TYPE.int2, Number],
  [TYPE.int4, Number],
  [TYPE.int8, wholeNumber],
  [TYPE.float4, Number],
  [TYPE.float8, Number],
  [TYPE.bytea, (text: string): Uint8Array => Buffer.from(text.slice('\\x'.length), 'hex')],
]);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new Error('broken invariant: an integer of the database is exact as a number');
  return value;
}
