import { describe, expect, test } from 'vitest';
import { SIGNAL_ROWS } from '../../../../cloud/catalogue/catalogue.ts';
import { CLOCK_SKEW_MS, recheckBatch } from '../../../../cloud/ingest/recheck-batch.ts';
import type { FrameContent, SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { findVins } from '../../../../proto/words/vin.ts';
import { batchOf, cellFrame, NOW, signalFrame, tripRow, type Values } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const device = testDevice(1);
const another = testVin(77);

const codeOf = (frame: FrameContent, now: number = NOW): string =>
  recheckBatch(batchOf([frame]), device.registered, now as Instant) ?? 'fine';
const codeOfSignals = (values: Values): string => codeOf(signalFrame(values));
const codeOfBatch = (change: Partial<SealedBatch>): string =>
  recheckBatch(batchOf([signalFrame()], change), device.registered, NOW) ?? 'fine';

describe('dates', () => {
  test('signals may be ten minutes ahead and not a millisecond more', () => {
    expect(CLOCK_SKEW_MS).toBe(600_000);
    expect(codeOf(signalFrame(undefined, (NOW + 600_000) as Instant))).toBe('fine');
    expect(codeOf(signalFrame(undefined, (NOW + 600_001) as Instant))).toBe('TIME_IN_FUTURE');
  });

  test('the hour of a cell may begin ten minutes ahead and not a millisecond more', () => {
    const cell = cellFrame();
    expect(codeOf(cell, cell.hour * HOUR_MS - 600_000)).toBe('fine');
    expect(codeOf(cell, cell.hour * HOUR_MS - 600_001)).toBe('TIME_IN_FUTURE');
  });

  test('a trip may be dated tomorrow in Shanghai and no later', () => {
    expect(codeOf(tripRow({ localDate: 2026_03_02 }))).toBe('fine');
    expect(codeOf(tripRow({ localDate: 2026_03_03 }))).toBe('TIME_IN_FUTURE');
    const midnight = Date.UTC(2026, 2, 1, 16);
    expect(codeOf(tripRow({ localDate: 2026_03_03 }), midnight - 1)).toBe('TIME_IN_FUTURE');
    expect(codeOf(tripRow({ localDate: 2026_03_03 }), midnight)).toBe('fine');
  });

  test('the turn of a month and of a year is no gap', () => {
    const newYearsEve = Date.UTC(2026, 11, 31, 4);
    expect(codeOf(tripRow({ localDate: 2027_01_01 }), newYearsEve)).toBe('fine');
    expect(codeOf(tripRow({ localDate: 2027_01_02 }), newYearsEve)).toBe('TIME_IN_FUTURE');
  });

  test.each([0, 1, 2026_00_10, 2026_02_29, 2026_13_01, 2026_02_00, 2025_04_31])(
    'a trip cannot be dated %i',
    (localDate) => {
      expect(codeOf(tripRow({ localDate }))).toBe('VALUE_IMPLAUSIBLE');
    },
  );

  test('a leap day is a day', () => {
    expect(codeOf(tripRow({ localDate: 2024_02_29 }))).toBe('fine');
  });
});

describe('grids and identifiers', () => {
  const quanta = [{ path: 'Vehicle.Speed', quantumMillionths: 500_000 }];
  const beside = (speed: number) =>
    recheckBatch(batchOf([signalFrame({ 'Vehicle.Speed': speed })], { quanta }), device.registered, NOW) ?? 'fine';

  test('a value off the grid that its batch tells is refused, on it passes', () => {
    expect([beside(42.5), beside(42.4), beside(-0.5)]).toEqual(['fine', 'VALUE_OFF_GRID', 'fine']);
    expect(codeOfSignals({ 'Vehicle.Speed': 42.4 })).toBe('fine');
  });

  test.each([490154203237518, 89860012017300000000, 46000123456789])(
    '%d under a path of no row is refused',
    (value) => {
      expect(codeOfSignals({ 'Vehicle.Vendor.Counter': value })).toBe('IDENTIFIER_IN_PAYLOAD');
      expect(codeOfSignals({ 'Vehicle.Vendor.Counter': value / 1e20 })).toBe('fine');
    },
  );
});

describe('cells', () => {
  test.each([
    ['5 km', {}],
    ['10 km', { sizeM: 10_000, row: 346, column: 48 }],
  ])('a %s cell of the grid passes', (_, change) => {
    expect(codeOf(cellFrame(change))).toBe('fine');
  });

  test('a cell of 1 km passes beside the step that says it was accepted in words, and no other', () => {
    const small = cellFrame({ sizeM: 1_000, row: 3460, column: 480 });
    const beside = (stage: string, parameters: string) =>
      recheckBatch(batchOf([small], { steps: [{ stage, parameters }] }), device.registered, NOW) ?? 'fine';
    expect(beside('position-fleet', 'cell-m=1000 unsafe=trimM,cellM')).toBe('fine');
    expect(beside('position-fleet', 'cell-m=1000 unsafe=cellM')).toBe('fine');
    expect(beside('position-fleet', 'cell-m=1000 unsafe=trimM')).toBe('CELL_NOT_ON_GRID');
    expect(beside('position-fleet', 'cell-m=1000')).toBe('CELL_NOT_ON_GRID');
    expect(beside('allow-signals', 'paths=1 unsafe=cellM')).toBe('CELL_NOT_ON_GRID');
  });

  test.each([
    ['of 1 km', { sizeM: 1_000, row: 3460, column: 480 }],
    ['of 5 001 m', { sizeM: 5_001 }],
    ['of 0 m', { sizeM: 0 }],
    ['west of its zone', { column: 60 }],
    ['east of its zone', { column: 140 }],
    ['south of the mainland', { row: 300 }],
    ['north of the mainland', { row: 1_300 }],
    ['in zone 23', { zone: 23 }],
    ['in no zone', { zone: 0 }],
  ])('a cell %s is refused', (_, change) => {
    expect(codeOf(cellFrame(change))).toBe('CELL_NOT_ON_GRID');
  });
});

describe('signals', () => {
  test('a frame without a reading is refused: it would be acknowledged and stored nowhere', () => {
    expect(codeOfSignals({})).toBe('FRAME_SCHEMA');
  });

  test.each([
    'Vehicle.CurrentLocation.Latitude',
    'Vehicle.CurrentLocation.Longitude',
    'Vehicle.CurrentLocation.Altitude',
    'Vehicle.CurrentLocation.Heading',
    'Vehicle.VehicleIdentification.VIN',
  ])('%s is refused whatever its value, also beside honest readings', (path) => {
    for (const value of [0, 31.27908, false, 'X'])
      expect(codeOfSignals({ 'Vehicle.Speed': 1, [path]: value })).toBe('PATH_FORBIDDEN');
  });

  const sendable = SIGNAL_ROWS.filter(({ edge }) => edge === 'allowed');
  const nearest = (value: number, away: 1 | -1) => value + away * Math.max(Math.abs(value), 1) * 2 ** -50;

  test('a number lies within the bounds of its row', () => {
    const wrong: string[] = [];
    for (const { path, value, min, max } of sendable.filter(({ value }) => value === 'number')) {
      const inside = [min ?? -1e6, max ?? 1e6].map((one) => codeOfSignals({ [path]: one }));
      const beyond = [
        ...(min === undefined ? [] : [nearest(min, -1)]),
        ...(max === undefined ? [] : [nearest(max, 1)]),
      ].map((one) => codeOfSignals({ [path]: one }));
      if (inside.some((code) => code !== 'fine') || beyond.some((code) => code !== 'VALUE_IMPLAUSIBLE'))
        wrong.push(`${path} ${value} ${min} ${max}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ['flag', true, [31.27908, '31.27908,119.6776716']],
    ['number', undefined, [true, '1']],
    ['text', 'OFF', [31.27908, true]],
  ] as const)('a row for a %s takes nothing else', (form, good, bad) => {
    const rows = sendable.filter(({ value }) => value === form);
    expect(rows.length).toBeGreaterThan(50);
    for (const { path } of rows) {
      if (good !== undefined) expect(codeOfSignals({ [path]: good }), path).toBe('fine');
      for (const one of bad) expect(codeOfSignals({ [path]: one }), path).toBe('VALUE_IMPLAUSIBLE');
    }
  });

  test('text is taken only where no dataset is built from', () => {
    expect(
      SIGNAL_ROWS.filter(({ value, zone, exportable }) => value === 'text' && (exportable || zone === 'personal')),
    ).toEqual([]);
  });

  test('a path that no row knows passes with any value; it stays at home', () => {
    expect(codeOfSignals({ 'Vehicle.Cabin.Door.Count': 4, 'Vehicle.Powertrain.Type': 'ELECTRIC' })).toBe('fine');
  });
});

describe('a VIN where none belongs', () => {
  const inText = (vin: string) => codeOfSignals({ 'Vehicle.Cabin.Note': vin });
  const inPath = (vin: string) => codeOfSignals({ [`Vehicle.Cabin.${vin}`]: 1 });

  test.each([
    ['the value of a signal', inText],
    ['the path of a signal', inPath],
    ['the policy id', (vin: string) => codeOfBatch({ policyId: vin })],
    ['the name of a stage', (vin: string) => codeOfBatch({ steps: [{ stage: vin, parameters: '' }] })],
    ['the parameters of a step', (vin: string) => codeOfBatch({ steps: [{ stage: 'tag', parameters: `vin=${vin}` }] })],
    ['the cause of a removal', (vin: string) => codeOfBatch({ removals: [{ cause: vin, count: 1 }] })],
    ['the cause of a drop', (vin: string) => codeOfBatch({ drops: [{ firstSequence: 0, count: 1, cause: vin }] })],
  ])('in %s', (_, codeWith) => {
    expect(codeWith(another)).toBe('VIN_MISMATCH');
    expect(codeWith(device.vin)).toBe('VIN_IN_PAYLOAD');
  });

  test('a number whose digits pass for a VIN is a number', () => {
    const number = 0.006_810_126_245_108_71;
    expect(findVins(String(number))).toHaveLength(1);
    expect(codeOfSignals({ 'Vehicle.Cabin.Unknown.Sensor': number, 'Vehicle.Exterior.AirTemperature': number })).toBe(
      'fine',
    );
  });

  test('counts for more than the signal it rides in', () => {
    expect(codeOfSignals({ 'Vehicle.VehicleIdentification.VIN': another })).toBe('VIN_MISMATCH');
  });
});

test('one bad frame condemns its batch, wherever it stands', () => {
  const bad = tripRow({ localDate: 2026_03_03 });
  for (const frames of [
    [bad, tripRow(), signalFrame()],
    [tripRow(), signalFrame(), bad],
  ])
    expect(recheckBatch(batchOf(frames), device.registered, NOW)).toBe('TIME_IN_FUTURE');
});
