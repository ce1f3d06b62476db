import { createHash } from 'node:crypto';
import type { Instant } from '../../proto/words/time.ts';
import type { Account, AccountStore, Attempts, Invitation, Session } from '../ports/account-store.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY COLLATE NOCASE, subject TEXT UNIQUE, document TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_account ON session (account);
  CREATE TABLE IF NOT EXISTS invitation (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS attempt (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Names that logins were refused under; beyond it those that are not locked are forgotten. */
const ATTEMPTS_MAX = 100_000;

/** Stands in the table for the account that is not there yet. */
const FIRST = '';

/** Accounts, sessions, invitations and refused logins in one file. Seeds in it are sealed; passwords, tokens and codes are hashes. */
export function sqliteAccounts(file: string): AccountStore {
  const database = openDatabase(file, SCHEMA, 2);
  database.pragma('secure_delete = ON');
  const find = database.prepare('SELECT document FROM account WHERE name = ?').pluck();
  const findSubject = database.prepare('SELECT document FROM account WHERE subject = ?').pluck();
  const list = database.prepare('SELECT document FROM account ORDER BY name').pluck();
  const put = database.prepare('INSERT OR REPLACE INTO account VALUES (?, ?, ?)');
  return {
    find: (name) => accountOf(find.get(name)),
    findSubject: (subject) => accountOf(findSubject.get(subject)),
    list: () => list.all().flatMap((row) => accountOf(row) ?? []),
    put: (account) => void put.run(account.name, account.subject ?? null, textOf(account)),
    count: () => database.prepare('SELECT count(*) FROM account').pluck().get() as number,
    ...sessionsIn(database),
    ...invitationsIn(database),
    ...attemptsIn(database),
    close: () => {
      database.close();
    },
  };
}

function sessionsIn(database: StoreDatabase) {
  const add = database.prepare('INSERT INTO session VALUES (?, ?, ?, ?)');
  const find = database.prepare(
    'SELECT hash, account, created_at AS createdAt, seen_at AS seenAt FROM session WHERE hash = ?',
  );
  const seen = database.prepare('UPDATE session SET seen_at = ? WHERE hash = ?');
  const end = database.prepare('DELETE FROM session WHERE hash = ?');
  const endAll = database.prepare('DELETE FROM session WHERE account = ?');
  const endOthers = database.prepare('DELETE FROM session WHERE account = ? AND hash <> ?');
  const expire = database.prepare('DELETE FROM session WHERE created_at < ? OR seen_at < ?');
  return {
    addSession: ({ hash, account, createdAt, seenAt }: Session) => void add.run(hash, account, createdAt, seenAt),
    session: (hash: string) => find.get(hash) as Session | undefined,
    seen: (hash: string, at: Instant) => void seen.run(at, hash),
    endSession: (hash: string) => void end.run(hash),
    endSessionsOf: (account: string) => void endAll.run(account),
    endOtherSessions: (account: string, hash: string) => void endOthers.run(account, hash),
    expireSessions: (created: Instant, last: Instant) => void expire.run(created, last),
  };
}

function invitationsIn(database: StoreDatabase) {
  const add = database.prepare('INSERT OR REPLACE INTO invitation VALUES (?, ?, ?)');
  const take = database.prepare('DELETE FROM invitation WHERE hash = ? RETURNING account, expires_at');
  return {
    invite: ({ hash, account, expiresAt }: Invitation) => void add.run(hash, account ?? FIRST, expiresAt),
    takeInvitation: (hash: string): Invitation | undefined => {
      const row = take.get(hash) as { readonly account: string; readonly expires_at: Instant } | undefined;
      if (row === undefined) return undefined;
      return { hash, expiresAt: row.expires_at, ...(row.account !== FIRST && { account: row.account }) };
    },
  };
}

/** Names by their hashes: somebody may have typed a password there, or a VIN. */
function attemptsIn(database: StoreDatabase) {
  const find = database.prepare('SELECT failures, locked_until AS lockedUntil FROM attempt WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO attempt VALUES (?, ?, ?)');
  const forget = database.prepare('DELETE FROM attempt WHERE name = ?');
  const count = database.prepare('SELECT count(*) FROM attempt').pluck();
  const forgetUnlocked = database.prepare('DELETE FROM attempt WHERE locked_until = 0');
  const nameOf = (name: string) => createHash('sha256').update(name.toLowerCase()).digest('hex');
  return {
    attempts: (name: string) => find.get(nameOf(name)) as Attempts | undefined,
    setAttempts: (name: string, attempts: Attempts | undefined) => {
      if (attempts === undefined) forget.run(nameOf(name));
      else {
        if ((count.get() as number) >= ATTEMPTS_MAX) forgetUnlocked.run();
        set.run(nameOf(name), attempts.failures, attempts.lockedUntil);
      }
    },
  };
}

type Kept = Omit<Account, 'seed' | 'pendingSeed'> & { readonly seed?: string; readonly pendingSeed?: string };

function textOf({ seed, pendingSeed, ...rest }: Account): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return JSON.stringify({
    ...rest,
    ...(seed && { seed: base64(seed) }),
    ...(pendingSeed && { pendingSeed: base64(pendingSeed) }),
  });
}

function accountOf(document: unknown): Account | undefined {
  if (document === undefined) return undefined;
  const { seed, pendingSeed, ...rest } = JSON.parse(String(document)) as Kept;
  return {
    ...rest,
    ...(seed !== undefined && { seed: Buffer.from(seed, 'base64') }),
    ...(pendingSeed !== undefined && { pendingSeed: Buffer.from(pendingSeed, 'base64') }),
  };
}
