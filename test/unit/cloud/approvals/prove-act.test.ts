import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askCloud } from '../../../../bin/up/request.ts';
import { monitoringRoutes } from '../../../../cloud/api/monitoring-routes.ts';
import { registerImportRoutes } from '../../../../cloud/api/register-import-routes.ts';
import { registerRoutes } from '../../../../cloud/api/register-routes.ts';
import { transferRoutes } from '../../../../cloud/api/transfer-routes.ts';
import { isSignedBy, matrixKey, publicKeyOf, type SignedAct, signAct } from '../../../../cloud/approvals/signed-act.ts';
import { openJobDesk } from '../../../../cloud/job-desk.ts';
import type { AlertWish } from '../../../../cloud/monitoring/act-on-alert.ts';
import type { Alert } from '../../../../cloud/monitoring/alert-book.ts';
import type { AuthorityRow } from '../../../../cloud/ports/transfer-register.ts';
import { standingAuthorities } from '../../../../cloud/registers/authority.ts';
import { ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { onSocket } from '../../../support/cloud/api/ask-route.ts';
import {
  alice,
  bob,
  door,
  type K,
  MATRIX,
  mallory,
  NOW,
  row,
  scratchDirectory,
} from '../../../support/cloud/approvals/act-door.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

describe('the word of a person over the socket', () => {
  test('is taken with their signature, once, and is in the log before it is acted upon', async () => {
    const here = await door(MATRIX);
    expect(await here.ask('alice', alice, NOW, { reason: 'why' })).toBe('let in');
    expect(here.asked).toEqual([{ by: 'alice', reason: 'why', isProved: true }]);
    expect(here.log).toMatchObject([{ kind: 'act-signed', actor: 'alice', document: { key: matrixKey(alice) } }]);
    expect(await here.ask('alice', alice, NOW, { reason: 'why' })).toBe('ACT_STALE');
    expect(await here.ask('bob', bob)).toBe('let in');
    // Whoever has the entry can check it without us.
    const { signature, key, ...signed } = here.log.map(({ document }) => document)[0] as Omit<SignedAct, 'account'> & {
      signature: string;
      key: string;
    };
    expect(isSignedBy({ account: 'alice', ...signed }, signature, key)).toBe(true);
  });

  test.each([
    ['without a signature', 'alice', undefined, NOW, 'ACT_UNSIGNED'],
    ['with the key of another', 'alice', bob, NOW, 'ACT_SIGNATURE'],
    ['with a key that nobody has', 'alice', mallory, NOW, 'ACT_SIGNATURE'],
    ['of an account without a key', 'keyless', mallory, NOW, 'ACT_KEYLESS'],
    ['of an account that nobody has', 'nobody', mallory, NOW, 'ACT_ACCOUNT'],
    ['signed five minutes ago', 'alice', alice, NOW - 300_000, 'let in'],
    ['signed before that', 'alice', alice, NOW - 300_001, 'ACT_STALE'],
    ['signed in five minutes', 'alice', alice, NOW + 300_000, 'let in'],
    ['signed after that', 'alice', alice, NOW + 300_001, 'ACT_STALE'],
  ] as const)('%s', async (_, by, key, at, expected) => {
    const here = await door(MATRIX);
    expect(await here.ask(by, key, at)).toBe(expected);
    const isIn = expected === 'let in';
    expect(here.asked).toHaveLength(isIn ? 1 : 0);
    expect(here.log.map(({ kind }) => kind)).toEqual([isIn ? 'act-signed' : 'act-refused']);
    expect(here.alerts).toHaveLength(isIn ? 0 : 1);
  });

  test('is not acted upon where it cannot be entered in the log', async () => {
    const here = await door(MATRIX, false, [], { isLogGone: true });
    expect(await here.ask('alice', alice)).toBe('LOG_UNAVAILABLE');
    expect(here.asked).toEqual([]);
  });

  test('given before a restart is no word after it: nobody remembers whether it was used', async () => {
    const here = await door(MATRIX, false, [], { startedAt: NOW - 60_000 });
    expect(await here.ask('alice', alice, NOW - 60_001)).toBe('ACT_STALE');
    expect(await here.ask('alice', alice, NOW - 60_000)).toBe('let in');
  });

  test('is not taken while more than can be remembered are fresh', async () => {
    const here = await door(MATRIX, false, [], { rememberedMax: 2 });
    const at = [0, 1, 2].map((ms) => here.ask('alice', alice, NOW - ms));
    expect((await Promise.all(at)).sort()).toEqual(['ACT_STALE', 'let in', 'let in']);
  });

  test('is for what was signed and nothing else', async () => {
    const here = await door(MATRIX);
    const digest = 'ab'.repeat(32);
    const at = new Date(NOW).toISOString();
    const act = { account: 'alice', act: 'POST /transfers/T-1/approvals', bodySha256: digest, at };
    const { signature } = signAct(act, alice);
    expect(isSignedBy(act, signature, matrixKey(alice))).toBe(true);
    for (const other of [
      { account: 'bob' },
      { act: 'POST /transfers/T-2/approvals' },
      { bodySha256: 'cd'.repeat(32) },
      { at: `${at} ` },
    ])
      expect(isSignedBy({ ...act, ...other }, signature, matrixKey(alice))).toBe(false);
    const sent = { by: 'alice', signed: { at, signature } };
    expect((await askCloud(here.socket, 'POST', '/v1/transfers/T-2/approvals', sent)).status).toBe(403);
    expect((await askCloud(here.socket, 'POST', '/v1/transfers/T-1/approvals', { ...sent, signed: 'x' })).status).toBe(
      403,
    );
    expect(here.asked).toEqual([]);
  });

  test.each([
    ['with the key of the account', MATRIX, 'alice', alice, 'let in', ['act-signed']],
    ['with that of one who approves', MATRIX, 'alice', bob, 'ACT_SIGNATURE', ['act-refused']],
    ['with none, in the name of one who has a key', MATRIX, 'alice', undefined, 'ACT_UNSIGNED', ['act-refused']],
    ['with none, in the name of one who has none', MATRIX, 'keyless', undefined, 'ACT_KEYLESS', ['act-refused']],
    ['with none, in the name of nobody', MATRIX, 'nobody', undefined, 'ACT_ACCOUNT', ['act-refused']],
    ['with none, while nobody has a key', [row('alice', 'p-1')], 'alice', undefined, 'let in', []],
    ['with none, without a matrix', [], 'alice', undefined, 'let in', []],
  ] as const)('a transfer is asked for %s', async (_, matrix, by, key, expected, kinds) => {
    const here = await door(matrix);
    expect(await here.ask(by, key, NOW, {}, '/v1/transfers')).toBe(expected);
    expect(here.asked).toEqual(expected === 'let in' ? [{ by, isProved: key !== undefined }] : []);
    expect(here.log.map(({ kind }) => kind)).toEqual(kinds);
  });

  test('while nobody has a key, an account at the console is nobody whom the socket may name', async () => {
    const here = await door([row('alice', 'p-1')], true);
    expect(await here.ask('alice', undefined, NOW, {}, '/v1/transfers')).toBe('ACT_KEYLESS');
    expect(here.asked).toEqual([]);
  });

  test('where two persons approve, a transfer is asked for with a signature from the start', () => {
    const signedWhere = (issue: string) =>
      transferRoutes({ permits: { issue } } as never, {} as never).find(({ method }) => method === 'POST')?.isSigned;
    expect(['on-approval', 'on-verdict', 'never'].map(signedWhere)).toEqual([true, 'with-keys', 'with-keys']);
  });

  test('an account in two rows is nobody, and a door without a matrix lets nobody in', async () => {
    const twice = await door([...MATRIX, row('alice', 'p-9', mallory)]);
    expect(await twice.ask('alice', alice)).toBe('ACT_ACCOUNT');
    expect(await (await door([])).ask('alice', alice)).toBe('ACT_ACCOUNT');
    const socket = join(scratchDirectory(), 's');
    await onSocket(socket, registerRoutes({ books: scratchRegisters() } as never));
    const { status } = await askCloud(socket, 'POST', '/v1/registers/recipient/x/confirmation', { by: 'alice' });
    expect(status).toBe(403);
  });

  test('a key is one of Ed25519, in one spelling', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(publicKeyOf(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'))).toBeUndefined();
    expect(publicKeyOf('no key')).toBeUndefined();
    expect(publicKeyOf(` ${matrixKey(alice)}`)).toBeUndefined();
    expect(publicKeyOf(matrixKey(alice))).toBeDefined();
  });
});

describe('a change that a second person confirms', () => {
  const profile = (rows: readonly AuthorityRow[]) => ({ authorities: rows });

  async function registers(rows: readonly AuthorityRow[], hasAccounts = false) {
    const shelf = scratchRegisters();
    shelf.add('processor', profile(rows));
    shelf.add('recipient');
    const books = { operations: shelf.operations, store: shelf.store };
    const jobs = openJobDesk({ clock: { now: () => NOW as Instant }, draw: () => 'job' });
    const routes = [...registerRoutes({ books } as never), ...registerImportRoutes(books, jobs)];
    const matrix = standingAuthorities(shelf.store.list('processor'));
    const made = await door(matrix, hasAccounts, routes);
    const body = (kind: string) => shelf.store.find(kind, kind === 'processor' ? 'example-motor' : 'battery-lab')?.body;
    const write = (kind: string, by: string, key: K | undefined, changes: object) =>
      made.ask(
        by,
        key,
        NOW,
        { act: 'replace', bodies: [{ ...body(kind), ...changes }] },
        `/v1/registers/${kind}/import`,
      );
    const confirm = (kind: string, id: string, by: string, key?: K, version = shelf.store.find(kind, id)?.version) =>
      made.ask(by, key, NOW + 1, { version }, `/v1/registers/${kind}/${id}/confirmation`);
    return { shelf, write, confirm };
  }

  test('wants both signatures: who names another as the writer is not two persons', async () => {
    const { shelf, write, confirm } = await registers(MATRIX);
    expect(await write('recipient', 'alice', undefined, { country: 'FR' })).toBe('let in');
    expect(await confirm('recipient', 'battery-lab', 'bob')).toBe('ACT_UNSIGNED');
    expect(await confirm('recipient', 'battery-lab', 'bob', bob)).toBe('REGISTER_WRITER');
    expect(shelf.store.find('recipient', 'battery-lab')?.pending).toBeDefined();
    expect(await write('recipient', 'alice', alice, { country: 'FR' })).toBe('let in');
    expect(await confirm('recipient', 'battery-lab', 'bob', bob)).toBe('ACT_STALE');
    const again = await registers(MATRIX);
    await again.write('recipient', 'alice', alice, { country: 'FR' });
    expect(await again.confirm('recipient', 'battery-lab', 'bob', bob)).toBe('let in');
    expect(again.shelf.store.find('recipient', 'battery-lab')).toMatchObject({
      confirmation: { wrote: 'alice', by: 'bob' },
    });
  });

  test('is the one that was looked at: the writer cannot put another in its place', async () => {
    const { shelf, write, confirm } = await registers(MATRIX);
    await write('recipient', 'alice', alice, { country: 'FR' });
    const seen = shelf.store.find('recipient', 'battery-lab')?.version;
    expect(shelf.replace('recipient', { country: 'US' }, 'alice')).toBe('fine');
    expect(await confirm('recipient', 'battery-lab', 'bob', bob, seen)).toBe('REGISTER_VERSION');
    expect(shelf.store.find('recipient', 'battery-lab')?.pending).toBeDefined();
  });

  test('keys come into a matrix of before by a profile, and by nothing else; with accounts they come from the console', async () => {
    const before = [row('alice', 'p-1'), row('bob', 'p-2')];
    const { write, confirm, shelf } = await registers(before);
    await write('recipient', 'alice', undefined, { country: 'FR' });
    expect(await confirm('recipient', 'battery-lab', 'bob')).toBe('ACT_KEYLESS');
    await write('processor', 'alice', undefined, profile(MATRIX));
    expect(await confirm('processor', 'example-motor', 'bob')).toBe('let in');
    expect(shelf.store.find('processor', 'example-motor')?.pending).toBeUndefined();
    const people = await registers(before, true);
    await people.write('processor', 'alice', undefined, profile(MATRIX));
    expect(await people.confirm('processor', 'example-motor', 'bob')).toBe('ACT_KEYLESS');
  });

  test('a second profile waits, so that nobody brings in persons who then confirm', async () => {
    const { shelf } = await registers(MATRIX);
    expect(shelf.add('processor', { id: 'other', authorities: [row('eve', 'p-8', mallory)] })).toBe('fine');
    expect(standingAuthorities(shelf.store.list('processor')).map(({ account }) => account)).not.toContain('eve');
  });
});

test.each([
  ['audit run', '/v1/audits/run', { month: '2026-10' }],
  ['audit sign', '/v1/audits/sign', { month: '2026-10', remark: 'two alerts, both closed' }],
  ['alert own', '/v1/alerts/acts', { id: 'a-7', act: 'own', owner: 'carol' }],
  ['alert acknowledge', '/v1/alerts/acts', { id: 'a-7', act: 'acknowledge' }],
  ['alert close', '/v1/alerts/acts', { id: 'a-7', act: 'close', reason: 'looked at' }],
] as const)(
  '%s: not unsigned, with the key of another, or twice; never in the name of the cloud',
  async (_, path, said) => {
    const done: string[] = [];
    const take = (_month: string, by: string) => ok(done.push(by) && {});
    const act = ({ by }: AlertWish) => ok((done.push(by) && {}) as Alert);
    const routes = monitoringRoutes({ runAudit: take, signAudit: take, act } as never);
    const { ask, alerts, log } = await door(MATRIX, false, routes);
    expect(await ask('alice', undefined, NOW, said, path)).toBe('ACT_UNSIGNED');
    expect(await ask('alice', bob, NOW, said, path)).toBe('ACT_SIGNATURE');
    expect(await ask('keyless', bob, NOW, said, path)).toBe('ACT_KEYLESS');
    expect(await ask('cloud', alice, NOW, said, path)).toBe('MONITORING_REQUEST');
    expect([done, alerts.length]).toEqual([[], 3]);
    expect(await ask('alice', alice, NOW, said, path)).toBe('let in');
    expect(await ask('alice', alice, NOW, said, path)).toBe('ACT_STALE');
    expect(done).toEqual(['alice']);
    expect(log.map(({ kind }) => kind)).toEqual([
      'act-refused',
      'act-refused',
      'act-refused',
      'act-signed',
      'act-refused',
    ]);
  },
);
