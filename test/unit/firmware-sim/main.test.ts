import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runSim } from '../../../firmware-sim/main.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { readState } from '../../../firmware-sim/state-file.ts';
import { DAY_MS, HOUR_MS } from '../../../proto/words/time.ts';
import { instant, runVirtually, type SentFrame, WALL_START } from './run-virtually.ts';

const directory = mkdtempSync(join(tmpdir(), 'tg-sim-'));
afterAll(() => rmSync(directory, { recursive: true }));

const START = later(WALL_START, -2 * DAY_MS);
const TRACE = join(directory, 'fleet.csv');
const POINTS = Array.from({ length: 40 }, (_, index) => {
  const time = new Date(Date.UTC(2020, 0, 1, 8, 0, index * 30)).toISOString().slice(0, 19).replace('T', ' ');
  return `${index % 2 === 0 ? 'A' : 'B'},${time},31.${1_000 + index},110.${2_000 + index}`;
});
writeFileSync(TRACE, `vehicle,local_time,lat,lon\n${POINTS.join('\n')}\nbroken\n`);

test('the same seed writes the same bytes, another seed others', async () => {
  const run = (seed: string) => runVirtually({ seed, vehicles: 3, start: START, speed: 'max' });
  const [first, again, other] = [await run('a'), await run('a'), await run('b')];
  expect(first.exit).toBe(0);
  expect(first.frames.length).toBeGreaterThan(1_000);
  expect(again.text === first.text).toBe(true);
  expect(other.text === first.text).toBe(false);
});

test('a fleet that grows does not change the vehicles it had', async () => {
  const run = (vehicles: number) => runVirtually({ vehicles, start: START, speed: 'max' });
  const ofFirst = (text: string) => text.split('\n').filter((line) => line.includes('"v0001"'));
  expect(ofFirst((await run(3)).text)).toEqual(ofFirst((await run(1)).text));
});

test('an hour of vehicle time a second until the present, then real time, never the future', async () => {
  const { frames, progress } = await runVirtually({ vehicles: 2, start: START }, { wallMs: 20 * 60_000 });
  for (const { at, sentAt } of frames) expect(at).toBeLessThanOrEqual(sentAt);
  const after = (wallMs: number) => frames.filter(({ sentAt }) => sentAt <= WALL_START + wallMs).at(-1)?.at ?? 0;
  expect(Math.abs(after(10_000) - (START + 10 * HOUR_MS))).toBeLessThan(11 * 60_000);
  // The present is reached after 48 s; ten minutes later each vehicle has sent one clock frame or gone on driving.
  expect(WALL_START + 60_000 - after(60_000)).toBeLessThan(11 * 60_000);
  expect(WALL_START + 20 * 60_000 - after(20 * 60_000)).toBeLessThan(11 * 60_000);
  expect(progress.at(-1)).toMatchObject({
    vehicles: 2,
    framesWritten: frames.length,
    framesLost: 0,
    brokenLines: 0,
    done: true,
  });
});

test('a trace is spread over its seconds, ends 36 hours on and ends the run', async () => {
  const { frames, exit, told, progress, endedAt } = await runVirtually({ traces: [TRACE], overSeconds: 12 });
  expect([exit, endedAt]).toEqual([0, WALL_START + 12_000]);
  const fixes = frames.filter(({ kind }) => kind === 'fix');
  expect(fixes).toHaveLength(40);
  expect(new Set(fixes.map(({ vehicle }) => vehicle))).toEqual(new Set(['v0001', 'v0002']));
  expect(fixes.filter(({ sentAt }) => sentAt < WALL_START + 6_000)).toHaveLength(20);
  expect(frames.at(-1)?.sentAt).toBe(WALL_START + 12_000);
  expect(frames.filter(({ vehicle }) => vehicle === 'v0001').at(-1)?.at).toBe(
    instant('2020-01-01T08:19:00+08:00') + 36 * HOUR_MS,
  );
  expect(progress.at(-1)).toMatchObject({ brokenLines: 1, done: true });
  expect(told.join('\n')).toContain('line 42');
});

test('a second start goes on where the first one stopped, and repeats nothing', async () => {
  const state = join(directory, 'resume');
  const whole = await runVirtually({ vehicles: 2, start: START, speed: 'max' });
  const first = await runVirtually({ vehicles: 2, start: START, state }, { wallMs: 20_000 });
  const second = await runVirtually({ vehicles: 2, state }, { wallMs: 60_000 });
  const sent = [...first.frames, ...second.frames];
  for (const vehicle of ['v0001', 'v0002']) {
    const expected = whole.frames.filter((frame) => frame.vehicle === vehicle);
    const actual = sent.filter((frame) => frame.vehicle === vehicle && frame.at <= WALL_START);
    expect(actual.map(contentOf)).toEqual(expected.map(contentOf));
  }
});

test('how far a vehicle has come is on disk before its frames leave', async () => {
  const state = join(directory, 'ahead');
  const behind: unknown[] = [];
  await runVirtually(
    { vehicles: 2, start: START, state },
    {
      wallMs: 10_000,
      onWrite: (sent) => {
        const saved = readState(state);
        const clocks = saved.ok ? saved.value?.vehicles : undefined;
        behind.push(...sent.filter(({ vehicle, at }) => at > (clocks?.get(vehicle)?.clock ?? 0)));
      },
    },
  );
  expect(behind).toEqual([]);
});

test('a smaller fleet does not forget the others', async () => {
  const state = join(directory, 'smaller');
  await runVirtually({ vehicles: 2, start: START, state }, { wallMs: 1_000 });
  await runVirtually({ vehicles: 1, state }, { wallMs: 1_000 });
  const saved = readState(state);
  expect(saved.ok && [...(saved.value?.vehicles.keys() ?? [])]).toEqual(['v0001', 'v0002']);
});

test('a trace that was replayed is not replayed again', async () => {
  const state = join(directory, 'replayed');
  await runVirtually({ traces: [TRACE], state });
  const again = await runVirtually({ traces: [TRACE], state });
  expect(again.frames).toEqual([]);
  expect(again.progress.at(-1)).toMatchObject({ done: true, framesWritten: 0 });
});

test('the state of another fleet is refused', async () => {
  const state = join(directory, 'other');
  await runVirtually({ vehicles: 1, start: START, state, seed: 'a' }, { wallMs: 1_000 });
  const refused = [
    await runVirtually({ vehicles: 1, state, seed: 'b' }),
    await runVirtually({ vehicles: 1, state, seed: 'a', start: later(START, 1) }),
    await runVirtually({ traces: [TRACE], state, seed: 'a' }),
  ];
  for (const { exit, told, frames } of refused) {
    expect(exit).toBe(1);
    expect(told.join()).toContain('SIM_STATE_OF_OTHER_FLEET');
    expect(frames).toEqual([]);
  }
  expect((await runVirtually({ vehicles: 2, state, seed: 'a', start: START }, { wallMs: 1_000 })).exit).toBe(0);
});

test('a start or an end in the future, a socket path too long and an unreadable trace are faults', async () => {
  const runs = [
    [{ start: later(WALL_START, 1) }, 'SIM_START_IN_FUTURE'],
    [{ until: later(WALL_START, 1) }, 'SIM_START_IN_FUTURE'],
    [{ sockets: `/tmp/${'x'.repeat(100)}` }, 'SIM_SOCKET_PATH'],
    [{ traces: [join(directory, 'absent.csv')] }, 'TRACE_UNREADABLE'],
  ] as const;
  for (const [options, code] of runs) {
    const { exit, told } = await runVirtually(options);
    expect([exit, told[0]?.includes(`[${code}]`)]).toEqual([1, true]);
  }
});

test('frames reach one socket a vehicle, and an absent agent leaves its vehicle where it was', async () => {
  const sockets = mkdtempSync(join(tmpdir(), 'tg-sock-'));
  const state = join(directory, 'sockets');
  let text = '';
  const server: Server = createServer((socket) => socket.on('data', (chunk) => (text += chunk.toString())));
  await new Promise<void>((resolve) => server.listen(join(sockets, 'v0001.sock'), resolve));
  const { exit, progress } = await runOnSockets(sockets, state);
  await new Promise((resolve) => server.close(resolve));
  rmSync(sockets, { recursive: true });

  expect(exit).toBe(0);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ kind: 'clock' });
  expect(lines.every((line) => !('vehicle' in line))).toBe(true);
  expect(progress.at(-1)?.framesWritten).toBe(lines.length);
  const saved = readState(state);
  const clocks = saved.ok ? saved.value?.vehicles : undefined;
  expect(clocks?.get('v0001')?.clock).toBe(Date.parse(String(lines.at(-1)?.['at'])));
  expect(clocks?.has('v0002')).toBe(false);
});

function contentOf({ sentAt: _, ...frame }: SentFrame): unknown {
  return frame;
}

/** Sockets live on real time, so this run does as well. */
async function runOnSockets(sockets: string, state: string) {
  const progress: { readonly framesWritten: number }[] = [];
  let stop = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const exit = await runSim(
    { seed: 'sockets', traces: [], vehicles: 2, start: START, speed: 100_000, overSeconds: 12, sockets, state },
    {
      clock: { now: () => later(WALL_START, performance.now()) },
      write: async () => undefined,
      err: () => undefined,
      stopRequested,
      onProgress: (counts) => {
        progress.push(counts);
        if (counts.framesWritten > 300) stop();
      },
    },
  );
  return { exit, progress };
}

test('a fleet whose agents do not listen says so once', async () => {
  const sockets = join(directory, 'nobody');
  const { told } = await runVirtually({ vehicles: 1, start: START, sockets }, { wallMs: 20_000 });
  expect(told.filter((line) => line.includes('SIM_SOCKETS_ALONE'))).toHaveLength(1);
});
