import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { batchBody, jtBytes, jtParts } from '../support/cloud/jt-messages.ts';
import { jtTerminal } from '../support/cloud/jt-terminal.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { connectTerminal } from '../support/cloud/terminal-run.ts';
import { testVin } from '../support/cloud/vins.ts';
import { openZone } from '../support/cloud/zones.ts';
import { compiledProgram } from '../support/compiled.ts';

let program: string;
beforeAll(() => {
  program = compiledProgram('test/support/cloud/jt-child.ts');
});

const latitudeOf = (second: number): number => (32_000_000 + second) / 1_000_000;
const clockOf = (second: number): string =>
  [Math.floor(second / 60), second % 60].map((part) => String(part).padStart(2, '0')).join(':');
const positionOf = (second: number) => ({
  ...{ alarm: 0, status: 3, latitude: latitudeOf(second), longitude: 119.5, elevation: 12, speed: 9, direction: 90 },
  ...{ at: `2026-03-01T11:${clockOf(second)}+08:00`, extras: [] },
});

async function start(directory: string) {
  const child = spawn(process.execPath, [program, JSON.stringify({ directory, vin: testVin(1) })]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, terminal: jtTerminal(connectTerminal(Number(String(line)))), ended: once(child, 'close') };
}

const SINGLE = 600;
const BATCHED = 120;
const FIRST_SERIAL = 100;
/** Positions of the second half come in a batch in parts, whose last answer the kill may take away. */
const positions = Array.from({ length: BATCHED }, (_, index) => positionOf(SINGLE + index));
const parts = jtParts(0x0704, batchBody(positions), 5_000);

test('what was answered before a kill is there after it, and what is sent again lies there once', async () => {
  const directory = scratchDirectory();
  const seconds = Array.from({ length: SINGLE }, (_, index) => index);
  const report = (second: number): Buffer => jtBytes('location', positionOf(second), FIRST_SERIAL + second);
  const first = await start(directory);
  const code = await first.terminal.enter();
  first.terminal.send(Buffer.concat([...seconds.map(report), ...parts]));
  await first.terminal.answered(2 + 100);
  first.child.kill('SIGKILL');
  await Promise.all([first.ended, first.terminal.ended]);
  const serials = first.terminal.answers().map(({ body }) => Number(body['answeredSerial']));
  const answered = new Set(serials.map((serial) => serial - FIRST_SERIAL));

  // As a terminal does: its code still opens, and what was not answered is sent again; one that was, for good measure.
  const second = await start(directory);
  second.terminal.send(jtBytes('authentication', { code }, 1));
  const again = seconds.filter((one) => !answered.has(one) || one === 5);
  second.terminal.send(Buffer.concat([...again.map(report), ...parts]));
  await second.terminal.answered(1 + again.length + parts.length);
  second.child.kill('SIGKILL');
  await second.ended;
  const zone = openZone(directory, 'geographic');
  const latitudes = [...zone.records()].flatMap(({ content }) =>
    content.kind === 'signals' ? content.signals.filter(({ path }) => path === 'jt808.latitude') : [],
  );
  zone.close();
  const all = Array.from({ length: SINGLE + BATCHED }, (_, index) => latitudeOf(index));
  expect(latitudes.map(({ value }) => value).sort()).toEqual(all.sort());
});
