import { describe, expect, test } from 'vitest';
import { subjectTags } from '../../../../edge/adapters/vehicle-secret.ts';
import { allowSignals } from '../../../../edge/stages/allow-signals.ts';
import { dropImagery } from '../../../../edge/stages/drop-imagery.ts';
import { stagesFor } from '../../../../edge/stages/pipeline.ts';
import type { Draft, Stage } from '../../../../edge/stages/stage.ts';
import { stripIdentifiers } from '../../../../edge/stages/strip-identifiers.ts';
import { tagSubject } from '../../../../edge/stages/tag-subject.ts';
import { encodeSealedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import type { Vin } from '../../../../proto/words/vin.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';
import { CHARGE, policyOf, SPEED } from '../../../support/edge/policies.ts';

const tagAt = subjectTags(new Uint8Array(32).fill(1), VIN_A as Vin, 'daily');
const clock: Draft = { kind: 'clock', at: MORNING };

function apply(stage: Stage, draft: Draft) {
  const removed: Record<string, number> = {};
  const given = stage.apply(draft, (cause, count) => {
    removed[cause] = (removed[cause] ?? 0) + count;
  });
  return { given, removed };
}

describe('drop-imagery', () => {
  test('drops every picture and counts it, whatever the camera', () => {
    for (const camera of ['front', 'cabin', '']) {
      const image: Draft = {
        kind: 'image',
        at: MORNING,
        camera,
        place: 'exterior',
        bytes: Uint8Array.of(0xff, 0xd8, 0xff),
      };
      expect(apply(dropImagery, image)).toEqual({ given: [], removed: { imagery: 1 } });
    }
    expect(apply(dropImagery, clock)).toEqual({ given: [clock], removed: {} });
  });
});

describe('strip-identifiers', () => {
  test.each([
    ['a VIN', VIN_A],
    ['a VIN glued to a word', `id${VIN_A.toLowerCase()}x`],
    ['an IMEI with spaces', '49 015420 323751 8'],
    ['an ICCID', '89860012017300000003'],
    ['an IMSI', '460001234567890'],
    ['an IMEI as a number', 490154203237518],
  ])('takes out %s, counts it, and leaves the rest as it is', (_, value) => {
    const signals = { [SPEED]: 1, 'Vehicle.Vendor.Note': value };
    expect(apply(stripIdentifiers, { kind: 'signals', at: MORNING, signals })).toEqual({
      given: [{ kind: 'signals', at: MORNING, signals: { [SPEED]: 1 } }],
      removed: { identifier: 1 },
    });
  });

  test('a frame without one goes on untouched, and what is no signal too', () => {
    const draft: Draft = { kind: 'signals', at: MORNING, signals: { [SPEED]: 42.5, [CHARGE]: 123_456_789_012 } };
    expect(apply(stripIdentifiers, draft).given[0]).toBe(draft);
    expect(apply(stripIdentifiers, clock).given).toEqual([clock]);
  });
});

describe('allow-signals', () => {
  const stage = allowSignals(policyOf({ allowedPaths: new Set([SPEED, CHARGE, 'Vehicle.CurrentLocation.Latitude']) }));

  test('keeps what the policy names, with its time, and counts the rest', () => {
    const signals = { [SPEED]: 0, [CHARGE]: false, 'Vehicle.IsMoving': true, 'Vehicle.speed': 1, 'Vehicle.Speed ': 2 };
    expect(apply(stage, { kind: 'signals', at: MORNING, signals })).toEqual({
      given: [{ kind: 'signals', at: MORNING, signals: { [SPEED]: 0, [CHARGE]: false } }],
      removed: { 'signal-not-allowed': 3 },
    });
  });

  test('removes a position and a VIN, whatever the policy names', () => {
    const signals = { 'Vehicle.CurrentLocation.Latitude': 31.27908, 'Vehicle.VehicleIdentification.VIN': VIN_A };
    expect(apply(stage, { kind: 'signals', at: MORNING, signals })).toEqual({
      given: [],
      removed: { 'signal-not-allowed': 2 },
    });
  });

  test('gives nothing when nothing is left, and passes on what is no signal', () => {
    expect(apply(stage, { kind: 'signals', at: MORNING, signals: {} })).toEqual({ given: [], removed: {} });
    expect(apply(stage, clock).given).toEqual([clock]);
  });

  test('a rule keeps one value a period, the first, whatever was asked before, and cuts it down to its grid', () => {
    const signalRules = new Map([
      [SPEED, { path: SPEED, periodMs: 10_000, quantumMillionths: 5_000_000 }],
      [CHARGE, { path: CHARGE, periodMs: 0, quantumMillionths: 100_000 }],
    ]);
    const limited = allowSignals(policyOf({ allowedPaths: new Set([SPEED, CHARGE]), signalRules }));
    const start = later(MORNING, 10_000 - (MORNING % 10_000));
    const at = (ms: number, speed: number) =>
      apply(limited, { kind: 'signals', at: later(start, ms), signals: { [SPEED]: speed, [CHARGE]: 71.29 } });
    expect(at(0, 42.5).given).toEqual([{ kind: 'signals', at: start, signals: { [SPEED]: 40, [CHARGE]: 71.2 } }]);
    for (const ms of [1, 5_000, 9_999, -1]) {
      const { given, removed } = at(ms, 99);
      expect(given).toEqual([{ kind: 'signals', at: later(start, ms), signals: { [CHARGE]: 71.2 } }]);
      expect(removed).toEqual({ 'signal-rate': 1 });
    }
    expect(at(10_000, -0.1).given).toMatchObject([{ signals: { [SPEED]: -5 } }]);
    expect(at(20_000, 1e300)).toMatchObject({
      given: [{ signals: { [CHARGE]: 71.2 } }],
      removed: { 'signal-not-allowed': 1 },
    });
  });

  test('an empty allow-list collects nothing', () => {
    const empty = allowSignals(policyOf({ allowedPaths: new Set() }));
    expect(apply(empty, { kind: 'signals', at: MORNING, signals: { [SPEED]: 1 } }).given).toEqual([]);
  });

  test('says how many paths may leave, which is not how many the policy names', () => {
    expect(stage.parameters).toBe('paths=2');
  });
});

describe('tag-subject', () => {
  test('puts the tag of the moment in place of the vehicle, and floors the time to the second', () => {
    const draft: Draft = { kind: 'signals', at: later(MORNING, 999), signals: { [SPEED]: 42.5 } };
    const [candidate] = apply(tagSubject(tagAt), draft).given;
    expect(candidate).toEqual({
      kind: 'candidate',
      content: {
        kind: 'signals',
        subjectTag: tagAt(MORNING),
        observedAt: MORNING,
        signals: [{ path: SPEED, value: 42.5 }],
      },
    });
  });

  test('passes on what is no signal', () => {
    expect(apply(tagSubject(tagAt), clock).given).toEqual([clock]);
  });
});

test('the steps of every preset fit the schema that names them', () => {
  for (const preset of [0, 1, 2] as const) {
    const stages = stagesFor(policyOf({ preset }), { tagAt, places: { marginAt: () => undefined }, chance: () => 0 });
    expect(stages.map(({ name }) => name).slice(0, 2)).toEqual([
      'drop-imagery',
      ['position-none', 'position-strict', 'position-fleet'][preset],
    ]);
    const steps = stages.map(({ name, parameters }) => ({ stage: name, parameters }));
    const batch = {
      epoch: 1,
      firstSequence: 0,
      policyId: 'p',
      policyVersion: 1,
      steps,
      removals: [],
      drops: [],
      frames: [],
    };
    expect(() => encodeSealedBatch(batch)).not.toThrow();
  }
});
