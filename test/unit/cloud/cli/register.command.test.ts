import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { askCloud } from '../../../../bin/up/request.ts';
import { calendarOf } from '../../../../cloud/adapters/icalendar.ts';
import { registerImportRoutes } from '../../../../cloud/api/register-import-routes.ts';
import { registerRoutes } from '../../../../cloud/api/register-routes.ts';
import {
  registerAddCommand,
  registerAttachCommand,
  registerDueCommand,
  registerShowCommand,
  registerWithdrawCommand,
} from '../../../../cloud/cli/register.command.ts';
import { openJobDesk } from '../../../../cloud/job-desk.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { ANNUAL_REPORTS, DEADLINES } from '../../../../cloud/rules/deadlines.table.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import { assert } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { onSocket } from '../../../support/cloud/api/ask-route.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z') as Instant;

/** The registers of a cloud behind a real socket, and the commands that ask it. */
async function counter() {
  const directory = scratchDirectory();
  const layout = layoutOf(directory);
  const config = layout.config('cloud.yaml');
  for (const file of [config, layout.apiSocket]) mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(config, cloudYaml(layout, 1, NOW));
  const clock = { now: () => NOW };
  const { privateKey } = generateKeyPairSync('ed25519');
  const log = createLog({
    directory: join(directory, 'log'),
    origin: 'example/operations',
    signingKey: privateKey,
    clock,
  });
  assert(log.ok, 'a log begins');
  const stores = scratchStores();
  const agenda = { rows: DEADLINES, annual: ANNUAL_REPORTS, calendars: WORKING_DAYS };
  const books = { operations: log.value, store: stores.registers };
  const jobs = openJobDesk({ clock, draw: () => 'job' });
  const routes = [
    ...registerRoutes({ books, documents: stores.documents, agenda, clock }),
    ...registerImportRoutes(books, jobs),
  ];
  onTestFinished(() => log.value.close());
  await onSocket(layout.apiSocket, routes);
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const io = {
    ask: askCloud,
    ...{ note: () => undefined, wait: () => Promise.resolve() },
    environment: {},
    out: (line: string) => told.out.push(line),
    err: (line: string) => told.err.push(line),
    calendarOf: (items: Parameters<typeof calendarOf>[0], language: 'en' | 'zh') => calendarOf(items, language, NOW),
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  return { args: { config, json: true, language: 'en' as const }, io, told, file, log: log.value };
}

test('entries are added, shown, exported, imported again, attached to and withdrawn', async () => {
  const { args, io, told, file, log } = await counter();
  const pipias = [BODIES['pipia'], { ...BODIES['pipia'], id: 'P-2', number: 'no. P-2' }];
  const many = file('many.yaml', stringify(pipias, { aliasDuplicateObjects: false }));
  const on = { ...args, kind: 'pipia', by: 'alice' };
  expect(await registerAddCommand({ ...on, file: many, replace: false }, io)).toBe(0);
  expect(await registerAddCommand({ ...on, file: many, replace: false }, io)).toBe(1);
  expect(told.err[0]).toContain('REGISTER_EXISTS');
  told.out.length = 0;
  expect(await registerShowCommand({ ...args, kind: 'pipia', yaml: true }, io)).toBe(0);
  const again = file('again.yaml', String(told.out[0]));
  expect(await registerAddCommand({ ...on, file: again, replace: true }, io)).toBe(0);
  expect(await registerAttachCommand({ ...on, id: 'P-1', file: file('p.pdf', 'the assessment') }, io)).toBe(0);
  told.out.length = 0;
  expect(await registerShowCommand({ ...args, kind: 'pipia', id: 'P-1' }, io)).toBe(0);
  expect(JSON.parse(String(told.out[0]))).toMatchObject({
    entry: { version: 3, body: BODIES['pipia'] },
    documents: [{ name: 'p.pdf', bytes: 14, state: 'whole' }],
  });
  expect(await registerWithdrawCommand({ ...on, id: 'P-2', reason: 'replaced' }, io)).toBe(0);
  expect(await registerWithdrawCommand({ ...on, id: 'P-2', reason: 'replaced' }, io)).toBe(1);
  expect([...log.entries()].map(({ leaf }) => leaf.actor)).toEqual(Array(6).fill('alice'));
});

test('a change that does not count yet says so, on paper and as JSON', async () => {
  const { args, io, told, file } = await counter();
  const on = { ...args, kind: 'processor', by: 'alice' };
  const [one, other] = ['no', 'yes'].map((ciio) => file(`${ciio}.yaml`, stringify({ ...BODIES['processor'], ciio })));
  await registerAddCommand({ ...on, file: String(one), replace: false, json: false }, io);
  await registerAddCommand({ ...on, file: String(other), replace: true, json: false }, io);
  await registerAddCommand({ ...on, file: String(other), replace: true }, io);
  expect(told.out).toEqual([
    'processor/example-motor version 1',
    'processor/example-motor version 2  waits for a second person: ciio',
    JSON.stringify({ entries: [{ kind: 'processor', id: 'example-motor', version: 3, waits: ['ciio'] }] }),
  ]);
});

test('what is wrong is named, with the exit status of its kind', async () => {
  const { args, io, told, file } = await counter();
  const on = { ...args, kind: 'pipia', by: 'alice', replace: false };
  expect(await registerAddCommand({ ...on, file: file('a.yaml', 'id: *x') }, io)).toBe(2);
  expect(await registerAddCommand({ ...on, file: '/nowhere' }, io)).toBe(2);
  expect(await registerAddCommand({ ...on, kind: 'novel', file: file('b.yaml', 'id: x') }, io)).toBe(1);
  expect(await registerAddCommand({ ...on, by: 'not a name', file: file('c.yaml', 'id: x') }, io)).toBe(2);
  expect(await registerShowCommand({ ...args, kind: 'pipia', id: 'none' }, io)).toBe(2);
  expect(await registerShowCommand({ ...args, config: '/nowhere', kind: 'pipia' }, io)).toBe(2);
  expect(told.err.map((text) => text.match(/\[(\w+)\]/)?.[1])).toEqual([
    'REGISTER_FILE',
    'REGISTER_FILE',
    'REGISTER_KIND',
    'REQUEST_INVALID',
    'REGISTER_ABSENT',
    'CONFIG_UNREADABLE',
  ]);
});

test('the agenda ends in 3 once a clock has run out, and is iCalendar for those who ask', async () => {
  const { args, io, told, file } = await counter();
  expect(await registerDueCommand({ ...args, calendar: false }, io)).toBe(0);
  const on = { ...args, by: 'alice', replace: false };
  await registerAddCommand(
    { ...on, kind: 'vulnerability', file: file('v.yaml', stringify(BODIES['vulnerability'])) },
    io,
  );
  await registerAddCommand(
    { ...on, kind: 'ota-campaign', file: file('o.yaml', stringify(BODIES['ota-campaign'])) },
    io,
  );
  told.out.length = 0;
  expect(await registerDueCommand({ ...args, calendar: false }, io)).toBe(3);
  expect(
    JSON.parse(String(told.out[0])).agenda.map(({ rule, state }: { rule: string; state: string }) => [rule, state]),
  ).toEqual([
    ['VUL-1', 'overdue'],
    ['OTA-3', 'open'],
    ['SP21-13', 'open'],
    ['NDR-33', 'open'],
  ]);
  told.out.length = 0;
  expect(await registerDueCommand({ ...args, calendar: true }, io)).toBe(3);
  const calendar = String(told.out[0]);
  expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\n/);
  // The fifth working day before 2026-11-30 ends at 16:00Z; the event is its last minute.
  expect(calendar).toContain('DTSTART:20261123T155900Z');
  expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(4);
});
