import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Fault } from '../../proto/words/fault.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { leadLost } from '../adapters/lead-lost.ts';
import { type LeaderRecord, type LeaderTables, leaderRecord } from '../adapters/sql/leader-record.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import type { DatabaseFailure, Step } from '../adapters/sql/postgres-messages.ts';
import { fenceOf, NOT_LEADING, type SessionGuard } from '../adapters/sql/session-guard.ts';
import type { Lead } from '../ports/leadership.ts';
import { checkMarks, type FilesOf, markedDirectories, writeMarks } from './files-mark.ts';
import { type OpenPostgres, openPostgres } from './open-postgres.ts';

/** A database over which this process leads. */
export interface LeadingDatabase extends OpenPostgres {
  /** Why nothing is asked of it any more. Resolves once, and only when this process has to end for it. */
  readonly over: Promise<Fault>;
  /** Marks files and database anew, so that what was copied before is known as older. */
  readonly renew: () => void;
}

/**
 * The database of an installation for the process that leads: the term of whoever led before is over, and everything that is written from here on
 * names the new one. Undefined where stores are files.
 *
 * Faults: those of `openPostgres`, and FILES_NOT_OF_DATABASE.
 *
 * @param program - of the thread; the compiled one in tests
 */
export function openLeading(
  loaded: FilesOf,
  clock: Clock,
  lead: Pick<Lead, 'isHeld'>,
  program?: URL,
): Result<LeadingDatabase | undefined, Fault> {
  const { guard, over, begin } = leadingGuard(lead);
  const opened = openPostgres(loaded, clock, program, guard);
  if (!opened.ok || opened.value === undefined) return opened as Extract<typeof opened, { ok: false }>;
  const { session, close } = opened.value;
  const record = leaderRecord(postgresDatabase<LeaderTables>(session));
  const directories = markedDirectories(loaded);
  try {
    const other = checkMarks(directories, record.standing());
    if (other !== undefined) {
      close();
      return fail(other);
    }
    begin(record.begin(hostname(), clock.now()));
    const renew = (): void => markAnew(directories, record);
    renew();
    return ok({ session, close, over, renew });
  } catch (cause) {
    close();
    throw cause;
  }
}

/** A leader marks once a minute, so that not each of so many looks can fall between its files and its database. */
const LOOKS_MAX = 3;

/**
 * For who stands by, which leads later: what would keep it from leading then is a fault now.
 *
 * A leader on this machine may mark its files anew between two looks.
 */
export function checkFiles(loaded: FilesOf, clock: Clock, program?: URL): Result<void, Fault> {
  const opened = openPostgres(loaded, clock, program);
  // A server that is away comes back, and is asked again by whoever leads.
  if (!opened.ok) return opened.fault.retry === 'later' ? ok(undefined) : opened;
  if (opened.value === undefined) return ok(undefined);
  const { session, close } = opened.value;
  try {
    const record = leaderRecord(postgresDatabase<LeaderTables>(session));
    for (let looks = 1; ; looks += 1) {
      const other = checkMarks(markedDirectories(loaded), record.standing());
      if (other === undefined) return ok(undefined);
      if (looks === LOOKS_MAX) return fail(other);
    }
  } finally {
    close();
  }
}

/** Files first: whichever of the two marks the database has after a crash stands in them. */
export function markAnew(directories: readonly string[], record: LeaderRecord): void {
  const { mark, term } = record.standing();
  const next = randomBytes(16).toString('hex');
  writeMarks(directories, { marks: [mark, next], term });
  if (!record.mark(mark, next)) throw new Error('broken invariant: one process marks the files at a time');
}

function leadingGuard({ isHeld }: Pick<Lead, 'isHeld'>) {
  let fence: Step | undefined;
  let given: DatabaseFailure | undefined;
  let tell: (fault: Fault) => void = () => undefined;
  const over = new Promise<Fault>((resolve) => {
    tell = resolve;
  });
  const guard: SessionGuard = {
    over: () => given ?? (isHeld() ? undefined : LOST),
    fence: () => fence,
    giveUp: (failure) => {
      if (given !== undefined) return;
      given = { ...failure, kind: 'refused' };
      tell(failure.code === NOT_LEADING ? leadLost('database', failure.text) : behind(failure.text));
    },
  };
  const begin = (term: number): void => {
    fence = fenceOf(term);
  };
  return { guard, over, begin };
}

const LOST: DatabaseFailure = { kind: 'refused', code: 'not-held', text: 'this process leads no more' };

function behind(why: string): Fault<'LEDGER_BEHIND'> {
  return {
    code: 'LEDGER_BEHIND',
    problem: bilingual(
      `the database may hold a group of frames that this process knows nothing of, so it decides and counts nothing any more and has ended: ${why}`,
      `数据库中可能已有本进程未知的一组数据帧，因此本进程已停止判定和计数并退出：${why}`,
    ),
    remedy: bilingual(
      'systemd or the cluster starts it again; where nothing does, start it again. Nothing acknowledged is lost, vehicles send the rest again, and each frame counts once',
      'systemd 或集群会自动重启；否则请手动重启。已确认的数据不会丢失，车辆会重新发送其余数据，每帧只计一次',
    ),
    retry: 'now',
  };
}
