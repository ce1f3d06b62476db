import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { approvalRoutes } from '../../../../cloud/api/approval-routes.ts';
import { APPROVAL_WAIT_MS } from '../../../../cloud/approvals/four-eyes.ts';
import { assert } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { approvalGate, Killed, MATRIX, row } from '../../../support/cloud/approval-gate.ts';

const code = (outcome: { readonly ok: boolean; readonly fault?: { readonly code: string } }) => outcome.fault?.code;

describe('two other persons approve', () => {
  test('nothing is reserved or cleared before the second; then the transfer is decided anew, reserved and cleared', async () => {
    const gate = approvalGate();
    expect(await gate.ask()).toMatchObject({ ok: true, value: { state: 'awaiting-approval' } });
    expect(gate.approve('bob')).toMatchObject({ ok: true, value: { state: 'awaiting-approval', approvals: 1 } });
    expect([gate.counted(), existsSync(gate.at('outbox', 't1'))]).toEqual([0, false]);
    expect(gate.approve('carol')).toMatchObject({ ok: true, value: { state: 'permitted', approvals: 2 } });
    expect([gate.counted(), existsSync(gate.at('outbox', 't1', 'permit.bin'))]).toEqual([5, true]);
    expect(gate.kinds()).toEqual(['verdict', 'approval', 'approval', 'verdict', 'permit']);
    const permit = gate.log.at(-1)?.document;
    expect(permit).toMatchObject({ approvals: [2, 3], archive: { manifestSha256: '07'.repeat(32) } });
    expect(permit).toMatchObject({ archive: { documents: [{ id: 'p' }, { id: 'n' }] } });
    expect(gate.findings()).toEqual([]);
  });

  test.each([
    ['the person who asked', 'alice', 'APPROVAL_OWN_REQUEST'],
    ['the same person under another account', 'alice-2', 'APPROVAL_OWN_REQUEST'],
    ['one who approved already', 'bob', 'APPROVAL_SAME_PERSON'],
    ['one who approved already, under another account and spelling', 'bob-2', 'APPROVAL_SAME_PERSON'],
    ['nobody whom the profile knows', 'mallory', 'APPROVAL_ACCOUNT'],
  ])('%s is refused, and that is logged', async (_, by, expected) => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    expect(code(gate.approve(by))).toBe(expected);
    expect(gate.log.at(-1)).toMatchObject({ kind: 'approval-refused', actor: by, document: { code: expected } });
    expect(gate.state()).toBe('awaiting-approval');
  });

  test('who may not ask is refused before anything is built; so is everybody without a profile', async () => {
    const gate = approvalGate();
    expect(code(await gate.ask('bob'))).toBe('APPROVAL_AUTHORITY');
    gate.setMatrix(undefined);
    expect(code(await gate.ask())).toBe('APPROVAL_NO_PROFILE');
    expect([gate.kinds(), gate.state()]).toEqual([['approval-refused', 'approval-refused'], undefined]);
  });

  test('an approval names the parcel that was looked at, and goes to no other', async () => {
    const gate = approvalGate();
    await gate.ask();
    const routes = approvalRoutes(gate.parts);
    const approve = routes.find(({ path }) => path === '/transfers/:id/approvals');
    assert(approve !== undefined, 'there is such a route');
    const answered = async (asked: object) => {
      const { status, body } = await approve.respond({ params: { id: 't1' }, query: {}, body: asked, by: 'bob' });
      return [status, (body as { fault?: { code: string } }).fault?.code];
    };
    expect(await answered({})).toEqual([400, 'APPROVAL_INVALID']);
    expect(await answered({ manifestSha256: '08'.repeat(32) })).toEqual([409, 'APPROVAL_OTHER_PARCEL']);
    expect(gate.log.at(-1)).toMatchObject({ kind: 'approval-refused', document: { code: 'APPROVAL_OTHER_PARCEL' } });
    expect(await answered({ manifestSha256: '07'.repeat(32) })).toEqual([200, undefined]);
  });

  test('an account that stands in the matrix twice is nobody', async () => {
    const gate = approvalGate();
    gate.setMatrix([...MATRIX, row('bob', 'p-dora', 'approve')]);
    await gate.ask();
    expect(code(gate.approve('bob'))).toBe('APPROVAL_ACCOUNT');
  });
});

test('the permit lists the documents it rests on, with version and attachments', async () => {
  const attachments = [{ name: 'pipia.pdf', sha256: 'ab'.repeat(32), bytes: 3 }];
  const entry = { kind: 'pipia', id: 'P-1', version: 2, isWithdrawn: false, body: { id: 'P-1' }, attachments };
  const gate = approvalGate({
    registers: { find: (kind, id) => (`${kind}/${id}` === 'pipia/P-1' ? entry : undefined) },
  });
  const onFile = gate.parts.onFile.map((one) => (one.kind === 'pipia' ? { ...one, id: 'pipia/P-1' } : one));
  Object.assign(gate.parts, { onFile });
  await gate.ask();
  gate.approve('bob');
  gate.approve('carol');
  expect(gate.log.at(-1)?.document).toMatchObject({
    archive: {
      documents: [{ id: 'pipia/P-1', version: 2, attachments: [{ name: 'pipia.pdf', sha256: 'ab'.repeat(32) }] }, {}],
    },
  });
});

describe('what changes in between', () => {
  const without = (account: string) => MATRIX.filter((one) => one.account !== account);

  test('a role given after the request counts for nothing, and one taken strikes out what was given under it', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.setMatrix([...MATRIX, row('dora', 'p-dora', 'approve')]);
    expect(code(gate.approve('dora'))).toBe('APPROVAL_ROLE_CHANGED');
    gate.approve('bob');
    gate.setMatrix([...without('bob'), row('bob', 'p-bob', 'approve', 'resume')]);
    expect(gate.approve('carol')).toMatchObject({ value: { state: 'awaiting-approval', approvals: 1 } });
    expect(gate.kinds()).toContain('approval-void');
  });

  test('a requester whose row changed could be anybody', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.setMatrix([...without('alice'), row('alice', 'p-zoe', 'request')]);
    expect(code(gate.approve('bob'))).toBe('APPROVAL_REQUESTER_CHANGED');
  });

  test('a withdrawn profile lets nobody approve or reject', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.setMatrix(undefined);
    expect([code(gate.approve('bob')), code(gate.reject('bob'))]).toEqual([
      'APPROVAL_NO_PROFILE',
      'APPROVAL_NO_PROFILE',
    ]);
  });

  test('a basis that fell before the second approval withholds, whoever approves', async () => {
    const onFile: unknown[] = [];
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    Object.assign(gate.parts, { onFile });
    expect(gate.approve('carol')).toMatchObject({ value: { state: 'withheld', verdict: { decision: 'withhold' } } });
    expect([gate.state(), gate.counted(), existsSync(gate.at('staging', 't1'))]).toEqual(['withheld', 0, false]);
  });

  test('a dataset or recipient that is defined otherwise now ends it', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    Object.assign(gate.parts, { recipients: gate.parts.recipients.map((one) => ({ ...one, country: 'US' })) });
    expect(code(gate.approve('carol'))).toBe('APPROVAL_PARCEL_GONE');
    expect(gate.state()).toBe('failed');
  });

  test.each(['never', 'on-verdict'] as const)(
    'a cloud that was set to issue %s clears nothing on approvals',
    async (issue) => {
      const gate = approvalGate();
      await gate.ask();
      gate.approve('bob');
      Object.assign(gate.parts, { permits: { ...gate.parts.permits, issue } });
      expect(code(gate.approve('carol'))).toBe('APPROVAL_STATE');
      gate.look();
      expect(gate.state()).toBe('awaiting-approval');
    },
  );
});

describe('the end of waiting', () => {
  test('one rejection ends it, by anybody who may approve', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    expect(gate.reject('carol')).toMatchObject({ ok: true, value: { state: 'rejected' } });
    expect(code(gate.approve('carol'))).toBe('APPROVAL_STATE');
    expect([gate.state(), existsSync(gate.at('staging', 't1'))]).toEqual(['rejected', false]);
  });

  test.each([
    ['one millisecond before its time it waits', APPROVAL_WAIT_MS - 1, 'awaiting-approval'],
    ['at its time it lapses', APPROVAL_WAIT_MS, 'lapsed'],
  ])('%s', async (_, ms, state) => {
    const gate = approvalGate();
    await gate.ask();
    gate.world.now = (gate.world.now + ms) as Instant;
    gate.look();
    expect([gate.state(), existsSync(gate.at('staging', 't1'))]).toEqual([state, state !== 'lapsed']);
    expect(gate.approve('bob').ok).toBe(state !== 'lapsed');
  });
});

test('killed at any step, it is cleared with two approvals on record or not at all, and persons are held only with a permit', async () => {
  let kills = 0;
  for (let step = 0; step < 40; step += 1) {
    const gate = approvalGate();
    gate.world.killAt = step;
    try {
      await gate.ask();
      gate.approve('bob');
      gate.approve('carol');
    } catch (cause) {
      if (!(cause instanceof Killed)) throw cause;
      kills += 1;
    }
    const wasKilled = gate.writes() > step;
    gate.restart();
    const isCleared = existsSync(gate.at('outbox', 't1'));
    expect(gate.counted()).toBe(isCleared ? 5 : 0);
    expect(gate.findings()).toEqual([]);
    expect(isCleared).toBe(gate.state() === 'permitted');
    if (gate.state() === 'awaiting-approval') {
      // Who heard no answer approves again; what counted already counts once.
      for (const by of ['bob', 'carol']) gate.approve(by);
      expect(gate.state()).toBe('permitted');
    }
    if (!wasKilled) break;
  }
  expect(kills).toBeGreaterThan(8);
});

describe('a basis that falls takes its permits with it', () => {
  async function permitted(change: 'register' | 'time' = 'register') {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    gate.approve('carol');
    gate.look();
    expect(gate.state()).toBe('permitted');
    Object.assign(gate.parts, { onFile: gate.parts.onFile.filter(({ kind }) => kind !== 'pipia') });
    // What lies beside the registers is looked at once a minute, the registers at once.
    gate.look();
    expect(gate.state()).toBe('permitted');
    if (change === 'register') gate.world.registersAt += 1;
    else gate.world.now = (gate.world.now + 60_000) as Instant;
    gate.look();
    return gate;
  }
  const returned = (gate: ReturnType<typeof approvalGate>, document: object) =>
    writeFileSync(gate.at('returns', 't1.json'), JSON.stringify({ transferId: 't1', ...document }));

  test.each(['register', 'time'] as const)(
    'by %s: the exporter is told first, the log says which rule fell, persons wait',
    async (change) => {
      const gate = await permitted(change);
      expect([gate.state(), existsSync(gate.at('outbox', 't1.revoked')), gate.counted()]).toEqual(['revoked', true, 5]);
      expect(gate.log.at(-1)).toMatchObject({ kind: 'revocation', document: { because: 'demand-unmet' } });
      expect(gate.alerts).toEqual([
        { code: 'PERMIT_REVOKED', transferId: 't1', because: 'demand-unmet', rules: ['PIPIA-1'], missing: ['pipia'] },
      ]);
    },
  );

  test.each([
    ['nothing had left', { outcome: 'refused', attempts: 0 }, 'revoked', 0],
    ['something may have left', { outcome: 'refused', attempts: 1 }, 'revoked', 5],
    ['all of it had arrived before', { outcome: 'delivered', attempts: 1 }, 'delivered', 5],
  ])('%s', async (_, document, state, counted) => {
    const gate = await permitted();
    returned(gate, document);
    gate.settle();
    expect([gate.state(), gate.counted(), existsSync(gate.at('outbox', 't1.revoked'))]).toEqual([
      state,
      counted,
      false,
    ]);
  });

  test('a crash between the mark and the log is written down at the next start', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    gate.approve('carol');
    gate.parts.border.revoke('t1');
    returned(gate, { outcome: 'refused', attempts: 0 });
    gate.settle();
    expect(gate.state()).toBe('permitted');
    gate.restart();
    gate.settle();
    expect([gate.state(), gate.counted(), gate.kinds().at(-2)]).toEqual(['revoked', 0, 'revocation']);
  });

  test('its own reservation does not count against it', async () => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    gate.approve('carol');
    expect(gate.parts.transfers.project({ year: 2026, kind: 'plain', persons: [] }, 'all', 't1').before).toBe(0);
    expect(gate.counted()).toBe(5);
  });
});

describe('the log shows it', () => {
  test.each(['approval', 'register'])('a permit without its entry `%s` is found', async (missing) => {
    const gate = approvalGate();
    await gate.ask();
    gate.approve('bob');
    gate.approve('carol');
    const at = gate.log.findIndex(({ kind }) => kind === missing);
    // Another entry in its place, so that every index stays.
    const entries = gate.log.with(at, { kind: 'other', transferId: '', actor: 'x', document: {} });
    expect(gate.findings(entries)).toEqual(['permit-without-approvals']);
  });
});
