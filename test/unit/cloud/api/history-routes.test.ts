import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';

let world: ConsoleWorld;
let auditor: Awaited<ReturnType<ConsoleWorld['logIn']>>;
let custodian: Awaited<ReturnType<ConsoleWorld['logIn']>>;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
  await world.account('nora', ['auditor']);
  await world.account('kim', ['custodian']);
  auditor = await world.logIn('nora', undefined);
  custodian = await world.logIn('kim', undefined);
});
afterAll(async () => {
  for (const end of ends) await end();
});

interface History {
  readonly changes: readonly {
    readonly index: number;
    readonly act: string;
    readonly actor: string;
    readonly before: unknown;
    readonly after: { readonly version: number };
  }[];
  readonly next?: number;
}

test('changes of an entry are told newest first, by whom, a page at a time, and each reading is in the log', async () => {
  const body = { id: 'v-1', title: 't', identifiers: ['CVE-1'], severity: 'low', knownAt: '2026-11-01T00:00:00+08:00' };
  const whole = { ...body, platform: 'none', reportedDatasets: [], fixingRecipients: [] };
  expect((await custodian.send('POST', '/registers/vulnerability', { body: whole })).statusCode).toBe(200);
  for (const severity of ['medium', 'high'])
    expect((await custodian.send('PUT', '/registers/vulnerability', { body: { ...whole, severity } })).statusCode).toBe(
      200,
    );
  const before = world.entries('data-read').length;
  const path = '/registers/vulnerability/v-1/history';
  const first = (await auditor.get(`${path}?limit=2`)).json<History>();
  expect(first.changes.map(({ act, actor, after }) => [act, actor, after.version])).toEqual([
    ['replace', 'kim', 3],
    ['replace', 'kim', 2],
  ]);
  const last = (await auditor.get(`${path}?limit=2&before=${first.next}`)).json<History>();
  expect(last.changes.map(({ act, before: was }) => [act, was])).toEqual([['add', null]]);
  expect(last.next).toBeUndefined();
  expect(world.entries('data-read').length).toBe(before + 2);
});

test('who keeps the registers does not read who changed what of those who may read', async () => {
  for (const path of ['/registers/principal/nora/history', `/registers/principal/nora/documents/${'0'.repeat(64)}`])
    expect((await custodian.get(path)).statusCode, path).toBe(403);
  expect((await auditor.get('/registers/principal/nora/history')).json<History>().changes).toHaveLength(1);
});

test('of an entry that is not there nothing is told', async () => {
  expect((await auditor.get('/registers/notice/none/history')).json()).toEqual({ changes: [] });
});
