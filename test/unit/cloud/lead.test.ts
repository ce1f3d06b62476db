import { describe, expect, test } from 'vitest';
import { leadLost } from '../../../cloud/adapters/lead-lost.ts';
import { asLeader, bothOf } from '../../../cloud/lead.ts';
import type { Lead, Leadership } from '../../../cloud/ports/leadership.ts';
import { ok } from '../../../proto/words/result.ts';

const never = new Promise<never>(() => undefined);
const done = Promise.resolve();

/** Answers one after the other, then the last one again. */
function leadership(...answers: readonly (Lead | undefined | Error)[]): Leadership {
  return patient(0, ...answers);
}

function patient(failuresMax: number, ...answers: readonly (Lead | undefined | Error)[]): Leadership {
  let asked = 0;
  return {
    failuresMax,
    take: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

function surroundings(stopRequested: Promise<void> = never) {
  const told: unknown[] = [];
  const tell = (one: unknown): void => {
    told.push(one);
  };
  return { told, around: { err: tell, fault: tell, report: tell, stopRequested } };
}

function lead(lost: Lead['lost'] = never) {
  let releases = 0;
  const release = async (): Promise<void> => {
    releases += 1;
  };
  return { lead: { isHeld: () => true, lost, release }, releases: () => releases };
}

const unreachable = async (): Promise<never> => {
  throw new Error('worked without leading');
};

test('who leads works, and lets go when the work is through', async () => {
  const { lead: own, releases } = lead();
  const outcome = await asLeader(leadership(own), { role: 'all', standsBy: false }, surroundings().around, async () => {
    expect(releases()).toBe(0);
    return ok(undefined);
  });
  expect([outcome.ok, releases()]).toEqual([true, 1]);
});

test('work that throws lets go too', async () => {
  const { lead: own, releases } = lead();
  const work = asLeader(leadership(own), { role: 'all', standsBy: false }, surroundings().around, async () => {
    throw new Error('the disk');
  });
  await expect(work).rejects.toThrow('the disk');
  expect(releases()).toBe(1);
});

test('a second process does nothing: a fault, unless it stands by', async () => {
  const outcome = await asLeader(
    leadership(undefined),
    { role: 'all', standsBy: false },
    surroundings().around,
    unreachable,
  );
  expect(outcome).toMatchObject({ ok: false, fault: { code: 'LEADER_EXISTS' } });
});

test('one that stands by says so, and leads when the other has let go', async () => {
  const { told, around } = surroundings();
  const { lead: own } = lead();
  let hasWorked = false;
  const outcome = await asLeader(
    leadership(undefined, undefined, own),
    { role: 'api', standsBy: true },
    around,
    async () => {
      hasWorked = true;
      return ok(undefined);
    },
  );
  expect([outcome.ok, hasWorked]).toEqual([true, true]);
  expect(told.slice(0, 2)).toEqual([
    'cloud: standing by: another process leads',
    { role: 'cloud', part: 'api', standing: 'by' },
  ]);
});

test('asked to stop while it stands by, it ends without having led', async () => {
  const outcome = await asLeader(
    leadership(undefined),
    { role: 'all', standsBy: true },
    surroundings(done).around,
    unreachable,
  );
  expect(outcome.ok).toBe(true);
});

test.each([[[new Error('no such directory')]], [[undefined, new Error('the network')]]])(
  'where nobody can say who leads, nobody leads by it',
  async (answers) => {
    const asked = asLeader(leadership(...answers), { role: 'all', standsBy: true }, surroundings().around, unreachable);
    expect(await asked).toMatchObject({ ok: false, fault: { code: 'LEADER_UNKNOWN' } });
  },
);

test('a lock that is lost ends the work, and that is a fault', async () => {
  const { lead: own, releases } = lead(Promise.resolve(leadLost('file')));
  const outcome = await asLeader(
    leadership(own),
    { role: 'all', standsBy: false },
    surroundings().around,
    async ({ lost }) => {
      await lost;
      return ok(undefined);
    },
  );
  expect(outcome).toMatchObject({ ok: false, fault: { code: 'LEAD_LOST' } });
  expect(releases()).toBe(1);
});

test('a server that is away for a while ends nobody who stands by, and not for ever', async () => {
  const { told, around } = surroundings();
  const { lead: own } = lead();
  const away = new Error('the network');
  const worked = await asLeader(patient(2, away, away, own), { role: 'api', standsBy: true }, around, async () =>
    ok(undefined),
  );
  expect(worked.ok).toBe(true);
  expect(told).toContainEqual(expect.objectContaining({ code: 'LEADER_UNKNOWN' }));
  const gaveUp = await asLeader(patient(2, away), { role: 'api', standsBy: true }, around, unreachable);
  expect(gaveUp).toMatchObject({ ok: false, fault: { code: 'LEADER_UNKNOWN' } });
});

test('who stands by opens its door once, and closes it before it leads', async () => {
  const acts: string[] = [];
  const { lead: own } = lead();
  const whileStandingBy = async () => {
    acts.push('open');
    return async () => {
      acts.push('closed');
    };
  };
  await asLeader(
    leadership(undefined, undefined, own),
    { role: 'api', standsBy: true },
    { ...surroundings().around, whileStandingBy },
    async () => {
      acts.push('leads');
      return ok(undefined);
    },
  );
  expect(acts).toEqual(['open', 'closed', 'leads']);
});

describe('two locks as one', () => {
  test('without the second the first is given back, also where nobody knows', async () => {
    const { lead: own, releases } = lead();
    expect(await bothOf(leadership(own), leadership(undefined)).take()).toBeUndefined();
    await expect(bothOf(leadership(own), leadership(new Error('the network'))).take()).rejects.toThrow('the network');
    expect(releases()).toBe(2);
    expect(await bothOf(leadership(undefined), leadership(new Error('not asked'))).take()).toBeUndefined();
  });

  test('both are held until one is lost, and both are let go', async () => {
    const [one, other] = [lead(), lead(Promise.resolve(leadLost('database', 'why')))];
    const both = await bothOf(leadership(one.lead), leadership({ ...other.lead, isHeld: () => false })).take();
    expect(both?.isHeld()).toBe(false);
    expect(await both?.lost).toMatchObject({ code: 'LEAD_LOST' });
    await both?.release();
    expect([one.releases(), other.releases()]).toEqual([1, 1]);
  });
});
