import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { type Clock, type Instant, toIso } from '../proto/words/time.ts';
import type { Job, JobDesk, JobKind, JobOrder, JobWork } from './ports/job-desk.ts';
import type { Progress } from './ports/progress.ts';
import { ANSWER_MS, withinMs } from './wait-for.ts';

export interface JobDeskParts {
  readonly clock: Clock;
  /** Random bytes as lower-case hexadecimal. */
  readonly draw: (bytes: number) => string;
  /** Longest time until whoever asks is told something; tests take none. */
  readonly answerMs?: number;
}

export interface OpenJobDesk extends JobDesk {
  /** Ends what is under way and forgets what is kept. */
  readonly stop: () => Promise<void>;
}

/** How many of a kind may be under way: of one account, and of all. */
interface JobLimit {
  readonly ofOne: number;
  readonly ofAll: number;
  /** A newer question of an account takes the place of its oldest: nobody waits for the answer to a choice that was changed. */
  readonly givesWay: boolean;
}

/** Verdicts take fewer places than builds may wait in, so that a transfer always finds one. */
export const JOB_LIMITS: Readonly<Record<JobKind, JobLimit>> = {
  verdict: { ofOne: 2, ofAll: 8, givesWay: true },
  'register-import': { ofOne: 1, ofAll: 4, givesWay: false },
  'file-import': { ofOne: 1, ofAll: 2, givesWay: false },
  // A draft reads a whole log: one thread beside those of builds and bundles.
  report: { ofOne: 1, ofAll: 1, givesWay: false },
};
/** Jobs that outlasted their question: kept so long after their end, and so many. */
export const JOB_KEPT_MS = 3_600_000;
export const JOBS_KEPT_MAX = 64;
/** A job that takes longer is given up; a build ends by itself after half of it. */
const JOB_MS_MAX = 3_600_000;
const ID_BYTES = 16;

interface Held {
  readonly id: string;
  readonly kind: JobKind;
  readonly by: string;
  readonly askedAt: Instant;
  readonly ending: AbortController;
  look: () => Progress;
  settled?: Result<object, readonly Fault[]>;
  settledAt?: Instant;
}

/** What a desk has in hand: jobs that can be asked after, and work that is not over, asked after or not. */
interface Shelf {
  readonly held: Map<string, Held>;
  readonly running: Map<Held, Promise<unknown>>;
  readonly clock: Clock;
}

/**
 * Work that may outlast the question it was asked by: it goes on, whoever listens, and only the account that asked can come back for it. What
 * came of it is kept for an hour, in memory: after a restart it is asked for again.
 */
export function openJobDesk({ clock, draw, answerMs = ANSWER_MS }: JobDeskParts): OpenJobDesk {
  const shelf: Shelf = { held: new Map(), running: new Map(), clock };
  const { held, running } = shelf;
  const at = (kind: JobKind, id: string, by: string): Result<Held, Fault> => {
    forget(shelf);
    const one = held.get(id);
    return one?.kind === kind && one.by === by ? ok(one) : fail(jobFault('JOB_UNKNOWN'));
  };
  const place = ({ kind, by }: JobOrder): Held | undefined => {
    forget(shelf);
    if (!makesRoom(shelf, kind, by)) return undefined;
    const asked = { id: draw(ID_BYTES), kind, by, askedAt: clock.now() };
    const one: Held = { ...asked, ending: new AbortController(), look: begun };
    held.set(one.id, one);
    return one;
  };
  return {
    ask: async (order, work) => {
      const one = place(order);
      if (one === undefined) return fail([jobFault('JOB_BUSY')]);
      let isUnderWay = false;
      try {
        const first = await withinMs(begin(shelf, one, work), answerMs);
        isUnderWay = first === undefined;
        return first ?? ok(shown(one));
      } finally {
        // Who has the answer has no need to come back for it.
        if (!isUnderWay) held.delete(one.id);
      }
    },
    begin: (order, work) => {
      const one = place(order);
      if (one === undefined) return fail(jobFault('JOB_BUSY'));
      // What breaks is told to whoever comes back.
      begin(shelf, one, work).catch(() => undefined);
      return ok(shown(one));
    },
    list: (kind, by) => {
      forget(shelf);
      return [...held.values()].filter((one) => one.kind === kind && one.by === by).map(shown);
    },
    find: (kind, id, by) => {
      const one = at(kind, id, by);
      return one.ok ? ok(shown(one.value)) : one;
    },
    end: (kind, id, by) => {
      const one = at(kind, id, by);
      if (!one.ok) return one;
      one.value.ending.abort();
      held.delete(id);
      return ok(undefined);
    },
    stop: async () => {
      for (const { ending } of running.keys()) ending.abort();
      await Promise.all(running.values());
      held.clear();
    },
  };
}

function forget({ held, clock }: Shelf): void {
  const now = clock.now();
  const over = [...held.values()].filter(({ settledAt }) => settledAt !== undefined);
  const tooMany = over.length - JOBS_KEPT_MAX;
  for (const [at, { id, settledAt }] of over.entries())
    if (at < tooMany || now >= (settledAt ?? now) + JOB_KEPT_MS) held.delete(id);
}

/** Whether there is room for one more; what gives way is told to end. */
function makesRoom({ running }: Shelf, kind: JobKind, by: string): boolean {
  const limit = JOB_LIMITS[kind];
  const ofKind = [...running.keys()].filter((one) => one.kind === kind);
  const own = ofKind.filter((one) => one.by === by && !one.ending.signal.aborted);
  if (ofKind.length >= limit.ofAll) return false;
  if (own.length < limit.ofOne) return true;
  if (limit.givesWay) own[0]?.ending.abort();
  return limit.givesWay;
}

function begin({ running, clock }: Shelf, one: Held, work: JobWork): Promise<Result<object, readonly Fault[]>> {
  const { signal } = one.ending;
  const timer = setTimeout(() => one.ending.abort(), JOB_MS_MAX).unref();
  const track = (look: () => Progress): void => {
    one.look = look;
  };
  const settle = (came: Result<object, readonly Fault[]>): Result<object, readonly Fault[]> => {
    clearTimeout(timer);
    running.delete(one);
    one.settled = signal.aborted && !came.ok ? fail([jobFault('JOB_ENDED')]) : came;
    one.settledAt = clock.now();
    return one.settled;
  };
  const done = work({ track, signal }).then(settle, (cause: unknown) => {
    settle(fail([jobFault('JOB_BROKE', causeText(cause))]));
    throw cause;
  });
  // Who was told `under-way` hears of it when they come back.
  const quietly = done.catch(() => undefined);
  running.set(one, quietly);
  return done;
}

const begun = (): Progress => ({ step: 'waiting', share: 0 });

function shown({ id, kind, by, askedAt, look, settled }: Held): Job {
  const asked = { job: id, kind, by, askedAt: toIso(askedAt) };
  if (settled === undefined) return { ...asked, state: 'under-way', ...look() };
  if (settled.ok) return { ...asked, state: 'answered', outcome: settled.value };
  const [fault = jobFault('JOB_BROKE')] = settled.fault;
  return { ...asked, state: 'failed', fault, faults: settled.fault };
}

type JobCode = 'JOB_BUSY' | 'JOB_UNKNOWN' | 'JOB_ENDED' | 'JOB_BROKE';

function jobFault(code: JobCode, cause = ''): Fault<JobCode> {
  const [en, zh, remedyEn, remedyZh, retry] = TEXT[code];
  const problem = cause === '' ? bilingual(en, zh) : bilingual(`${en}: ${cause}`, `${zh}：${cause}`);
  return { code, problem, remedy: bilingual(remedyEn, remedyZh), retry };
}

// biome-ignore format: one fault a line
const TEXT: Readonly<Record<JobCode, readonly [string, string, string, string, Fault['retry']]>> = {
  JOB_BUSY: ['as much of this kind is under way as may be at once', '同类任务已达同时进行的上限', 'wait until it is done, or end it', '请等待其完成，或将其结束', 'later'],
  JOB_UNKNOWN: ['this account asked this process for no such work, or it is forgotten', '该账号未向本进程提出该项任务，或其结果已不再保留', 'look at what it was about, and ask again if it did not come about', '请查看其所涉内容；如未完成，请重新提出', 'after-remedy'],
  JOB_ENDED: ['the work was ended before it was done; nothing came of it', '任务在完成前被结束，未产生任何结果', 'ask again', '请重新提出', 'later'],
  JOB_BROKE: ['the work ended by a defect', '任务因程序缺陷中止', 'look at what it was about; please report this', '请查看其所涉内容，并报告此问题', 'later'],
};
