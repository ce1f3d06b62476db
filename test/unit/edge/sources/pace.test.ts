import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPace } from '../../../../edge/sources/pace.ts';
import { readTraceFile } from '../../../../edge/sources/trace-file-source.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const NOW = Date.UTC(2026, 10, 20) as Instant;
const LOG = Date.UTC(2009, 1, 16) as Instant;
const at = (ms: number): Instant => (LOG + ms) as Instant;

function scene(times: number) {
  const clock = { now: NOW };
  return { clock, pace: createPace(times, { now: () => clock.now }), stop: new AbortController() };
}

test('a moment of the log comes when so much time has passed as was recorded, divided by the pace', async () => {
  const { clock, pace, stop } = scene(1_000);
  expect(pace.until(at(0), stop.signal)).toBeUndefined();
  const due = pace.until(at(4_000), stop.signal);
  let hasCome = false;
  void due?.then(() => {
    hasCome = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(hasCome).toBe(false);
  clock.now = (NOW + 4) as Instant;
  await due;
  expect(pace.until(at(3_999), stop.signal)).toBeUndefined();
  expect(pace.until(at(4_001), stop.signal)).toBeDefined();
  stop.abort();
});

test('who stops the replay waits for nothing', async () => {
  const { pace, stop } = scene(0.01);
  pace.until(at(0), stop.signal);
  const due = pace.until(at(86_400_000), stop.signal);
  stop.abort();
  await due;
});

test('a trace goes on as the clock does, in its order, and ends where it is closed', async () => {
  const { clock, pace } = scene(1_000);
  const file = join(tempDirectory(), 'trace.csv');
  const seconds = [0, 5, 5, 9, 400];
  const rows = seconds.map(
    (second) => `1,${new Date(LOG + second * 1_000).toISOString().replace('.000', '')},31.5,110.25,100`,
  );
  writeFileSync(file, `trip_id,utc,lat,lon,alt_ft\n${rows.join('\n')}\n`);
  const { seen, events } = recordSource();
  const source = readTraceFile({ file, clock: { now: () => LOG }, pace }, events);
  onTestFinished(() => source.close());
  const fixes = () => seen.frames.filter(({ kind }) => kind === 'fix').map((frame) => (frame.at - LOG) / 1_000);
  await vi.waitFor(() => expect(fixes()).toEqual([0]), 20_000);
  clock.now = (NOW + 5) as Instant;
  await vi.waitFor(() => expect(fixes()).toEqual([0, 5, 5]), 20_000);
  clock.now = (NOW + 10) as Instant;
  await vi.waitFor(() => expect(fixes()).toEqual([0, 5, 5, 9]), 20_000);
  await source.close();
  expect([fixes(), seen.ended]).toEqual([[0, 5, 5, 9], 1]);
});
