import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Border, createBorder, putParcel } from './support/border.ts';
import { type Compiled, compiled } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { restrictions, spawnExporter, spawnReceiver } from './support/processes.ts';
import { readTraffic, returned } from './support/running.ts';

const ZONES = ['general', 'personal', 'geographic', 'important', 'quarantine'] as const;

let program: Compiled;
let border: Border;

beforeAll(async () => {
  program = compiled();
  border = await createBorder();
  for (const zone of ZONES) {
    mkdirSync(join(border.root, 'zones', zone));
    writeFileSync(join(border.root, 'zones', zone, 'store.sqlite'), `secret of ${zone}`);
  }
  writeFileSync(join(border.root, 'registers.sqlite'), 'secret of the registers');
});
afterAll(() => {
  border.remove();
});

test('started with its permission arguments the exporter delivers, logs durably and stops when asked', async () => {
  const receiver = await spawnReceiver(program, writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const exporter = spawnExporter(program, writeExporterConfig(border, endpoint));
  putParcel(border, { id: 't-1', endpoint, files: { 'data.bin': Buffer.alloc(1_000_000, 'x') } });
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered', attempts: 1 });
  expect(await exporter.stop()).toBe(0);
  expect(await receiver.stop()).toBe(0);
  expect(exporter.lines()).toBe('exporter: transfer t-1 delivered\n');
  expect(readTraffic(border).at(-1)).toMatchObject({ kind: 'delivered', transferId: 't-1' });
});

/** Evaluates expressions one by one under the exporter's own permission arguments: what each gave, or its error code. */
function tryAll(expressions: readonly string[]): readonly string[] {
  const args = restrictions(program, writeExporterConfig(border, 'https://127.0.0.1:9'));
  const script = `
    import * as fs from 'node:fs'; import * as child from 'node:child_process'; import { Worker } from 'node:worker_threads';
    const tried = [];
    for (const call of [${expressions.map((call) => `() => ${call}`).join()}]) {
      try { tried.push('got ' + String(await call())); } catch (cause) { tried.push(cause.code); }
    }
    console.log(JSON.stringify(tried));`;
  const printed = execFileSync(process.execPath, [...args, '--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(printed) as string[];
}

const inRoot = (name: string) => JSON.stringify(join(border.root, name));

test.each(ZONES)('under the same arguments the zone `%s` can be neither read, listed, opened nor written', (zone) => {
  const file = inRoot(`zones/${zone}/store.sqlite`);
  const directory = inRoot(`zones/${zone}`);
  const calls = [
    `fs.readFileSync(${file})`,
    `fs.promises.readFile(${file})`,
    `fs.readdirSync(${directory})`,
    `fs.openSync(${file}, 'r')`,
    `fs.statSync(${file})`,
    `fs.copyFileSync(${file}, ${inRoot('border/returns/copy')})`,
    `fs.readFileSync(${inRoot('border/outbox')} + '/../../zones/${zone}/store.sqlite')`,
    `fs.writeFileSync(${file}, 'x')`,
    `fs.rmSync(${file})`,
  ];
  expect(tryAll(calls)).toEqual(calls.map(() => 'ERR_ACCESS_DENIED'));
});

test('nor can the registers, nor anything through a child process, a worker or a native addon', () => {
  const calls = [
    `fs.readFileSync(${inRoot('registers.sqlite')})`,
    `fs.readFileSync('/etc/hostname')`,
    `child.execFileSync('cat', [${inRoot('registers.sqlite')}])`,
    `new Worker('1', { eval: true })`,
  ];
  expect(tryAll(calls)).toEqual(calls.map(() => 'ERR_ACCESS_DENIED'));
  expect(tryAll([`process.dlopen({ exports: {} }, '/x.node')`])).toEqual(['ERR_DLOPEN_DISABLED']);
});

test('it can read the outbox and cannot write there: what was cleared stays as it was', () => {
  writeFileSync(join(border.outbox, 'probe'), 'content');
  const file = inRoot('border/outbox/probe');
  expect(tryAll([`fs.readFileSync(${file})`, `fs.writeFileSync(${file}, 'x')`])).toEqual([
    'got content',
    'ERR_ACCESS_DENIED',
  ]);
});

test('a link in the outbox that leads into a zone is refused by the exporter itself: the permission model follows links', async () => {
  const exporter = spawnExporter(program, writeExporterConfig(border, 'https://127.0.0.1:9'));
  putParcel(border, {
    id: 't-link',
    endpoint: 'https://127.0.0.1:9',
    tamper: (directory) => symlinkSync(join(border.root, 'zones/personal/store.sqlite'), join(directory, 'more.bin')),
  });
  expect(await returned(border, 't-link')).toMatchObject({ outcome: 'refused', fault: { code: 'PARCEL_EXTRA_FILE' } });
  expect(await exporter.stop()).toBe(0);
});

test('without its arguments on the command line it says how to start it, and without rights to its files it stops', () => {
  const bare = spawnSync(process.execPath, [program.exporter], { encoding: 'utf8' });
  expect({ status: bare.status, err: bare.stderr }).toEqual({
    status: 2,
    err: 'usage: exporter --config exporter.yaml\n',
  });

  const path = writeExporterConfig(border, 'https://127.0.0.1:9');
  const args = restrictions(program, path).filter((arg) => !arg.endsWith('/traffic'));
  const blind = spawnSync(process.execPath, [...args, program.exporter, '--config', path], { encoding: 'utf8' });
  expect(blind.status).toBe(1);
  expect(existsSync(join(border.logDirectory, 'entries.log'))).toBe(true);
});
