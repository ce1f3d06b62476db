import { workerData } from 'node:worker_threads';
import type pg from 'pg';
import {
  LOCK_ANSWER_MS_MAX,
  LOCK_LOOK_MS,
  LOCK_SILENCE_S_MAX,
  type LockAnswer,
  type LockRequest,
  type LockThreadData,
} from './lock-messages.ts';
import { addressOf, clientOf, connected } from './postgres-client.ts';

// The thread of `postgres-leadership.ts`: it holds one connection for the lock of who leads, and asks after the lock whatever the
// process does meanwhile.

const { settings, port, held, host } = workerData as LockThreadData;

/** By the schema, since each installation of a database has one of its own. The first word is the same for all who run this. */
const KEY = `hashtext('tongguan ' || $1), `;
const [LEADS, STANDS_BY] = [1, 2];

let client: pg.Client | undefined;
let looking: NodeJS.Timeout | undefined;

port.on('message', (request: LockRequest) => void answerTo(request).then(tell));

const tell = (answer: LockAnswer): void => port.postMessage(answer);

async function answerTo({ id, wish }: LockRequest): Promise<LockAnswer> {
  try {
    if (wish === 'take') return { id, isHeld: await take() };
    await release();
    return { id, isHeld: false };
  } catch (cause) {
    drop();
    return { id, failure: cause instanceof Error ? cause.message : 'unknown' };
  }
}

async function take(): Promise<boolean> {
  // Who asks twice does not have it twice.
  if (Atomics.load(held, 0) === 1) return false;
  const own = client ?? (await connect());
  const isTaken = (await within(own, `SELECT pg_try_advisory_lock(${KEY}${LEADS})::int AS is`)) === 1;
  if (!isTaken) return false;
  await within(own, `SELECT pg_advisory_unlock_shared(${KEY}${STANDS_BY})::int AS is`);
  if (client !== own) throw new Error('the connection of the lock ended');
  Atomics.store(held, 0, 1);
  looking = setTimeout(() => void look(own), LOCK_LOOK_MS);
  return true;
}

/** Whether the session still has it: a pooler in between, or an administrator, may have given it to another. */
async function look(own: pg.Client): Promise<void> {
  try {
    const locks = await within(
      own,
      `SELECT count(*)::int AS is FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND pid = pg_backend_pid() AND objsubid = 2 AND objid = ${LEADS} AND classid = (hashtext('tongguan ' || $1)::bigint & 4294967295)::oid`,
    );
    if (Atomics.load(held, 0) !== 1 || client !== own) return;
    if (locks !== 1) lose('the server says that the lock is not held');
    else looking = setTimeout(() => void look(own), LOCK_LOOK_MS);
  } catch (cause) {
    if (client === own) lose(cause instanceof Error ? cause.message : 'unknown');
  }
}

async function release(): Promise<void> {
  const own = client;
  if (own === undefined) return;
  clearTimeout(looking);
  Atomics.store(held, 0, 0);
  client = undefined;
  // The lock ends with its session.
  await own.end();
}

function lose(why: string): void {
  if (Atomics.exchange(held, 0, 0) === 1) tell({ lost: why });
  drop();
}

function drop(): void {
  clearTimeout(looking);
  const own = client;
  client = undefined;
  void own?.end().catch(() => undefined);
}

async function connect(): Promise<pg.Client> {
  const made = clientOf(await addressOf(settings), settings, `tongguan-leader ${host}`.slice(0, NAME_BYTES_MAX));
  const gone = (cause?: Error): void => {
    if (client === made) lose(cause?.message ?? 'the connection of the lock ended');
  };
  made.on('error', gone);
  made.on('end', () => gone());
  await connected(made);
  client = made;
  await made.query(ATTENTIVE);
  await within(made, `SELECT 1 AS is FROM pg_advisory_lock_shared(${KEY}${STANDS_BY})`);
  return made;
}

const NAME_BYTES_MAX = 63;

/**
 * A server that hears nothing of this session ends it, and with it the lock: by its own clock where it has one for that (PostgreSQL 14), and by
 * what the system sends over a connection that is silent. This side has given up before.
 */
const ATTENTIVE = `SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES
  ('idle_session_timeout', '${LOCK_SILENCE_S_MAX}s'), ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '3'),
  ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '${LOCK_SILENCE_S_MAX}s')) AS wish (key, wanted) ON name = key`;

/** One number, or an error when it is late: nobody waits for a server that has gone. */
async function within(own: pg.Client, text: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fall = (): void => reject(new Error(`no answer within ${LOCK_ANSWER_MS_MAX / 1_000} seconds`));
    timer = setTimeout(fall, LOCK_ANSWER_MS_MAX);
  });
  const asked = own.query<{ readonly is: unknown }>(text, [settings.schema]);
  try {
    return (await Promise.race([asked, late])).rows[0]?.is;
  } finally {
    clearTimeout(timer);
    asked.catch(() => undefined);
  }
}
