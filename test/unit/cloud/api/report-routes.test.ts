import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { afterAll, assert, beforeAll, expect, test, vi } from 'vitest';
import type { Job, JobUnderWay } from '../../../../cloud/ports/job-desk.ts';
import { draftThread } from '../../../../cloud/reporting/draft-thread.ts';
import { type Draft, makeDraft } from '../../../../cloud/reporting/make-draft.ts';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const WISH = { kind: 'annual', from: '2026-01-01', until: '2026-12-31', language: 'both' };

let world: ConsoleWorld;
let carl: Awaited<ReturnType<ConsoleWorld['logIn']>>;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
  for (const name of ['carl', 'cora']) await world.account(name, ['custodian']);
  carl = await world.logIn('carl');
});
afterAll(async () => {
  for (const end of ends) await end();
});

/** Asks for a draft and waits for its end. */
async function draft({ send, get } = carl, wish: object = WISH): Promise<Job> {
  const asked = await send('POST', '/reports', wish);
  expect(asked.statusCode, asked.body).toBe(200);
  const { job } = asked.json<JobUnderWay>();
  return vi.waitUntil(
    async () => {
      const one = (await get(`/reports/${job}`)).json<Job>();
      return one.state === 'under-way' ? undefined : one;
    },
    { timeout: 60_000, interval: 20 },
  );
}

test('a draft is asked for as a job, told as JSON, and given as the files that it names; who asked is in the log', async () => {
  const from = world.end();
  const one = await draft();
  assert(one.state === 'answered', JSON.stringify(one));
  const told = one.outcome as Draft;
  expect(told).toMatchObject({ ...WISH, madeOn: '2026-11-22', transfers: 0 });
  expect(told.document.blocks.filter(({ block }) => block === 'missing')).toHaveLength(told.missing);
  expect(told.log.entries).toBeGreaterThan(0);
  for (const { form, bytes, sha256 } of told.files) {
    const file = await carl.get(`/reports/${one.job}/document?form=${form}`);
    expect([file.statusCode, file.rawPayload.length]).toEqual([200, bytes]);
    expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(sha256);
    expect(file.headers).toMatchObject({
      'content-disposition': `attachment; filename="report-annual-2026-01-01-2026-12-31.${form}"`,
      'cache-control': 'no-store',
    });
  }
  const text = await carl.get(`/reports/${one.job}/document?form=md`);
  expect(text.body).toMatch(/^# 汽车数据安全管理情况年度报告（草稿） \/ Draft of the annual report/);
  const detail = { kind: 'annual', from: WISH.from, until: WISH.until };
  expect(world.entries('read', from)).toMatchObject([{ actor: 'carl', reading: 'reports', command: 'report', detail }]);
  expect(world.entries('read-ended', from)).toMatchObject([
    { actor: 'carl', detail: { ...detail, files: told.files } },
  ]);
});

test('a draft is nobody else’s, and gone with its job', async () => {
  const { job } = await draft();
  const cora = await world.logIn('cora');
  const path = `/reports/${job}`;
  for (const answer of [
    await cora.get(path),
    await cora.get(`${path}/document?form=md`),
    await cora.send('DELETE', path),
  ])
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'JOB_UNKNOWN']);
  expect((await cora.get('/reports')).json()).toEqual({ jobs: [] });
  expect((await carl.send('DELETE', path)).statusCode).toBe(200);
  expect((await carl.get(`${path}/document?form=md`)).json().code).toBe('JOB_UNKNOWN');
});

test.each([
  [{ ...WISH, kind: 'inspection' }],
  [{ ...WISH, from: '2027-01-01' }],
  [{ ...WISH, from: '2010-01-01' }],
  [{ ...WISH, language: 'de' }],
  [{ ...WISH, out: '/tmp/elsewhere' }],
])('%o is no draft', async (wish) => {
  expect((await carl.send('POST', '/reports', wish)).statusCode).toBe(400);
});

test('a thread makes the same draft and says how far it is; one that is ended, or dies, gives a fault', async () => {
  const make = draftThread(pathToFileURL(compiledProgram('cloud/reporting/draft-worker.ts')));
  const job = world.draft({ ...WISH, kind: 'contract' });
  const steps = new Set<string>();
  const made = await make(job, ({ step }) => void steps.add(step), new AbortController().signal);
  assert(made.ok, JSON.stringify(made));
  expect([...steps]).toEqual(['logs', 'gathering', 'writing']);
  const here = await makeDraft(job, () => undefined);
  assert(here.ok);
  expect(made.value.draft.document).toEqual(here.value.draft.document);
  const [there, alike] = [made, here].map(({ value }) => Buffer.from(value.contents['md']).toString());
  expect(there).toBe(alike);
  const ended = new AbortController();
  const stopped = make(job, () => ended.abort(), ended.signal);
  expect(await stopped).toMatchObject({ ok: false, fault: { code: 'REPORT_NOT_MADE' } });
  const nowhere = { ...job, config: { ...job.config, stores: { ...job.config.stores, directory: '/nowhere' } } };
  expect(await make(nowhere, () => undefined, new AbortController().signal)).toMatchObject({
    ok: false,
    fault: { code: 'REPORT_NOT_MADE' },
  });
});
