import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { askCloud } from '../../../../bin/up/request.ts';
import { argon2Passwords } from '../../../../cloud/adapters/argon2-passwords.ts';
import { oneTimeCodes } from '../../../../cloud/adapters/otp-codes.ts';
import { sqliteAccounts } from '../../../../cloud/adapters/sqlite-accounts.ts';
import { accountRoutes } from '../../../../cloud/api/account-routes.ts';
import { type AccountOrder, accountCommand } from '../../../../cloud/cli/account.command.ts';
import type { Principal } from '../../../../cloud/registers/kinds/principals.ts';
import { ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { onSocket } from '../../../support/cloud/api/ask-route.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z') as Instant;

/** Accounts of a cloud behind a real socket, and the command that asks it. */
async function counter() {
  const layout = layoutOf(scratchDirectory());
  const config = layout.config('cloud.yaml');
  for (const file of [config, layout.apiSocket]) mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(config, cloudYaml(layout, 1, NOW));
  const log: { kind: string; actor: string; document: unknown }[] = [];
  let drawn = 0;
  const store = sqliteAccounts(':memory:');
  const accounts = {
    ...{
      store,
      passwords: argon2Passwords({ memoryKib: 8, passes: 1 }),
      codes: oneTimeCodes,
      clock: { now: () => NOW },
    },
    box: { seal: (_: string, secret: Uint8Array) => secret, open: (_: string, sealed: Uint8Array) => sealed },
    draw: (bytes: number) => {
      drawn += 1;
      return String(drawn).padStart(2 * bytes, '0');
    },
    operations: {
      append: (entries: readonly (typeof log)[number][]) => {
        log.push(...entries);
        return ok({ firstIndex: 0, leafHashes: [] });
      },
    },
    alert: () => undefined,
    matrix: () => [],
    principalOf: (name: string) => (name === 'nobody' ? undefined : ({ person: `p-${name}` } as Principal)),
    secondFactor: 'required',
  } as const;
  await onSocket(layout.apiSocket, accountRoutes({ accounts, linkOf: (token) => `https://here/setup#${token}` }));
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const io = {
    ask: askCloud,
    environment: {},
    out: (line: string) => void told.out.push(line),
    err: (line: string) => void told.err.push(line),
  };
  const act = (order: AccountOrder, json = false) => accountCommand({ config, json, language: 'en', order }, io);
  return { act, told, log };
}

test('accounts are made, listed, given roles, disabled and reset over the socket, each with who did it', async () => {
  const { act, told, log } = await counter();
  const by = 'root';
  expect(await act({ act: 'add', name: 'ann', roles: ['viewer'], subject: undefined, by })).toBe(0);
  expect(told.out[0]).toBe('ann  invited  p-ann  viewer');
  expect(told.out[1]).toMatch(/^link, good once and for a day: https:\/\/here\/setup#0+1$/);
  expect(await act({ act: 'role', name: 'ann', roles: ['auditor'], by })).toBe(0);
  expect(await act({ act: 'disable', name: 'ann', by })).toBe(0);
  expect(await act({ act: 'reset', name: 'ann', by }, true)).toBe(0);
  expect(JSON.parse(told.out.at(-1) ?? '')).toMatchObject({ account: { state: 'disabled' }, link: expect.any(String) });
  expect(await act({ act: 'list' })).toBe(0);
  expect(told.out.at(-1)).toBe('ann  disabled  p-ann  auditor');
  expect(log.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual(Array(4).fill('account root'));
});

test('what cannot be is said, with the exit status of its kind', async () => {
  const { act, told } = await counter();
  expect(await act({ act: 'add', name: 'nobody', roles: ['viewer'], subject: undefined, by: 'root' })).toBe(1);
  expect(told.err.join()).toContain('ACCOUNT_ENTRY');
  expect(await act({ act: 'add', name: 'ann', roles: ['king'], subject: undefined, by: 'root' })).toBe(2);
  expect(await act({ act: 'enable', name: 'ghost', by: 'root' })).toBe(1);
  expect(told.err.join()).toContain('ACCOUNT_UNKNOWN');
});
