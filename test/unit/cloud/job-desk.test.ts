import { assert, describe, expect, onTestFinished, test } from 'vitest';
import { untilDone } from '../../../cloud/cli/until-decided.ts';
import { JOB_KEPT_MS, JOB_LIMITS, JOBS_KEPT_MAX, openJobDesk } from '../../../cloud/job-desk.ts';
import type { Job, JobKind, JobUnderWay, JobWork } from '../../../cloud/ports/job-desk.ts';
import type { Progress } from '../../../cloud/ports/progress.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** A desk that nobody waits at, and work that ends when it is told to. */
function desk(answerMs = 0) {
  let [now, drawn] = [1_000_000, 0];
  const one = openJobDesk({
    clock: { now: () => now as Instant },
    draw: () => `job${++drawn}`,
    answerMs,
  });
  onTestFinished(one.stop);
  const wait = (ms: number): void => {
    now += ms;
  };
  const ask = async (by: string, work: JobWork, kind: JobKind = 'register-import') => {
    const asked = await one.ask({ kind, by }, work);
    return asked.ok ? (asked.value as JobUnderWay) : asked.fault.map(({ code }) => code);
  };
  const idOf = (asked: JobUnderWay | readonly string[]): string => {
    assert('job' in asked, JSON.stringify(asked));
    return asked.job;
  };
  return { ...one, ask, idOf, wait };
}

function slow() {
  let end = (_: Result<object, readonly Fault[]>): void => undefined;
  let broke = (_: Error): void => undefined;
  let progress: Progress = { step: 'weighing', share: 0 };
  const work: JobWork = ({ track, signal }) => {
    track(() => progress);
    return new Promise((resolve, reject) => {
      [end, broke] = [resolve, reject];
      signal.addEventListener('abort', () => resolve(fail([])));
    });
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const note = (now: Progress): void => {
    progress = now;
  };
  return {
    ...{ work, note },
    end: async (came: Result<object, readonly Fault[]>) => {
      end(came);
      await settled();
    },
    breaks: async () => {
      broke(new Error('a defect'));
      await settled();
    },
  };
}

const told = (found: Result<Job, Fault>) => (found.ok ? found.value : found.fault.code);

describe('work that is asked for', () => {
  test('is answered with its outcome where it is short, and nothing of it is kept', async () => {
    const { ask, list } = desk(60_000);
    expect(await ask('alice', async () => ok({ entries: 3 }))).toEqual({ entries: 3 });
    expect(list('register-import', 'alice')).toEqual([]);
  });

  test('that is begun is told as a job at once, and stays to be fetched however soon it is done; what breaks is told', async () => {
    const { begin, find, list } = desk(60_000);
    const begun = begin({ kind: 'report', by: 'alice' }, async () => ok({ files: 2 }));
    assert(begun.ok);
    expect(begun.value).toMatchObject({ state: 'under-way', kind: 'report', by: 'alice' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(told(find('report', begun.value.job, 'alice'))).toMatchObject({ state: 'answered', outcome: { files: 2 } });
    const other = begin({ kind: 'report', by: 'bob' }, async () => {
      throw new Error('a defect');
    });
    assert(other.ok);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told(find('report', other.value.job, 'bob'))).toMatchObject({ fault: { code: 'JOB_BROKE' } });
    expect(list('report', 'alice')).toHaveLength(1);
  });

  test('and begun is so many at once, of all accounts', async () => {
    const { begin } = desk();
    const { work, end } = slow();
    for (let more = 0; more < JOB_LIMITS.report.ofAll; more += 1)
      expect(begin({ kind: 'report', by: `a${more}` }, work).ok).toBe(true);
    expect(begin({ kind: 'report', by: 'late' }, work)).toMatchObject({ ok: false, fault: { code: 'JOB_BUSY' } });
    await end(ok({}));
  });

  test('is told as under way where it takes its time, and then what the question would have been answered with', async () => {
    const { ask, idOf, find } = desk();
    const { work, note, end } = slow();
    const id = idOf(await ask('alice', work));
    note({ step: 'weighing', share: 0.5 });
    expect(told(find('register-import', id, 'alice'))).toMatchObject({ state: 'under-way', share: 0.5, by: 'alice' });
    await end(ok({ entries: 3 }));
    expect(told(find('register-import', id, 'alice'))).toMatchObject({ state: 'answered', outcome: { entries: 3 } });
  });

  test('is nobody else’s: another account, and another kind, know of no such job and cannot end it', async () => {
    const { ask, idOf, find, end, list } = desk();
    const id = idOf(await ask('alice', slow().work));
    expect(told(find('register-import', id, 'bob'))).toBe('JOB_UNKNOWN');
    expect(told(find('verdict', id, 'alice'))).toBe('JOB_UNKNOWN');
    expect(end('register-import', id, 'bob')).toMatchObject({ ok: false, fault: { code: 'JOB_UNKNOWN' } });
    expect(list('register-import', 'bob')).toEqual([]);
    expect(told(find('register-import', id, 'alice'))).toMatchObject({ state: 'under-way' });
  });

  test('has a limit for one account and for all', async () => {
    const { ask } = desk();
    const { ofOne, ofAll } = JOB_LIMITS['register-import'];
    expect(ofOne).toBe(1);
    await ask('alice', slow().work);
    expect(await ask('alice', slow().work)).toEqual(['JOB_BUSY']);
    for (let more = 1; more < ofAll; more += 1)
      expect(await ask(`a${more}`, slow().work)).toMatchObject({ kind: 'register-import' });
    expect(await ask('zoe', slow().work)).toEqual(['JOB_BUSY']);
    expect(await ask('zoe', slow().work, 'verdict')).toMatchObject({ kind: 'verdict' });
  });

  test('of verdicts the oldest of an account gives way to a newer one, and no other account’s does', async () => {
    const { ask, idOf, find } = desk();
    const other = idOf(await ask('bob', slow().work, 'verdict'));
    const ids: string[] = [];
    for (let asked = 0; asked < 3; asked += 1) ids.push(idOf(await ask('alice', slow().work, 'verdict')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ids.map((id) => told(find('verdict', id, 'alice')))).toMatchObject([
      { state: 'failed', fault: { code: 'JOB_ENDED' } },
      { state: 'under-way' },
      { state: 'under-way' },
    ]);
    expect(told(find('verdict', other, 'bob'))).toMatchObject({ state: 'under-way' });
  });

  test('that is ended is forgotten, and makes room once it has let go', async () => {
    const { ask, idOf, find, end } = desk();
    const id = idOf(await ask('alice', slow().work));
    expect(end('register-import', id, 'alice')).toMatchObject({ ok: true });
    expect(told(find('register-import', id, 'alice'))).toBe('JOB_UNKNOWN');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await ask('alice', slow().work)).toMatchObject({ state: 'under-way' });
  });

  test('that breaks while nobody waits is a fault to who comes back; one that is refused says why', async () => {
    const { ask, idOf, find } = desk();
    const [broken, refused] = [slow(), slow()];
    const id = idOf(await ask('alice', broken.work));
    await broken.breaks();
    expect(told(find('register-import', id, 'alice'))).toMatchObject({ state: 'failed', fault: { code: 'JOB_BROKE' } });
    const next = idOf(await ask('alice', refused.work));
    const fault = { code: 'REGISTER_SHAPE', problem: { en: '', zh: '' }, remedy: { en: '', zh: '' }, retry: 'never' };
    await refused.end(fail([fault as Fault, fault as Fault]));
    expect(told(find('register-import', next, 'alice'))).toMatchObject({ state: 'failed', faults: [fault, fault] });
  });

  test('is kept for an hour after its end, and so many of it; what is under way is never forgotten', async () => {
    const { ask, idOf, find, wait } = desk();
    const [ended, going] = [slow(), slow()];
    const first = idOf(await ask('alice', ended.work));
    const stays = idOf(await ask('bob', going.work));
    await ended.end(ok({}));
    wait(JOB_KEPT_MS - 1);
    expect(told(find('register-import', first, 'alice'))).toMatchObject({ state: 'answered' });
    wait(1);
    expect(told(find('register-import', first, 'alice'))).toBe('JOB_UNKNOWN');
    const many: string[] = [];
    for (let count = 0; count <= JOBS_KEPT_MAX; count += 1) {
      const one = slow();
      many.push(idOf(await ask('alice', one.work)));
      await one.end(ok({}));
    }
    expect([many[0], many[1]].map((id) => told(find('register-import', id ?? '', 'alice')))).toMatchObject([
      'JOB_UNKNOWN',
      { state: 'answered' },
    ]);
    expect(told(find('register-import', stays, 'bob'))).toMatchObject({ state: 'under-way' });
  });

  test('ends with the process: nothing is known of it by the next one', async () => {
    const { ask, idOf, find, stop } = desk();
    const id = idOf(await ask('alice', slow().work));
    await stop();
    expect(told(find('register-import', id, 'alice'))).toBe('JOB_UNKNOWN');
    expect(told(desk().find('register-import', id, 'alice'))).toBe('JOB_UNKNOWN');
  });
});

test('a command comes back until it is done, shows how far it is, and is answered as if it had waited', async () => {
  const { ask, find } = desk();
  const { work, note, end } = slow();
  const seen: Progress[] = [];
  const patient = untilDone(
    async (_socket, method, path) => {
      if (method === 'POST') return { status: 200, body: { ...(await ask('alice', work)) } };
      expect(path).toBe('/v1/register-imports/job1?by=alice');
      return { status: 200, body: { ...(told(find('register-import', 'job1', 'alice')) as Job) } };
    },
    (job) => `/v1/register-imports/${job}?by=alice`,
    {
      note: (progress) => seen.push(progress),
      wait: async () => {
        if (seen.length === 1) note({ step: 'entering', share: 0.25 });
        else await end(ok({ entries: [] }));
      },
    },
  );
  expect(await patient('socket', 'POST', '/v1/registers/notice/import', {})).toEqual({
    status: 200,
    body: { entries: [] },
  });
  expect(seen).toEqual([
    { step: 'weighing', share: 0 },
    { step: 'entering', share: 0.25 },
  ]);
});
