import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { encodeGb, type GbView } from '../../cloud/terminals/gb32960/view.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { connectTerminal } from '../support/cloud/terminal-run.ts';
import { testVin } from '../support/cloud/vins.ts';
import { openZone } from '../support/cloud/zones.ts';
import { compiledProgram } from '../support/compiled.ts';

let program: string;
beforeAll(() => {
  program = compiledProgram('test/support/cloud/terminal-child.ts');
});

const VIN = testVin(1);
const ICCID = '89860000000000000001';
const ANSWER_BYTES = 31;

function frameOf(command: string, second: number, body: GbView['body']): Buffer {
  const at = `2026-03-01T11:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}+08:00`;
  const head = { protocol: 'gb32960-2016', command, answer: 'command', vin: VIN, encryption: 'none' } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body: { at, ...body } });
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

const login = (): Buffer =>
  frameOf('login', 0, { serial: 1, iccid: ICCID, packCount: 0, codeLength: 0, packCodes: [] });
/** A latitude of its own for each second, so that each can be found again. */
const latitudeOf = (second: number): number => (32_000_000 + second) / 1_000_000;
const report = (command: 'realtime' | 'reissue', second: number): Buffer =>
  frameOf(command, second, {
    items: [{ item: 'position', status: 0, longitude: 119.5, latitude: latitudeOf(second) }],
  });

async function start(directory: string) {
  const child = spawn(process.execPath, [program, JSON.stringify({ directory, vin: VIN, iccid: ICCID })]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, terminal: connectTerminal(Number(String(line))), ended: once(child, 'close') };
}

/** Times of data frames that were answered as stored; answers are of one length here. */
function answeredSeconds(answers: Buffer): readonly number[] {
  const seconds: number[] = [];
  for (let at = ANSWER_BYTES; at + ANSWER_BYTES <= answers.length; at += ANSWER_BYTES)
    if (answers[at + 3] === 1) seconds.push((answers[at + 28] ?? 0) * 60 + (answers[at + 29] ?? 0));
  return seconds;
}

test('what was answered before a kill is there after it, and what is sent again lies there once', async () => {
  const directory = scratchDirectory();
  const seconds = Array.from({ length: 1_200 }, (_, index) => index);
  const first = await start(directory);
  first.terminal.send(Buffer.concat([login(), ...seconds.map((second) => report('realtime', second))]));
  await first.terminal.answered(ANSWER_BYTES * 150);
  first.child.kill('SIGKILL');
  await Promise.all([first.ended, first.terminal.ended]);
  const answered = new Set(answeredSeconds(first.terminal.answers()));
  expect(answered.size).toBeGreaterThan(100);

  // As a terminal does: what was not answered is reissued; one that was answered is sent once more, for good measure.
  const second = await start(directory);
  const again = seconds.filter((one) => !answered.has(one) || one === 5);
  second.terminal.send(Buffer.concat([login(), ...again.map((one) => report('reissue', one))]));
  await second.terminal.answered(ANSWER_BYTES * (again.length + 1));
  second.child.kill('SIGKILL');
  await second.ended;
  const zone = openZone(directory, 'geographic');
  const latitudes = [...zone.records()].flatMap(({ content }) =>
    content.kind === 'signals' ? content.signals.filter(({ path }) => path === 'gb32960.position.latitude') : [],
  );
  zone.close();
  expect(latitudes.map(({ value }) => value).sort()).toEqual(seconds.map(latitudeOf).sort());
});
