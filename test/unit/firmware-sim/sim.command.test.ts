import { expect, test } from 'vitest';
import { parseSimArgs, simCommand } from '../../../firmware-sim/sim.command.ts';
import { instant, WALL_START } from './run-virtually.ts';

test('flags become options, with defaults for the rest', () => {
  expect(parseSimArgs([])).toEqual({
    ok: true,
    value: { kind: 'run', json: false, options: { seed: 'tongguan', traces: [], speed: 3_600, overSeconds: 12 } },
  });
  const args = '--vehicles 5 --seed x --traces a.csv b.csv --sockets s --state t --speed max --over 2.5 --json';
  expect(
    parseSimArgs([...args.split(' '), '--start', '2026-01-01T00:00:00Z', '--until', '2026-01-02T00:00:00+08:00']),
  ).toEqual({
    ok: true,
    value: {
      kind: 'run',
      json: true,
      options: {
        vehicles: 5,
        seed: 'x',
        traces: ['a.csv', 'b.csv'],
        sockets: 's',
        state: 't',
        speed: 'max',
        overSeconds: 2.5,
        start: instant('2026-01-01T00:00:00Z'),
        until: instant('2026-01-02T00:00:00+08:00'),
      },
    },
  });
});

test.each([
  ['--vehicles 0'],
  ['--vehicles 100001'],
  ['--vehicles 1.5'],
  ['--vehicles ten'],
  ['--speed 0'],
  ['--speed fast'],
  ['--over 0'],
  ['--start 2026-01-01T00:00:00'],
  ['--traces'],
  ['--bogus'],
  ['stray'],
  ['--json'],
])('%s is a usage fault', (args) => {
  expect(parseSimArgs(args.split(' '))).toMatchObject({ ok: false, fault: { code: 'CLI_USAGE' } });
});

test('both ends of the limit on vehicles', () => {
  expect(parseSimArgs(['--vehicles', '1']).ok).toBe(true);
  expect(parseSimArgs(['--vehicles', '100000']).ok).toBe(true);
});

async function run(args: readonly string[]) {
  const said = { out: [] as string[], err: [] as string[], written: '' };
  const exit = await simCommand(args, {
    clock: { now: () => WALL_START },
    write: async (text) => {
      said.written += text;
    },
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    stopRequested: new Promise(() => undefined),
  });
  return { exit, ...said };
}

test('a mistake exits 2 with problem and remedy, and writes nothing', async () => {
  const { exit, err, written } = await run(['--vehicles', '0']);
  expect(exit).toBe(2);
  expect(err[0]).toContain('[CLI_USAGE]\nsim: hint: run `tongguan sim --help`');
  expect(written).toBe('');
});

test('help exits 0 and names every flag', async () => {
  const { exit, err } = await run(['--help']);
  expect(exit).toBe(0);
  for (const flag of [
    '--vehicles',
    '--seed',
    '--traces',
    '--sockets',
    '--state',
    '--speed',
    '--over',
    '--start',
    '--until',
    '--json',
  ]) {
    expect(err[0]).toContain(flag);
  }
});

test('frames go to standard output, words do not', async () => {
  const args = [
    '--vehicles',
    '1',
    '--speed',
    'max',
    '--start',
    '2026-03-01T00:00:00+08:00',
    '--until',
    '2026-03-01T01:00:00+08:00',
  ];
  const { exit, written, out, err } = await run(args);
  expect(exit).toBe(0);
  expect(
    written
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { at: string }).at.slice(11, 16)),
  ).toEqual(['16:00', '16:10', '16:20', '16:30', '16:40', '16:50', '17:00']);
  expect(out).toEqual([]);
  expect(err).toEqual(['sim: 1 vehicles on synthetic drives']);
});
