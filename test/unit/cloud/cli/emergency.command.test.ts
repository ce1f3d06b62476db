import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { askCloud } from '../../../../bin/up/request.ts';
import { stopMarkFiles } from '../../../../cloud/adapters/stop-mark-files.ts';
import { emergencyRoutes } from '../../../../cloud/api/emergency-routes.ts';
import {
  emergencyResumeCommand,
  emergencyStatusCommand,
  emergencyStopCommand,
} from '../../../../cloud/cli/emergency.command.ts';
import { incidentOf } from '../../../../cloud/emergency/incident.ts';
import { agendaOf } from '../../../../cloud/registers/agenda.ts';
import { registerKind } from '../../../../cloud/registers/kinds.table.ts';
import { ANNUAL_REPORTS, DEADLINES } from '../../../../cloud/rules/deadlines.table.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import { ok } from '../../../../proto/words/result.ts';
import { onSocket } from '../../../support/cloud/api/ask-route.ts';
import { emergencyWorld, NOW } from '../../../support/cloud/emergency-world.ts';

/** An installation on disk whose cloud is not running, and the commands. */
function installation(world = emergencyWorld()) {
  const layout = layoutOf(join(world.directory, 'up'));
  const config = layout.config('cloud.yaml');
  for (const directory of [join(config, '..'), join(layout.apiSocket, '..'), layout.border('outbox')])
    mkdirSync(directory, { recursive: true });
  writeFileSync(config, cloudYaml(layout, 1, NOW));
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const io = {
    environment: {},
    clock: { now: () => NOW },
    ask: askCloud,
    draw: (bytes: number) => 'ab'.repeat(bytes),
    mark: stopMarkFiles,
    lateMs: 500,
    write: (path: string, text: string) => writeFileSync(path, text, { flag: 'wx' }),
    out: (line: string) => told.out.push(line),
    err: (line: string) => told.err.push(line),
  };
  const args = { data: layout.root, by: 'alice', json: true, language: 'en' as const };
  return { world, layout, io, args, told, mark: layout.border('emergency-stop') };
}

/** The routes of a running cloud on the socket. */
async function running() {
  const one = installation();
  const { world } = one;
  const agenda = { rows: DEADLINES, annual: ANNUAL_REPORTS, calendars: WORKING_DAYS };
  const routes = emergencyRoutes({
    parts: world.parts(),
    reportFacts: (record) => {
      const body = incidentOf(record.note, 'no');
      const entry = { kind: 'incident', id: body.id, body, version: 1, isWithdrawn: false, attachments: [] };
      const clocks = agendaOf([entry], agenda, NOW).filter(({ kind }) => kind === 'incident');
      return {
        record,
        processor: { id: 'maker', name: 'Maker', ciio: 'no' },
        madeAt: new Date(NOW).toISOString(),
        transfers: [],
        clocks,
      };
    },
  });
  // Whose word it is, the tests of signatures ask.
  await onSocket(one.layout.apiSocket, routes, () => ok(undefined));
  return one;
}

test('without a cloud the marks are written all the same, and the status says so', async () => {
  const { args, io, told, mark } = installation();
  expect(await emergencyStatusCommand(args, io)).toBe(0);
  expect(await emergencyStopCommand({ ...args, reason: 'cloud is down' }, io)).toBe(0);
  expect(JSON.parse(readFileSync(mark, 'utf8'))).toMatchObject({ by: 'alice', reason: 'cloud is down' });
  expect(told.err.join('')).toContain('EMERGENCY_MARKED_ONLY');
  expect(await emergencyStatusCommand(args, io)).toBe(3);
  expect(await emergencyResumeCommand(args, io)).toBe(1);
  expect(existsSync(mark)).toBe(true);
});

test('a cloud that hangs is passed by', async () => {
  const { args, io, layout, mark } = installation();
  const silent = createServer(() => undefined).listen(layout.apiSocket);
  onTestFinished(() => void silent.close());
  expect(await emergencyStopCommand({ ...args, reason: 'it hangs' }, io)).toBe(0);
  expect(existsSync(mark)).toBe(true);
});

test('where no mark can be written, the command says that nothing was stopped', async () => {
  const { args, io, layout, told } = installation();
  rmSync(layout.border(''), { recursive: true });
  expect(await emergencyStopCommand({ ...args, reason: 'x' }, io)).toBe(1);
  expect(told.err.join('')).toContain('NOT stopped');
});

test('a running cloud stops, drafts the report in both languages with its clocks, and is resumed by two', async () => {
  const { args, io, world, told } = await running();
  const report = join(world.directory, 'draft-en');
  expect(await emergencyStopCommand({ ...args, reason: 'astray', report }, io)).toBe(0);
  expect(world.inForce()).toBeDefined();
  const [draft] = [readFileSync(report, 'utf8')];
  expect(draft).toContain('# Draft of a report on an emergency stop of exports');
  for (const rule of ['INC-1.cac', 'INC-1.final', 'INC-3.regulator']) expect(draft).toContain(rule);
  expect(draft).toContain('**MISSING**');
  const chinese = join(world.directory, 'draft-zh');
  expect(await emergencyStatusCommand({ ...args, language: 'zh', report: chinese }, io)).toBe(3);
  expect(readFileSync(chinese, 'utf8')).toContain('数据出境紧急停止情况报告（草稿）');
  expect(await emergencyResumeCommand({ ...args, by: 'alice' }, io)).toBe(1);
  expect(await emergencyResumeCommand({ ...args, by: 'bob' }, io)).toBe(0);
  expect(await emergencyResumeCommand({ ...args, by: 'carol' }, io)).toBe(0);
  expect(told.out.at(-1)).toContain('resumed');
  expect(await emergencyStatusCommand(args, io)).toBe(0);
});

test('one place is named, and only one', async () => {
  const { args, io, layout } = installation();
  const { data: _, ...nowhere } = args;
  expect(await emergencyStopCommand({ ...nowhere, reason: 'x' }, io)).toBe(2);
  expect(await emergencyStopCommand({ ...args, config: layout.config('cloud.yaml'), reason: 'x' }, io)).toBe(2);
  expect(await emergencyStopCommand({ ...nowhere, socket: layout.apiSocket, reason: 'x' }, io)).toBe(1);
});

test('the register takes the incident of a stop as it is', () => {
  const note = { id: 'stop-20260302-00000001', at: NOW, by: 'alice', reason: 'a parcel went astray' };
  const parsed = registerKind('incident')?.schema.safeParse(incidentOf(note, 'unknown'));
  expect(parsed?.success).toBe(true);
});
