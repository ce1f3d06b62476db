import { expect, test } from 'vitest';
import { LINE_PROBLEMS, parseRow, recogniseHeader } from '../../../../proto/traces/trace-format.ts';
import { instant } from '../../firmware-sim/run-virtually.ts';

const GEOLIFE = ['trip_id', 'utc', 'lat', 'lon', 'alt_ft'];
const FLEET = ['vehicle', 'local_time', 'lat', 'lon'];
const TDRIVE = ['taxi_id', 'local_time', 'lon', 'lat'];
const TAXI_DAY = ['vehicle', 'time_of_day', 'lon', 'lat', 'occupied', 'speed'];

function parse(header: readonly string[], cells: readonly string[]) {
  const format = recogniseHeader(header);
  if (format === undefined) throw new Error('the header is not recognised');
  return parseRow(format, cells);
}

test('each of the four headers is recognised, and its rows mean the same point', () => {
  const at = instant('2020-01-01T00:30:00Z');
  const place = { at, latitude: 31.5, longitude: 110.25 };
  expect(parse(GEOLIFE, ['t', '2020-01-01T00:30:00Z', '31.5', '110.25', '100'])).toEqual({
    ok: true,
    value: { vehicle: '', ...place, altitudeM: 30.48 },
  });
  const rest = { ok: true, value: { vehicle: 'X1', ...place, altitudeM: Number.NaN } };
  expect(parse(FLEET, ['X1', '2020-01-01 08:30:00', '31.5', '110.25'])).toEqual(rest);
  expect(parse(TDRIVE, ['X1', '2020-01-01 08:30:00', '110.25', '31.5'])).toEqual(rest);
  expect(parse(TAXI_DAY, ['X1', '08:30:00', '110.25', '31.5', '0', '19'])).toEqual(rest);
});

test('the format that lacks a date says what it assumes', () => {
  expect(recogniseHeader(TAXI_DAY)?.assumes?.en).toContain('2020-01-01');
  expect(recogniseHeader(FLEET)?.assumes).toBeUndefined();
});

test.each([
  ['no header at all', ['X1', '2020-01-01 08:30:00', '31.5', '110.25']],
  ['columns in another order', ['vehicle', 'local_time', 'lon', 'lat']],
  ['a column too many', [...FLEET, 'speed']],
  ['another case', ['Vehicle', 'Local_Time', 'Lat', 'Lon']],
  ['nothing', []],
])('not a header: %s', (_, cells) => {
  expect(recogniseHeader(cells)).toBeUndefined();
});

const GOOD = ['X1', '2020-01-01 08:30:00', '31.5', '110.25'];

test.each([
  ['columns', GOOD.slice(0, 3)],
  ['columns', [...GOOD, '1']],
  ['vehicle', ['', ...GOOD.slice(1)]],
  ['vehicle', ['x'.repeat(65), ...GOOD.slice(1)]],
  ['time', ['X1', '2020-01-01', '31.5', '110.25']],
  ['time', ['X1', '2020-02-30 08:30:00', '31.5', '110.25']],
  ['time', ['X1', '2020-01-01 25:30:00', '31.5', '110.25']],
  ['latitude', ['X1', GOOD[1] ?? '', '90.1', '110.25']],
  ['latitude', ['X1', GOOD[1] ?? '', 'NaN', '110.25']],
  ['latitude', ['X1', GOOD[1] ?? '', '', '110.25']],
  ['latitude', ['X1', GOOD[1] ?? '', ' 31.5', '110.25']],
  ['longitude', ['X1', GOOD[1] ?? '', '31.5', '180.5']],
  ['longitude', ['X1', GOOD[1] ?? '', '31.5', '1e2']],
] as const)('a line broken in its %s is refused by that name', (problem, cells) => {
  expect(parse(FLEET, cells)).toEqual({ ok: false, fault: problem });
});

test('both sides of the limits', () => {
  expect(parse(FLEET, ['X1', GOOD[1] ?? '', '90', '180']).ok).toBe(true);
  expect(parse(FLEET, ['X1', GOOD[1] ?? '', '90.000001', '180']).ok).toBe(false);
  expect(parse(FLEET, ['x'.repeat(64), ...GOOD.slice(1)]).ok).toBe(true);
});

test('an altitude may be negative, absent (-777) or broken', () => {
  const row = (altitude: string) => parse(GEOLIFE, ['t', '2020-01-01T00:30:00Z', '31.5', '110.25', altitude]);
  expect(row('-0.0779133858267716').ok).toBe(true);
  expect(row('-777')).toMatchObject({ value: { altitudeM: Number.NaN } });
  expect(row('high')).toEqual({ ok: false, fault: 'altitude' });
});

test('every problem is said in both languages', () => {
  for (const words of Object.values(LINE_PROBLEMS)) {
    expect(words.en).not.toBe('');
    expect(words.zh).toMatch(/[一-鿿]/);
  }
});
