import { generateKeyPairSync } from 'node:crypto';
import { assert, expect, test } from 'vitest';
import { vouch } from '../../cloud/accounts/vouch.ts';
import { recordChange } from '../../cloud/registers/record-change.ts';
import { type ConsoleWorld, consoleWorld, PASSWORD } from '../support/cloud/api/console-world.ts';
import { BODIES } from '../support/cloud/registers/entries.ts';

// Somebody who may give accounts new credentials. docs/insider.md has the table.

const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const row = (account: string, may: readonly string[], over: object = {}) => ({
  ...{ account, person: `p-${account}`, may, since: '2026-01-01' },
  ...over,
});

/** Two approvers and an auditor in the matrix; an administrator who stands in none, and one who does. */
async function installed(): Promise<ConsoleWorld> {
  const world = await consoleWorld({ secondFactor: 'offered' });
  for (const name of ['bob', 'carol', 'dora']) await world.account(name, ['approver', 'custodian']);
  for (const name of ['boss', 'adam']) await world.account(name, ['administrator']);
  const authorities = [
    row('bob', ['approve']),
    row('carol', ['approve']),
    row('dora', ['approve'], { key }),
    row('adam', ['request']),
    row('erin', ['approve'], { key }),
  ];
  const body = { ...BODIES['processor'], authorities };
  assert(recordChange({ act: 'add', kind: 'processor', body }, 'test', world.registers.books).ok);
  return world;
}

/** Opens the link to new credentials oneself, as whoever made it can. */
async function takeOver(world: ConsoleWorld, by: string, name: string) {
  const { link } = (await (await world.logIn(by)).send('POST', `/accounts/${name}/reset`)).json<{ link: string }>();
  return open(world, name, link);
}

async function open(world: ConsoleWorld, name: string, link: string) {
  const payload = { token: link.split('#')[1], password: PASSWORD };
  const headers = { 'x-tongguan-csrf': 'none' };
  expect((await world.ask({ method: 'POST', url: '/api/v1/invitation', headers, payload })).statusCode).toBe(200);
  return world.logIn(name);
}

const approval = (session: Awaited<ReturnType<ConsoleWorld['logIn']>>) =>
  session.send('POST', '/transfers/t1/approvals');

test('22. resets both approvers and approves as both: neither changes anything, and each link is alerted', async () => {
  const world = await installed();
  const before = await approval(await world.logIn('bob'));
  expect(before.json().code).not.toBe('ACCOUNT_UNVOUCHED');
  for (const name of ['bob', 'carol']) {
    const taken = await takeOver(world, 'boss', name);
    expect((await approval(taken)).json()).toMatchObject({ status: 403, code: 'ACCOUNT_UNVOUCHED' });
    const confirmation = await taken.send('POST', '/registers/recipient/lab/confirmation', { seen: 1 });
    expect(confirmation.json().code).toBe('ACCOUNT_UNVOUCHED');
    expect((await taken.send('POST', `/accounts/${name}/voucher`)).json().code).toBe('ACCOUNT_UNVOUCHED');
    expect((await taken.get('/transfers')).statusCode).toBe(200);
    expect((await taken.send('POST', '/emergency/stop', { reason: 'x' })).json().code).not.toBe('ACCOUNT_UNVOUCHED');
  }
  // One cannot answer for the other, and who stands in no matrix answers for nobody.
  expect((await (await world.logIn('bob')).send('POST', '/accounts/carol/voucher')).json().code).toBe(
    'ACCOUNT_UNVOUCHED',
  );
  expect((await (await world.logIn('boss')).send('POST', '/accounts/bob/voucher')).json().code).toBe('ACCOUNT_VOUCHER');
  const links = [...world.logs.alerts.entries()].map(({ leaf }) => JSON.parse(Buffer.from(leaf.document).toString()));
  expect(links.filter(({ code }) => code === 'ACCOUNT_LINK')).toMatchObject([
    { account: 'bob', by: 'boss' },
    { account: 'carol', by: 'boss' },
  ]);
});

test('22. two others of the matrix answer for it, whoever reset it among them; one alone does not, under two accounts neither', async () => {
  const world = await installed();
  const adam = await world.logIn('adam');
  const bob = await takeOver(world, 'adam', 'bob');
  expect((await adam.send('POST', '/accounts/bob/voucher')).json().hands).toMatchObject([{ account: 'adam' }]);
  expect((await approval(bob)).json().code).toBe('ACCOUNT_UNVOUCHED');
  // Those of the matrix see who waits, and whether their word would count; nobody else does.
  const seen = async (name: string) => (await (await world.logIn(name)).get('/vouchers')).json().waiting;
  const waits = { name: 'bob', person: 'p-bob', hands: [{ account: 'adam', person: 'p-adam' }] };
  for (const [name, mayAnswer] of [
    ['carol', true],
    ['adam', false],
    ['bob', false],
  ] as const) {
    expect(await seen(name), name).toEqual([{ ...waits, mayAnswer }]);
  }
  expect(await seen('boss')).toEqual([]);
  expect((await bob.get('/session')).json()).toMatchObject({ waitsForVoucher: true });
  expect((await (await world.logIn('carol')).send('POST', '/accounts/bob/voucher')).json()).not.toHaveProperty('hands');
  expect((await approval(bob)).json().code).not.toBe('ACCOUNT_UNVOUCHED');
  expect((await bob.get('/session')).json()).toMatchObject({ waitsForVoucher: false });
  expect(await seen('carol')).toEqual([]);
  expect(world.entries('account').at(-1)).toMatchObject({ actor: 'carol', act: 'vouched', account: 'bob' });
});

test('22. over the socket anybody could be named: who reset it there answers for nothing, and the key of the matrix does', async () => {
  const world = await installed();
  const { resetAccount } = await import('../../cloud/accounts/administer.ts');
  const reset = resetAccount('dora', { account: 'adam', isProved: false }, world.accounts);
  assert(reset.ok);
  expect(reset.value.account.hands).toEqual([]);
  const dora = await open(world, 'dora', `#${reset.value.token}`);
  expect(vouch('dora', 'dora', false, world.accounts)).toMatchObject({ ok: false, fault: { code: 'ACCOUNT_VOUCHER' } });
  expect((await approval(dora)).json().code).toBe('ACCOUNT_UNVOUCHED');
  expect(vouch('dora', 'dora', true, world.accounts).ok).toBe(true);
  expect((await approval(dora)).json().code).not.toBe('ACCOUNT_UNVOUCHED');
});

test('22. an account made for somebody who acts by a key is theirs only once the key says so', async () => {
  const world = await installed();
  world.enter('erin');
  const boss = await world.logIn('boss');
  const made = await boss.send('POST', '/accounts', { name: 'erin', roles: ['approver'] });
  const erin = await open(world, 'erin', made.json<{ link: string }>().link);
  expect((await approval(erin)).json().code).toBe('ACCOUNT_UNVOUCHED');
  expect(vouch('erin', 'erin', true, world.accounts).ok).toBe(true);
  expect((await approval(erin)).json().code).not.toBe('ACCOUNT_UNVOUCHED');
});
