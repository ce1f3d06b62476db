import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { TRACE_FILES_MAX, type TraceFault } from '../../../firmware-sim/trace-faults.ts';
import { BROKEN_LINES_TOLD_MAX, LINE_BYTES_MAX, loadTraces } from '../../../firmware-sim/traces.ts';
import { instant } from './run-virtually.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-traces-'));
afterAll(() => rmSync(directory, { recursive: true }));

const LATEST = instant('2021-01-01T00:00:00Z');
const HEADER = 'vehicle,local_time,lat,lon\n';

async function load(files: readonly string[], latest = LATEST) {
  const told: TraceFault[] = [];
  const assumptions: string[] = [];
  const loaded = await loadTraces(files, latest, {
    onBrokenLine: (fault) => told.push(fault),
    onAssumption: (_, { en }) => assumptions.push(en),
  });
  return { loaded, told, assumptions };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

test('one file with many vehicles gives one trace each, in order of appearance and without their names', async () => {
  const path = file(
    'fleet.csv',
    `${HEADER}B,2020-01-01 08:00:00,31.5,110.2500007\nA,2020-01-01 08:00:00,31,110\nB,2020-01-01 08:01:00,31.6,110.3\n`,
  );
  const { loaded } = await load([path]);
  expect(loaded).toEqual({
    ok: true,
    value: {
      points: 3,
      brokenLines: 0,
      traces: [
        {
          source: 'fleet.csv#1',
          at: [instant('2020-01-01T08:00:00+08:00'), instant('2020-01-01T08:01:00+08:00')],
          latitude: [31.5, 31.6],
          longitude: [110.2500007, 110.3],
          altitudeM: [Number.NaN, Number.NaN],
        },
        expect.objectContaining({ source: 'fleet.csv#2', latitude: [31] }),
      ],
    },
  });
});

test('gzip, a byte order mark, CRLF, blank lines and a missing last line end are all read', async () => {
  const plain = file('plain.csv', `\ufeff${HEADER}A,2020-01-01 08:00:00,31,110\r\n\r\nA,2020-01-01 08:00:10,31,110.1`);
  const packed = file('packed.csv.gz', gzipSync(`${HEADER}A,2020-01-01 08:00:00,31,110\n`));
  const { loaded } = await load([plain, packed]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 3, brokenLines: 0 } });
});

test('a broken line is told by file and number, counted and left out; its neighbours stay', async () => {
  const lines = [
    'A,2020-01-01 08:00:00,31,110',
    'A,2020-01-01 08:01:00,CANARY,110',
    '"A,2020-01-01 08:02:00,31,110',
    'A,2020-01-01 07:59:59,31,110',
    'A,2021-01-01 08:00:01,31,110',
    `A,2020-01-01 08:03:00,31,110,${'x'.repeat(LINE_BYTES_MAX * 3)}`,
    'A,2020-01-01 08:04:00,31,110',
    '\0\0\0\0',
    'A,2020-01-01 08:05:00,31,110',
  ];
  const { loaded, told } = await load([file('broken.csv', `${HEADER}${lines.join('\n')}\n`)]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 3, brokenLines: 6 } });
  const said = told.map(({ code, problem }) => [code, /line (\d+): (.*)/.exec(problem.en)?.slice(1).join(' ')]);
  expect(said).toEqual([
    ['TRACE_LINE', '3 the latitude is not a decimal number from -90 to 90'],
    ['TRACE_LINE', '4 the vehicle is not 1 to 64 letters, digits, `_` or `-`'],
    ['TRACE_LINE', "5 the time is before that of the same vehicle's last good line"],
    ['TRACE_LINE', '6 the time is in the future'],
    ['TRACE_LINE', '7 not as many columns as the header'],
    ['TRACE_LINE', '9 not as many columns as the header'],
  ]);
  expect(JSON.stringify(told)).not.toContain('CANARY');
  for (const { problem, remedy } of told) expect(problem.zh + remedy.zh).toMatch(/[一-鿿]/);
});

test('a line over the limit is broken, whichever column fills it', async () => {
  const row = (trip: string) => `${trip},2020-01-01T08:00:00Z,31,110,0\n`;
  const path = file(
    'long.csv',
    `trip_id,utc,lat,lon,alt_ft\n${row('t'.repeat(900))}${row('t'.repeat(LINE_BYTES_MAX))}`,
  );
  const { loaded } = await load([path]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 1, brokenLines: 1 } });
});

test('equal times of one vehicle are no fault, and vehicles do not disturb each other', async () => {
  const { loaded } = await load([
    file(
      'equal.csv',
      `${HEADER}A,2020-01-01 08:00:00,31,110\nB,2020-01-01 07:00:00,31,110\nA,2020-01-01 08:00:00,31,110\n`,
    ),
  ]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 3, brokenLines: 0 } });
});

test('a time at the present is read, one second later is in the future', async () => {
  const path = file('now.csv', `${HEADER}A,2021-01-01 08:00:00,31,110\nA,2021-01-01 08:00:01,31,110\n`);
  const { loaded } = await load([path]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 1, brokenLines: 1 } });
});

test('a file of broken lines is told a limited number of times and counted in full', async () => {
  const rows = `A,2020-01-01 08:00:00,31,110\n${'nonsense\n'.repeat(500)}`;
  const { loaded, told } = await load([file('many.csv', HEADER + rows)]);
  expect(loaded).toMatchObject({ ok: true, value: { points: 1, brokenLines: 500 } });
  expect(told).toHaveLength(BROKEN_LINES_TOLD_MAX);
});

test('the format without a date is announced', async () => {
  const path = file('day.csv', 'vehicle,time_of_day,lon,lat,occupied,speed\n1,08:00:00,110,31,0,0\n');
  const { loaded, assumptions } = await load([path]);
  expect(loaded).toMatchObject({ value: { traces: [{ at: [instant('2020-01-01T00:00:00Z')] }] } });
  expect(assumptions).toHaveLength(1);
});

test.each([
  ['an empty file', 'empty.csv', '', 'TRACE_EMPTY'],
  ['a header alone', 'header.csv', HEADER, 'TRACE_EMPTY'],
  ['nothing but broken lines', 'nothing.csv', `${HEADER}x\n`, 'TRACE_EMPTY'],
  ['a header nobody knows', 'unknown.csv', 'a,b,c\n1,2,3\n', 'TRACE_HEADER'],
  ['an archive that is none', 'fake.csv.gz', 'not gzip', 'TRACE_UNREADABLE'],
  [
    'an archive cut short',
    'cut.csv.gz',
    gzipSync(HEADER + 'A,2020-01-01 08:00:00,31,110\n'.repeat(9)).subarray(0, 40),
    'TRACE_UNREADABLE',
  ],
])('%s is a fault', async (_, name, content, code) => {
  const { loaded } = await load([file(name, content)]);
  expect(loaded).toMatchObject({ ok: false, fault: { code } });
});

test('a file that is not there, and more files than the limit', async () => {
  expect((await load([join(directory, 'absent.csv')])).loaded).toMatchObject({ fault: { code: 'TRACE_UNREADABLE' } });
  const many = new Array<string>(TRACE_FILES_MAX + 1).fill('x.csv');
  expect((await load(many)).loaded).toMatchObject({ fault: { code: 'TRACE_FILES' } });
});

// Real data are not part of the repository (docs/raw-frames.md names the collections); where they lie beside it, they are read.
const REAL = new URL('../../../../shared/data/trajectories/', import.meta.url).pathname;

describe.skipIf(!existsSync(REAL))('real traces (needs ../shared/data/trajectories)', () => {
  const now = instant('2026-01-01T00:00:00Z');

  test.each([
    ['wuxi_fleet_2020-07-18.csv.gz', 238, 10_548],
    ['tdrive_taxi_1.csv', 1, 588],
    ['beijing_taxi_1141_day.csv', 1, 1_453],
    ['geolife/153.csv.gz', 1, 39_984],
  ])('%s: %i vehicles, %i points, no broken line', async (name, vehicles, points) => {
    const { loaded } = await load([join(REAL, name)], now);
    expect(loaded).toMatchObject({ ok: true, value: { points, brokenLines: 0 } });
    expect(loaded.ok && loaded.value.traces.length).toBe(vehicles);
  });

  test('the GeoLife user with the oddest altitudes is read whole', async () => {
    expect(readdirSync(join(REAL, 'geolife'))).toContain('147.csv.gz');
    const { loaded } = await load([join(REAL, 'geolife/147.csv.gz')], now);
    expect(loaded).toMatchObject({ ok: true, value: { brokenLines: 0 } });
  });
});
