import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import pg from 'pg';
import { addressList } from '../../access/cidr.ts';
import { CONNECT_MS_MAX, type DatabaseFailure, type PostgresSettings, STATEMENT_MS_MAX } from './postgres-messages.ts';
import type { SqlValue } from './sql-database.ts';

/** Types by their numbers in the catalogue of PostgreSQL. */
const TYPE = { bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701 } as const;

/** Not connected yet. @param name - what the server shows of it to its administrator */
export function clientOf(
  at: pg.ClientConfig,
  { database, user, password, schema, port }: PostgresSettings,
  name: string,
): pg.Client {
  return new pg.Client({
    ...at,
    port,
    database,
    user,
    ...(password !== undefined && { password }),
    application_name: name,
    options: `-c search_path=${schema}`,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    lock_timeout: STATEMENT_MS_MAX,
    idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
    types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text) },
  } as pg.ClientConfig);
}

/** Connects, and ends the connection to a server that is not as it should be. @throws DatabaseFailure as an error, or the system's */
export async function connected(client: pg.Client): Promise<void> {
  await client.connect();
  try {
    await checkServer(client);
  } catch (cause) {
    await client.end();
    throw cause;
  }
}

/** The address to connect to, and the name that its certificate has to have; all addresses of a name are in the mainland. */
export async function addressOf({ host, tls, domesticRanges }: PostgresSettings): Promise<pg.ClientConfig> {
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
