import { afterAll, assert, beforeAll, describe, expect, test, vi } from 'vitest';
import { tarOf } from '../../../../cloud/adapters/open-archive.ts';
import type { Job, JobUnderWay } from '../../../../cloud/ports/job-desk.ts';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';

let world: ConsoleWorld;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end), 0);
  for (const name of ['carl', 'cora']) await world.account(name, ['custodian']);
  for (const name of ['rita', 'ralf']) await world.account(name, ['requester']);
  await world.account('vera', ['viewer']);
});
afterAll(async () => {
  for (const end of ends) await end();
});

type Session = Awaited<ReturnType<ConsoleWorld['logIn']>>;

const notices = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => ({
    ...BODIES['notice'],
    id: `${prefix}-${at}`,
    number: `no. ${prefix}-${at}`,
  }));

async function ended({ get }: Session, path: string): Promise<Job> {
  return vi.waitUntil(
    async () => {
      const one = (await get(path)).json<Job>();
      return one.state === 'under-way' ? undefined : one;
    },
    { timeout: 60_000, interval: 20 },
  );
}

describe('an import into a register', () => {
  test('is told as under way, and then answered to who asked; nobody else is told of it, and a viewer is refused', async () => {
    const [carl, cora, vera] = [await world.logIn('carl'), await world.logIn('cora'), await world.logIn('vera')];
    const asked = await carl.send('POST', '/registers/notice/import', { act: 'add', bodies: notices(300, 'N') });
    const { job, state } = asked.json<JobUnderWay>();
    expect([asked.statusCode, state]).toEqual([200, 'under-way']);
    const path = `/register-imports/${job}`;
    expect((await carl.get('/register-imports')).json().jobs).toMatchObject([{ job, by: 'carl' }]);
    for (const answer of [await cora.get(path), await cora.send('DELETE', path)])
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'JOB_UNKNOWN']);
    expect((await cora.get('/register-imports')).json()).toEqual({ jobs: [] });
    for (const answer of [await vera.get(path), await vera.send('DELETE', path), await vera.get('/register-imports')])
      expect(answer.json().code).toBe('ROLE_MISSING');
    const one = await ended(carl, path);
    assert(one.state === 'answered', JSON.stringify(one));
    expect((one.outcome as { entries: object[] }).entries).toHaveLength(300);
    expect(world.stores.registers.count('notice')).toBe(300);
    expect((await carl.send('DELETE', path)).statusCode).toBe(200);
    expect((await carl.get(path)).json().code).toBe('JOB_UNKNOWN');
  });

  test('of one account is one at a time; one that is ended leaves no entry', async () => {
    const cora = await world.logIn('cora');
    const body = { act: 'add', bodies: notices(4_000, 'M') };
    const { job } = (await cora.send('POST', '/registers/notice/import', body)).json<JobUnderWay>();
    const second = await cora.send('POST', '/registers/notice/import', { act: 'add', bodies: notices(1, 'S') });
    expect([second.statusCode, second.json().code]).toEqual([409, 'JOB_BUSY']);
    expect((await cora.send('DELETE', `/register-imports/${job}`)).statusCode).toBe(200);
    await vi.waitUntil(async () => {
      const again = await cora.send('POST', '/registers/notice/import', { act: 'add', bodies: notices(1, 'S') });
      return again.statusCode === 200;
    });
    expect(world.stores.registers.find('notice', 'M-0')).toBeUndefined();
  });
});

describe('a verdict', () => {
  test('that takes its time is come back for by who asked, and by nobody else', async () => {
    const [rita, ralf] = [await world.logIn('rita'), await world.logIn('ralf')];
    const wish = {
      dataset: 'battery-statistics',
      recipient: 'example-battery-lab',
      purpose: 'battery-warranty-analysis',
    };
    const asked = await rita.send('POST', '/transfers/verdict', wish);
    const { job, state } = asked.json<JobUnderWay>();
    expect([asked.statusCode, state]).toEqual([200, 'under-way']);
    expect((await ralf.get(`/verdicts/${job}`)).json().code).toBe('JOB_UNKNOWN');
    const one = await ended(rita, `/verdicts/${job}`);
    expect(one).toMatchObject({ by: 'rita' });
    expect(['answered', 'failed']).toContain(one.state);
    // Nothing of it was entered.
    expect(world.stores.transfers.page({ limit: 10 })).toEqual([]);
  });
});

describe('files that are sent', () => {
  const send = ({ headers, csrf }: Session, query: string, payload: Uint8Array) =>
    world.ask({
      ...{ method: 'POST', url: `/api/v1/datasets/import?${query}`, payload: Buffer.from(payload) },
      headers: { ...headers, 'x-tongguan-csrf': csrf, 'content-type': 'application/octet-stream' },
    });

  test('are looked through, entered in the log before and after, and then a dataset', async () => {
    const carl = await world.logIn('carl');
    const receipt = { number: 'R-1', at: '2026-11-21T08:00:00+08:00', authority: 'MIIT' };
    const filed = { ...BODIES['incident'], id: 'I-1', reports: [{ to: 'miit', receipt }] };
    expect((await carl.send('POST', '/registers/incident', { body: filed })).statusCode).toBe(200);
    const from = world.end();
    const tar = await tarOf([{ path: 'report.txt', content: Buffer.from('what happened\n') }]);
    const query = 'kind=incident-evidence&entry=I-1&id=evidence-1&purpose=incident&name=a.tar&takeApart=true';
    const asked = await send(carl, query, tar);
    expect(asked.statusCode, asked.body).toBe(200);
    const one = await ended(carl, `/dataset-imports/${asked.json<JobUnderWay>().job}`);
    expect(one, JSON.stringify(one)).toMatchObject({ state: 'answered', outcome: { id: 'evidence-1', files: 1 } });
    expect(world.entries('files-import', from)).toMatchObject([{ actor: 'carl', id: 'evidence-1', bytes: tar.length }]);
    expect(world.entries('files-imported', from)).toMatchObject([{ actor: 'carl', outcome: 'imported' }]);
    const { datasets } = (await carl.get('/datasets')).json<{ datasets: readonly { id: string; kind: string }[] }>();
    expect(datasets).toContainEqual(expect.objectContaining({ id: 'evidence-1', kind: 'files' }));
  });

  test('without an entry that covers them are refused, and nothing is begun', async () => {
    const [carl, from] = [await world.logIn('carl'), world.end()];
    const query = 'kind=incident-evidence&entry=nowhere&id=evidence-2&purpose=incident&name=a.txt';
    const asked = await send(carl, query, Buffer.from('x'));
    expect([asked.statusCode, asked.json().code]).toEqual([409, 'FILE_IMPORT_USAGE']);
    expect(world.entries('files-import', from)).toEqual([]);
    expect((await send(carl, query.replace('name=a.txt', 'name=../a.txt'), Buffer.from('x'))).statusCode).toBe(400);
    expect((await send(await world.logIn('vera'), query, Buffer.from('x'))).json().code).toBe('ROLE_MISSING');
  });
});
