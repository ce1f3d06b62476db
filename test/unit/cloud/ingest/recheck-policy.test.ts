import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recheckBatch } from '../../../../cloud/ingest/recheck-batch.ts';
import { type PolicyRecheck, recheckPolicy } from '../../../../cloud/ingest/recheck-policy.ts';
import { areStepsOf } from '../../../../cloud/ingest/steps-of-policy.ts';
import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  type ConsentRecord,
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
  POSITION_PRESETS,
  type PolicyBundle,
  TAG_ROTATIONS,
} from '../../../../proto/codec/control-codec.ts';
import { CAMERA_LABELS, MINUTE_MS } from '../../../../proto/codec/sensor-frames.ts';
import type { FrameContent, SealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { cellFrame, NOW, signalFrame, tripRow } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { batchUnder, knowing, stepsUnder, takenOf } from '../../../support/cloud/policy-batches.ts';
import { IMAGE, OBJECTS, POINTS, RINGS } from '../../../support/edge/candidates.ts';
import { bundleOf, CHARGE, SPEED } from '../../../support/edge/policies.ts';

const device = testDevice(1).registered;
const verdict = (batch: SealedBatch, against: PolicyRecheck, now: Instant = NOW) =>
  recheckBatch(batch, device, now, against) ?? 'fine';

const FLEET = { preset: POSITION_PRESETS.fleet, allowedPaths: [SPEED, CHARGE] };
const minute = Math.floor(NOW / MINUTE_MS) - 1;

/** What a vehicle sends under a bundle, and what the cloud that told it the bundle says. */
const under = (bundle: Partial<PolicyBundle>, frames: readonly FrameContent[]) =>
  verdict(batchUnder(bundle, frames), knowing([bundle]));

type MadeOf<Made> = Made extends fc.Arbitrary<infer Value> ? Value : never;

describe('which policy', () => {
  const batch = batchUnder(FLEET, [signalFrame(), cellFrame(), tripRow()]);

  test('one that was distributed', () => {
    expect(verdict(batch, knowing([FLEET]))).toBe('fine');
  });

  test('none that was never distributed: another name, a version beside it, nothing at all', () => {
    for (const known of [[], [{ ...FLEET, id: 'other' }], [{ ...FLEET, version: 2 }]])
      expect(verdict(batch, knowing(known))).toBe('POLICY_UNKNOWN');
  });

  test('an older version than the last, for a batch that waited: it was in force when its frames were observed', () => {
    const ended = { ...FLEET, expiresAtMs: NOW + HOUR_MS };
    const later = (NOW + 90 * 86_400_000) as Instant;
    expect(verdict(batchUnder(ended, [signalFrame()]), knowing([ended, { ...FLEET, version: 2 }]), later)).toBe('fine');
  });

  test('none that had ended when a frame was observed, nor one that had not begun when the batch came', () => {
    const ended = { ...FLEET, expiresAtMs: NOW + HOUR_MS };
    const after = (NOW + 2 * HOUR_MS) as Instant;
    const hour = Math.floor(after / HOUR_MS);
    for (const frame of [signalFrame(undefined, after), cellFrame({ hour })])
      expect(verdict(batchUnder(ended, [frame]), knowing([ended]), after)).toBe('POLICY_NOT_IN_FORCE');
    const early = { ...batch, policyVersion: 3 };
    expect(verdict(early, knowing([{ ...FLEET, version: 3, notBeforeMs: NOW + HOUR_MS }]))).toBe('POLICY_NOT_IN_FORCE');
  });

  test('a version that was signed twice is either of the two', () => {
    const twice = knowing([{ ...FLEET, allowedPaths: [CHARGE] }, FLEET]);
    expect(verdict(batch, twice)).toBe('fine');
  });

  test('without the protection the same lies are believed', () => {
    const forged = { ...batch, policyVersion: 9, steps: [] };
    expect(recheckBatch(forged, device, NOW)).toBeUndefined();
    expect(verdict(forged, knowing([FLEET]))).toBe('POLICY_UNKNOWN');
  });
});

describe('steps', () => {
  const settings = fc.record({
    preset: fc.constantFrom(...Object.values(POSITION_PRESETS)),
    tagRotation: fc.constantFrom(TAG_ROTATIONS.daily, TAG_ROTATIONS.trip),
    imagery: fc.constantFrom(...Object.values(IMAGERY_SETTINGS)),
    pointCloud: fc.constantFrom(...Object.values(POINT_CLOUD_SETTINGS)),
    objects: fc.constantFrom(...Object.values(OBJECT_SETTINGS)),
    sensorIntervalS: fc.integer({ min: 10, max: 3_600 }),
    trimM: fc.integer({ min: 2_000, max: 9_000 }),
    hasRules: fc.boolean(),
    statistics: fc.subarray(['Vehicle.Statistics.Climb.RangeClass', 'Vehicle.Statistics.Unknown']),
  });

  const bundleFrom = ({ trimM, hasRules, statistics, ...made }: MadeOf<typeof settings>): Partial<PolicyBundle> => ({
    ...made,
    allowedPaths: [SPEED, CHARGE, 'Vehicle.CurrentLocation.Latitude', ...statistics],
    voxelMm: made.pointCloud === POINT_CLOUD_SETTINGS.voxel ? 700 : 0,
    signalRules: hasRules ? [{ path: SPEED, periodMs: 2_000, quantumMillionths: 500_000 }] : [],
    position: made.preset === POSITION_PRESETS.fleet ? { trimM } : {},
  });

  test('those the agent itself takes are known, whatever the bundle; no other sequence of them is', () => {
    fc.assert(
      fc.property(settings, fc.nat(), (made, chance) => {
        const change = bundleFrom(made);
        const steps = stepsUnder(takenOf(change));
        const bundle = bundleOf(change);
        expect(areStepsOf(steps, bundle)).toBe(true);
        const at = chance % steps.length;
        const [step] = steps.slice(at);
        if (step === undefined) return expect.unreachable();
        // Which statistics there are is the agent's to say, and what they count is removed by the steps after it.
        if (step.stage !== 'motion-statistics') expect(areStepsOf(steps.toSpliced(at, 1), bundle)).toBe(false);
        expect(areStepsOf(steps.toSpliced(at, 0, step), bundle)).toBe(false);
        expect(areStepsOf(steps.toSpliced(at, 1, { ...step, stage: `${step.stage}x` }), bundle)).toBe(false);
        expect(areStepsOf(steps.toReversed(), bundle)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('of a weaker setting than the bundle are refused', () => {
    const { steps } = batchUnder(FLEET, []);
    const weaker = steps.map(({ stage, parameters }) => ({
      stage,
      parameters: parameters.replace(/trim-m=\d+/, 'trim-m=100'),
    }));
    expect(weaker).not.toEqual(steps);
    const batch = { ...batchUnder(FLEET, [signalFrame()]), steps: weaker };
    expect(verdict(batch, knowing([FLEET]))).toBe('STEPS_NOT_OF_POLICY');
  });

  test('of an agent of an earlier release are known, where the bundle left the setting to the preset', () => {
    const told = (bundle: Partial<PolicyBundle>, trimM: number) => {
      const steps = stepsUnder(takenOf(bundle)).map(({ stage, parameters }) => ({
        stage,
        parameters: parameters.replace(/trim-m=\d+/, `trim-m=${trimM}`),
      }));
      return areStepsOf(steps, bundleOf(bundle));
    };
    expect([told(FLEET, 1_200), told(FLEET, 1_000), told(FLEET, 1_100)]).toEqual([true, true, false]);
    const set = { ...FLEET, position: { trimM: 1_200 } };
    expect([told(set, 1_200), told(set, 1_000)]).toEqual([true, false]);
    // As it reads once it was on the wire: 0 is the preset's own.
    expect(told({ ...FLEET, position: { trimM: 0 } }, 1_000)).toBe(true);
  });

  test('for fences are demanded where the bundle demands fences', () => {
    const fenced = bundleOf({ fenceVersionMin: 1 });
    const others = stepsUnder(takenOf({})).filter(({ stage }) => stage !== 'fence-senses');
    expect(areStepsOf([{ stage: 'fence-senses', parameters: '' }, ...others], fenced)).toBe(true);
    expect(areStepsOf(others, fenced)).toBe(false);
  });
});

describe('content', () => {
  const hourOfDay = (shanghai: number) => Math.floor(Date.UTC(2026, 1, 27, shanghai - 8) / HOUR_MS);
  const STRICT_MAP = { preset: POSITION_PRESETS['strict-map'] };
  const tenKm = (shanghai: number) => cellFrame({ sizeM: 10_000, row: 346, column: 48, hour: hourOfDay(shanghai) });
  const VOXELS = { pointCloud: POINT_CLOUD_SETTINGS.voxel, sensorIntervalS: 10 };
  const REDACT = { imagery: IMAGERY_SETTINGS.redact, sensorIntervalS: 10 };
  const MOSAIC = { imagery: IMAGERY_SETTINGS.mosaic, sensorIntervalS: 10 };
  const dated = <Frame extends object>(frame: Frame) => ({ ...frame, minute });

  // biome-ignore format: one case a line
  test.each<[string, Partial<PolicyBundle>, FrameContent, string]>([
    ['a path that the bundle does not name', {}, signalFrame({ [CHARGE]: 5 }), 'CONTENT_NOT_OF_POLICY'],
    ['a cell under a preset without geometry', {}, cellFrame(), 'CONTENT_NOT_OF_POLICY'],
    ['a trip row under a preset of no position', { preset: POSITION_PRESETS.none }, tripRow(), 'CONTENT_NOT_OF_POLICY'],
    ['a cell of a size of another preset', STRICT_MAP, cellFrame({ hour: hourOfDay(0) }), 'CONTENT_NOT_OF_POLICY'],
    ['a cell of an hour where days are told', STRICT_MAP, tenKm(9), 'TIME_NOT_FLOORED'],
    ['a cell of a day', STRICT_MAP, tenKm(0), 'fine'],
    ['a quarter where hours are told', FLEET, cellFrame({ quarter: 1 }), 'TIME_NOT_FLOORED'],
    ['a time of a signal finer than a second', {}, signalFrame(undefined, (NOW - 1) as Instant), 'TIME_NOT_FLOORED'],
    ['a mosaic where pictures are dropped', {}, dated(IMAGE), 'CONTENT_NOT_OF_POLICY'],
    ['a mosaic where pictures are redacted', REDACT, dated(IMAGE), 'CONTENT_NOT_OF_POLICY'],
    ['a mosaic', MOSAIC, dated(IMAGE), 'fine'],
    ['counts where there are voxels', { ...VOXELS, voxelMm: 500 }, dated(RINGS), 'CONTENT_NOT_OF_POLICY'],
    ['voxels finer than asked', { ...VOXELS, voxelMm: 9_000 }, dated(POINTS), 'CONTENT_NOT_OF_POLICY'],
    ['objects where none are counted', {}, dated(OBJECTS), 'CONTENT_NOT_OF_POLICY'],
  ])('%s', (_, bundle, frame, expected) => {
    expect(under(bundle, [frame])).toBe(expected);
  });

  test('times are held to the bundle also where nobody held them to the steps', () => {
    const quarter = batchUnder(FLEET, [cellFrame({ quarter: 1 })]);
    expect(recheckPolicy(quarter, device.number, NOW, knowing([FLEET]))).toBe('TIME_NOT_FLOORED');
  });

  test('a picture of the cabin rests on a consent of the bundle that holds in its minute', () => {
    const cabin = { ...IMAGE, minute, camera: CAMERA_LABELS.cabin, consent: 'c-1' };
    const consent = {
      ...{ id: 'c-1', purpose: 'study', subjects: CONSENT_SUBJECTS.allOccupants, kind: CONSENT_KINDS.cabinImage },
      ...{ fromMs: NOW - HOUR_MS, untilMs: NOW + HOUR_MS },
    };
    const withConsent = (change: Partial<ConsentRecord>) =>
      under({ ...MOSAIC, consents: [{ ...consent, ...change }] }, [cabin]);
    expect(withConsent({})).toBe('fine');
    const lacking: readonly Partial<ConsentRecord>[] = [
      ...[{ id: 'c-2' }, { untilMs: NOW - 2 * MINUTE_MS }],
      ...[{ subjects: CONSENT_SUBJECTS.driver }, { kind: CONSENT_KINDS.cabinAudio }],
    ];
    for (const change of lacking) expect(withConsent(change)).toBe('CONTENT_NOT_OF_POLICY');
  });

  test('a picture of the cabin may rest on a consent that was given in the vehicle to its purpose, and no other', () => {
    const given = (consent: string) => under(MOSAIC, [{ ...IMAGE, minute, camera: CAMERA_LABELS.cabin, consent }]);
    expect(given('seat-study.7')).toBe('fine');
    for (const consent of [
      'operations.7',
      'seat-study',
      'seat-study.',
      'seat-study.07',
      'seat-study.x',
      'seat-study.7.1',
    ])
      expect(given(consent)).toBe('CONTENT_NOT_OF_POLICY');
  });

  test('a statement of withdrawal may come under any policy', () => {
    const statement = { kind: 'withdrawal', purpose: 'gone', cause: 0, removed: 3 } as const;
    const batch = { ...batchUnder({ preset: POSITION_PRESETS.none }, [statement]), purpose: '' };
    expect(verdict(batch, knowing([{ preset: POSITION_PRESETS.none }]))).toBe('fine');
  });

  test('a batch is for a purpose of its policy; one of before there were purposes needs none', () => {
    const batch = batchUnder({}, [signalFrame()]);
    expect(verdict({ ...batch, purpose: 'marketing' }, knowing([{}]))).toBe('PURPOSE_UNKNOWN');
    const { purpose: _, ...former } = { ...batch, steps: batch.steps.slice(0, -1) };
    const none = { purposes: [], pathPurposes: new Uint8Array(0), kindPurposes: {} };
    expect(verdict(former, knowing([none]))).toBe('fine');
    expect(verdict(former, knowing([{}]))).toBe('STEPS_NOT_OF_POLICY');
  });

  test('values are held to the grid and the period of the bundle, whatever the batch says of itself', () => {
    const bundle = { signalRules: [{ path: SPEED, periodMs: 10_000, quantumMillionths: 500_000 }] };
    const at = (seconds: number, value = 42.5) => signalFrame({ [SPEED]: value }, (NOW - seconds * 1_000) as Instant);
    expect(under(bundle, [at(30), at(20), at(10)])).toBe('fine');
    expect(under(bundle, [at(30, 42.3)])).toBe('QUANTUM_NOT_OF_POLICY');
    expect(under(bundle, [at(30), at(29)])).toBe('INTERVAL_NOT_OF_POLICY');
    expect(recheckBatch(batchUnder(bundle, [at(30, 42.3), at(29)]), device, NOW)).toBeUndefined();
  });
});

describe('how often sensors send', () => {
  const MOSAIC = { imagery: IMAGERY_SETTINGS.mosaic, sensorIntervalS: 20 };
  const pictures = (count: number, change: object = {}) =>
    Array.from({ length: count }, () => ({ ...IMAGE, minute, ...change }));
  const at = (firstSequence: number, frames: readonly FrameContent[]) => ({
    ...batchUnder(MOSAIC, frames),
    firstSequence,
  });

  // Two cameras of a label, three pictures a minute each and one after an agent started anew.
  test('no more pictures of a label in a minute than its cameras can take, spread over batches or not', () => {
    expect(under(MOSAIC, pictures(8))).toBe('fine');
    expect(under(MOSAIC, pictures(9))).toBe('INTERVAL_NOT_OF_POLICY');
    const known = knowing([MOSAIC]);
    expect(verdict(at(0, pictures(5)), known)).toBe('fine');
    expect(verdict(at(5, pictures(4)), known)).toBe('INTERVAL_NOT_OF_POLICY');
    expect(verdict(at(9, pictures(8, { minute: minute - 1 })), known)).toBe('fine');
  });

  test('a batch that is sent again takes nobody a turn', () => {
    const known = knowing([MOSAIC]);
    for (let times = 0; times < 5; times += 1) expect(verdict(at(0, pictures(8)), known)).toBe('fine');
  });

  test('an interval longer than a minute is counted over its length', () => {
    const slow = { ...MOSAIC, sensorIntervalS: 600 };
    const first = Math.floor(minute / 10) * 10 - 10;
    const spread = Array.from({ length: 5 }, (_, index) => ({ ...IMAGE, minute: first + index }));
    expect(under(slow, spread.slice(0, 4))).toBe('fine');
    expect(under(slow, spread)).toBe('INTERVAL_NOT_OF_POLICY');
  });
});
