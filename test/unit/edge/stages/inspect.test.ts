import { describe, expect, test } from 'vitest';
import { inspect } from '../../../../edge/stages/inspect.ts';
import type { Candidate } from '../../../../edge/stages/stage.ts';
import { POSITION_PRESETS } from '../../../../proto/codec/control-codec.ts';
import type { FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import { PRESET_RULES } from '../../../../proto/words/position-rules.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import {
  CELL,
  cellCandidate,
  SIGNALS,
  signalsCandidate,
  TRIP,
  tripCandidate,
} from '../../../support/edge/candidates.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';
import { allPurposes, OPERATIONS, policyOf, SPEED } from '../../../support/edge/policies.ts';

const strict = policyOf();
const fleet = policyOf({ preset: POSITION_PRESETS.fleet });
const none = policyOf({ preset: POSITION_PRESETS.none });
const unknown = policyOf({ preset: 9 as never });

const basis = { purpose: 'operations', consent: '' };

const withContent = (content: object): Candidate => ({ ...tripCandidate, content: content as FrameContent });
const withValue = (value: unknown): Candidate => withContent({ ...SIGNALS, signals: [{ path: SPEED, value }] });

describe('what passes', () => {
  test.each([2, 13])('no path twice in a frame of %i readings, which has room for one', (count) => {
    const paths = Array.from({ length: count }, (_, index) =>
      index === count - 1 ? 'Vehicle.P0' : `Vehicle.P${index}`,
    );
    const signals = paths.map((path) => ({ path, value: 1 }));
    const policy = { ...strict, allowedPaths: new Set(paths), purposes: allPurposes(paths) };
    expect(inspect(withContent({ ...SIGNALS, signals }), policy)).toBeUndefined();
    expect(inspect(withContent({ ...SIGNALS, signals: signals.slice(1) }), policy)).toBeDefined();
  });

  test('no time that cannot be written', () => {
    const lasting = {
      ...strict,
      purposes: allPurposes(strict.allowedPaths, { ...OPERATIONS, expiresAt: (2 ** 53) as Instant }),
    };
    const at = (observedAt: number) => inspect(withContent({ ...SIGNALS, observedAt: observedAt as Instant }), lasting);
    expect(at(4_503_599_627_370_000)).toBeDefined();
    expect(at(4_503_599_627_371_000)).toBeUndefined();
  });

  test('signals under every preset, cells under fleet, trip rows under strict and fleet', () => {
    for (const policy of [strict, fleet, none])
      expect(inspect(signalsCandidate, policy)).toEqual({ content: SIGNALS, basis });
    expect(inspect(cellCandidate, fleet)).toEqual({ content: CELL, basis });
    for (const policy of [strict, fleet]) {
      expect(inspect(tripCandidate, policy)).toEqual({ content: TRIP, basis, notBefore: tripCandidate.notBefore });
    }
  });

  test.each([
    0,
    -1,
    0.1,
    Number.MAX_VALUE,
    true,
    false,
    'ELECTRIC',
    'A',
    'LEVEL_2',
    'A2345678B2345678C2345678D234567E',
  ])('the value %j', (value) => {
    expect(inspect(withValue(value), strict)).toBeDefined();
  });

  test('nothing rides along: extra properties of candidate, content, cell and reading stay behind', () => {
    const extra = { latitude: 31.27908, vin: VIN_A };
    const signals = SIGNALS.signals.map((reading) => ({ ...reading, ...extra }));
    const loaded = [
      [{ ...signalsCandidate, ...extra, content: { ...SIGNALS, signals, ...extra } }, SIGNALS],
      [{ ...cellCandidate, ...extra, content: { ...CELL, datum: 'WGS-84', ...extra } }, CELL],
      [{ ...tripCandidate, ...extra, content: { ...TRIP, tag: SIGNALS.subjectTag, ...extra } }, TRIP],
    ] as const;
    for (const [candidate, content] of loaded) {
      const sealed = inspect(candidate as Candidate, fleet);
      expect(sealed?.content).toEqual(content);
      expect(Object.keys(sealed ?? {}).sort()).toEqual(
        candidate.notBefore === undefined ? ['basis', 'content'] : ['basis', 'content', 'notBefore'],
      );
    }
  });
});

describe('what a policy asks of values', () => {
  const rules = new Map([[SPEED, { path: SPEED, periodMs: 0, quantumMillionths: 500_000 }]]);
  const halves = policyOf({ signalRules: rules });

  test.each([
    [42.5, true],
    [0, true],
    [-0.5, true],
    [42.4, false],
    [1e-9, false],
    [1e300, false],
  ])('of halves, %d passes: %s', (value, passes) => {
    expect(inspect(withValue(value), halves) !== undefined).toBe(passes);
  });

  test('the time of a cell says nothing finer than the policy: the hour, the Shanghai day, or the quarter where that was accepted', () => {
    const given = (timeFloorS: number, time: object) => {
      const policy = policyOf({ preset: POSITION_PRESETS.fleet, position: { ...PRESET_RULES.fleet, timeFloorS } });
      return (
        inspect(
          { kind: 'candidate', content: { ...CELL, ...time }, notBefore: tripCandidate.notBefore } as Candidate,
          policy,
        ) !== undefined
      );
    };
    // 443,056 is 16:00 UTC, the first hour of a Shanghai day.
    const midnight = 443_056;
    expect([given(3_600, { hour: midnight + 1 }), given(3_600, { hour: midnight, quarter: 1 })]).toEqual([true, false]);
    expect([
      given(86_400, { hour: midnight }),
      given(86_400, { hour: midnight + 1 }),
      given(86_400, { hour: midnight + 8 }),
    ]).toEqual([true, false, false]);
    expect([given(900, { hour: midnight, quarter: 3 }), given(900, { hour: midnight, quarter: 4 })]).toEqual([
      true,
      false,
    ]);
  });

  test('the cell of a day is held back, and is of the size that the policy asks for', () => {
    const position = { ...PRESET_RULES.fleet, timeFloorS: 86_400 };
    const policy = policyOf({ preset: POSITION_PRESETS.fleet, position });
    const cell = { kind: 'candidate', content: { ...CELL, hour: 443_056 } } as Candidate;
    expect(inspect(cell, policy)).toBeUndefined();
    expect(inspect({ ...cell, ...{ notBefore: tripCandidate.notBefore } } as Candidate, policy)).toBeDefined();
    expect(
      inspect(
        cellCandidate,
        policyOf({
          preset: POSITION_PRESETS.fleet,
          position: { ...PRESET_RULES.fleet, cellM: 10_000, endCellM: 10_000 },
        }),
      ),
    ).toBeUndefined();
  });

  test('a statistic is a class at the beginning of its hour', () => {
    const path = 'Vehicle.Statistics.Turning.TotalClass';
    const policy = policyOf({ allowedPaths: new Set([path]) });
    const given = (value: unknown, observedAt: number) =>
      inspect(withContent({ ...SIGNALS, observedAt, signals: [{ path, value }] }), policy) !== undefined;
    const hour = Math.floor(SIGNALS.observedAt / 3_600_000) * 3_600_000;
    expect([given(3, hour), given(0, hour), given(20, hour)]).toEqual([true, true, true]);
    expect([given(3, hour + 1_000), given(3.5, hour), given(21, hour), given(true, hour)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('what integrates to a track passes only under a rule of a minute or more', () => {
    const path = 'Vehicle.Chassis.SteeringWheel.Angle';
    const given = (periodMs: number | undefined) => {
      const signalRules =
        periodMs === undefined ? undefined : new Map([[path, { path, periodMs, quantumMillionths: 0 }]]);
      const policy = policyOf({ allowedPaths: new Set([path]), ...(signalRules === undefined ? {} : { signalRules }) });
      return inspect(withContent({ ...SIGNALS, signals: [{ path, value: 3 }] }), policy) !== undefined;
    };
    expect([given(undefined), given(0), given(59_999), given(60_000)]).toEqual([false, false, false, true]);
  });
});

describe('what is refused', () => {
  test.each([
    ['a cell under strict', cellCandidate, strict],
    ['a cell under none', cellCandidate, none],
    ['a trip row under none', tripCandidate, none],
    ['a trip row under a preset that nobody knows', tripCandidate, unknown],
    ['a cell under a preset that nobody knows', cellCandidate, unknown],
  ])('%s', (_, candidate, policy) => {
    expect(inspect(candidate, policy)).toBeUndefined();
  });

  test.each([
    ['a cell of 1 km', { ...CELL, sizeM: 1_000, row: CELL.row * 5, column: CELL.column * 5 }],
    ['a cell of 2 km', { ...CELL, sizeM: 2_000 }],
    ['a cell of no size', { ...CELL, sizeM: 0 }],
    ['a fraction of a row', { ...CELL, row: CELL.row + 0.5 }],
    ['a fraction of a column', { ...CELL, column: CELL.column + 0.123_456 }],
    ['a zone that is NaN', { ...CELL, zone: Number.NaN }],
    ['a zone abroad', { ...CELL, zone: 23 }],
    ['an hour that the schema cannot hold', { ...CELL, hour: 2_000_001 }],
    ['half an hour', { ...CELL, hour: CELL.hour + 0.5 }],
    ['no tag', { ...CELL, subjectTag: undefined }],
  ])('%s', (_, content) => {
    expect(inspect({ kind: 'candidate', content: content as FrameContent }, fleet)).toBeUndefined();
  });

  test.each([
    ['lower case', 'electric'],
    ['a sentence', 'ELECTRIC CAR'],
    ['a plate', '苏E12345'],
    ['a decimal', '31.27908'],
    ['digits', '3127908'],
    ['33 characters', 'A'.repeat(33)],
    ['nothing', ''],
    ['a line feed', 'ELECTRIC\n'],
    ['a VIN', VIN_A],
    ['a VIN after an underscore', `CAR_${VIN_A}`],
    ['a VIN after a letter', `X${VIN_A}`],
    ['an IMEI', 'IMEI_490154203237518'],
    ['an ICCID', 'SIM89860012017300000003'],
    ['an IMSI', 'S460001234567890'],
    ['an integer of 15 digits', 490154203237518],
    ['an integer of 20 digits', 89860012017300000000],
    ['a negative one of 14', -49015420323751],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['negative infinity', Number.NEGATIVE_INFINITY],
    ['null', null],
    ['undefined', undefined],
    ['a list', [31.27908]],
    ['an object that prints as a literal', { toString: () => 'ELECTRIC' }],
    ['a boxed string', Object('ELECTRIC')],
    ['a bigint', 5n],
  ])('a value that is %s', (_, value) => {
    expect(inspect(withValue(value), strict)).toBeUndefined();
  });

  test.each([
    ['a path that the policy does not name', [{ path: 'Vehicle.IsMoving', value: true }]],
    ['one such path among good ones', [...SIGNALS.signals, { path: 'Vehicle.IsMoving', value: true }]],
    ['no signals', []],
    ['257 signals', Array.from({ length: 257 }, () => ({ path: SPEED, value: 1 }))],
    ['signals that are no list', { length: 1 }],
    ['a reading that is null', [null]],
    ['no list at all', undefined],
  ])('%s', (_, signals) => {
    expect(inspect(withContent({ ...SIGNALS, signals }), strict)).toBeUndefined();
  });

  test.each([
    'Vehicle.CurrentLocation.Latitude',
    'Vehicle.CurrentLocation.Longitude',
    'Vehicle.VehicleIdentification.VIN',
    'Vehicle.Cabin.Infotainment.Navigation.DestinationSet.Latitude',
  ])('%s, even if the policy names it', (path) => {
    const policy = policyOf({ allowedPaths: new Set([path, SPEED]) });
    expect(inspect(withContent({ ...SIGNALS, signals: [{ path, value: 31.27908 }] }), policy)).toBeUndefined();
  });

  test.each([
    ['31 February', { ...TRIP, localDate: 20_200_231 }],
    ['month 13', { ...TRIP, localDate: 20_201_301 }],
    ['a date that is an instant', { ...TRIP, localDate: 1_595_034_437 }],
    ['a class of its own', { ...TRIP, distanceClass: 21 }],
    ['an exact distance', { ...TRIP, distanceClass: 4.2 }],
    ['a negative class', { ...TRIP, durationClass: -1 }],
    ['a kind that nobody knows', { ...TRIP, kind: 'fix' }],
  ])('a trip row with %s', (_, content) => {
    expect(inspect(withContent(content), strict)).toBeUndefined();
  });

  test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1.5, '1595034437000', 2 ** 53])(
    'a trip row held back until %j',
    (notBefore) => {
      expect(inspect({ ...tripCandidate, notBefore } as Candidate, strict)).toBeUndefined();
    },
  );

  test.each([undefined, null, 'trip', 7])('content that is %j, without throwing', (content) => {
    expect(inspect({ kind: 'candidate', content: content as never }, strict)).toBeUndefined();
  });
});
