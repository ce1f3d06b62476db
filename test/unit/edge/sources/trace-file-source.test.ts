import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { readTraceFile } from '../../../../edge/sources/trace-file-source.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const NOW = Date.UTC(2026, 10, 20) as Instant;
const clock = { now: () => NOW };

async function replay(content: string | { readonly file: string }, vehicle?: string) {
  const file = typeof content === 'string' ? join(tempDirectory(), 'trace.csv') : content.file;
  if (typeof content === 'string') writeFileSync(file, content);
  const { seen, events } = recordSource();
  const source = readTraceFile({ file, vehicle, clock }, events);
  await vi.waitFor(() => expect(seen.ended).toBe(1), 20_000);
  await source.close();
  return seen;
}

const GEOLIFE = 'trip_id,utc,lat,lon,alt_ft\n';
const FLEET = 'vehicle,local_time,lat,lon\n';

describe('a trace', () => {
  test('becomes fixes with its own times, and then the vehicle stands for 36 hours', async () => {
    const seen = await replay(
      `${GEOLIFE}1,2009-02-16T20:06:46Z,31.5,110.25,100\n1,2009-02-16T20:06:51Z,31.6,110.25,-777\n`,
    );
    const [first, second, ...rest] = seen.frames;
    const at = Date.UTC(2009, 1, 16, 20, 6, 46);
    expect(first).toEqual({ kind: 'fix', at, latitude: 31.5, longitude: 110.25, altitudeM: 30.48 });
    expect(second).toEqual({ kind: 'fix', at: at + 5_000, latitude: 31.6, longitude: 110.25 });
    expect(rest.map((frame) => [frame.kind, (frame.at - at - 5_000) / 3_600_000])).toEqual(
      Array.from({ length: 36 }, (_, hour) => ['clock', hour + 1]),
    );
  });

  test('never stands in the future', async () => {
    const seen = await replay(`${FLEET}A,2026-11-20 06:30:00,31.5,110.25\n`, 'A');
    expect(seen.frames.map(({ kind }) => kind)).toEqual(['fix', 'clock']);
  });

  test('of several vehicles gives the one that is asked for', async () => {
    const rows = ['A,2020-07-18 09:07:17,31.5,110.25', 'B,2020-07-18 09:07:18,31.6,110.25', 'A,x,31.5,110.25'];
    const seen = await replay(`${FLEET}${rows.join('\r\n')}\r\n`, 'B');
    expect(seen.frames.filter(({ kind }) => kind === 'fix')).toMatchObject([{ latitude: 31.6 }]);
    expect(seen.malformed).toBe(1);
  });

  test.each([
    ['an unknown header', 'a,b\n1,2\n', undefined],
    ['several vehicles, none of them asked for', FLEET, undefined],
    ['one vehicle, and one asked for', GEOLIFE, 'A'],
  ])('with %s is a fault', async (_, content, vehicle) => {
    const seen = await replay(content, vehicle);
    expect([seen.frames, seen.faults.map(({ code }) => code)]).toEqual([[], ['SOURCE_TRACE']]);
  });
});

test('100,000 mangled lines are fixes on the globe, or counted', async () => {
  const chance = seededChance(2_009);
  const good = '1,2009-02-16T20:06:46Z,31.5,110.25,100';
  const lines = Array.from({ length: 100_000 }, () => {
    const at = Math.floor(chance() * good.length);
    return chance() < 0.3
      ? good
      : good.slice(0, at) + String.fromCharCode(Math.floor(chance() * 255)) + good.slice(at + 1);
  });
  const seen = await replay(`${GEOLIFE}${lines.join('\n')}\n`);
  const fixes = seen.frames.filter((frame) => frame.kind === 'fix');
  expect(fixes.length).toBeGreaterThan(30_000);
  expect(seen.malformed).toBeGreaterThan(20_000);
  expect(fixes.every(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)).toBe(true);
});

const TRACES = fileURLToPath(new URL('../../../../../shared/data/trajectories/', import.meta.url));

test.runIf(existsSync(TRACES))(
  'a real fleet is read one vehicle at a time (needs ../shared/data/trajectories)',
  async () => {
    const seen = await replay({ file: `${TRACES}wuxi_fleet_2020-07-18.csv.gz` }, 'WX0001');
    expect(seen.frames.filter(({ kind }) => kind === 'fix').length).toBeGreaterThan(10);
    expect([seen.malformed, seen.faults]).toEqual([0, []]);
  },
);
