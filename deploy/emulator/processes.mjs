// Processes of one vehicle and its cloud, and what lies in their files; for what runs them as they are shipped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const say = (line) => process.stdout.write(`${line}\n`);

export function start(command, args, environment = {}) {
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const errors = [];
  child.stderr.setEncoding('utf8').on('data', (text) => errors.push(text));
  const started = { child, errors, gone: once(child, 'exit'), status: undefined };
  // Roles tell whoever started them how they are; an open spool is locked, so there is no other way to know.
  child.on('message', (status) => {
    started.status = status;
  });
  return started;
}

/** CPU time that a process took so far, of the system on its behalf too. @throws when it is gone */
export function cpuSeconds(pid) {
  const times = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(times[11]) + Number(times[12])) / TICKS_A_SECOND;
}

/** Of `USER_HZ`, which is 100 wherever Linux runs Node. */
const TICKS_A_SECOND = 100;

/** The connection once something listens there. */
export function reach(path) {
  return new Promise((resolve) => {
    const link = connect(path);
    link.once('connect', () => resolve(link)).once('error', () => resolve(undefined));
  });
}

/** Asks until there is an answer, it takes too long, or the process has ended. */
export async function until(asked, withinMs, otherwise, { child, errors }) {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    const answer = await asked();
    if (answer) return answer;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await wait(100);
  }
  const state = child.exitCode ?? child.signalCode ?? 'still there';
  throw new Error(`emulator: ${otherwise} (${state}): ${errors.join('').slice(0, 500)}`);
}

const { loadSqlite } = await import(at('dist/proto/config/load-sqlite.js'));
const Database = loadSqlite();

function reading(file, ask) {
  const database = new Database(file, { readonly: true });
  try {
    return ask(database);
  } finally {
    database.close();
  }
}

/** Frames that were ever sealed into a spool; the agent is not running. */
export const sealedIn = (file) =>
  reading(file, (database) => database.prepare('SELECT COALESCE(SUM(next_sequence), 0) AS n FROM lane').get().n);

/** Frames that the cloud's ledger holds. */
export function storedIn(file) {
  return reading(file, (database) => {
    const rows = database.prepare('SELECT ranges FROM extents').all();
    return rows.flatMap(({ ranges }) => JSON.parse(ranges)).reduce((sum, [from, to]) => sum + to - from, 0);
  });
}
