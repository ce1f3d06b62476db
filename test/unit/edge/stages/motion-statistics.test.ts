import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectTags } from '../../../../edge/adapters/vehicle-secret.ts';
import { motionStatistics, SAMPLES_MIN } from '../../../../edge/stages/motion-statistics.ts';
import { stagesFor } from '../../../../edge/stages/pipeline.ts';
import { runStages } from '../../../../edge/stages/run-stages.ts';
import type { Draft } from '../../../../edge/stages/stage.ts';
import {
  CLIMB_PATH,
  highPath,
  MOTION_QUANTITIES,
  medianPath,
  STATISTICS_PATHS,
  TURNING_PATH,
} from '../../../../edge/stages/statistics-paths.ts';
import { HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import type { Vin } from '../../../../proto/words/vin.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';
import { policyOf, SPEED } from '../../../support/edge/policies.ts';

const HOUR = (Math.floor(MORNING / HOUR_MS) * HOUR_MS) as Instant;
const all = policyOf({ allowedPaths: new Set([...STATISTICS_PATHS, SPEED]) });
const yaw = 'Vehicle.AngularVelocity.Yaw';
const next: Draft = { kind: 'clock', at: later(HOUR, HOUR_MS) };

const samples = (values: readonly number[], path = yaw): readonly Draft[] =>
  values.map((value, index) => ({ kind: 'signals', at: later(HOUR, index * 10), signals: { [path]: value } }));

/** What an hour of drafts is told as, once the next hour begins. */
function told(drafts: readonly Draft[], policy = all): Readonly<Record<string, unknown>> {
  const stage = motionStatistics(policy);
  const given = [...drafts, next].flatMap((draft) => stage?.apply(draft, () => undefined) ?? []);
  const [made, ...more] = given.filter((draft) => !drafts.includes(draft) && draft !== next);
  expect(more).toEqual([]);
  if (made === undefined) return {};
  expect(made).toMatchObject({ kind: 'signals', at: HOUR });
  return made.kind === 'signals' ? made.signals : {};
}

describe('statistics of motion', () => {
  test('a policy that allows none of them has no such stage', () => {
    expect(motionStatistics(policyOf())).toBeUndefined();
    expect(
      stagesFor(policyOf(), {
        tagAt: () => new Uint8Array(16) as never,
        places: { marginAt: () => 0 },
        chance: () => 0,
      }).map(({ name }) => name),
    ).not.toContain('motion-statistics');
  });

  test('classes of median and 95th percentile, of magnitudes in ratio 2', () => {
    // 90 of 0.3 degrees a second, 10 of 9: the median lies below 0.5, the 95th percentile in [8, 16).
    const values = [...new Array<number>(90).fill(-0.3), ...new Array<number>(10).fill(9)];
    expect(told(samples(values))).toEqual({ [medianPath(YAW)]: 0, [highPath(YAW)]: 5 });
  });

  test('sign and order of samples change nothing: there is nothing to integrate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: SAMPLES_MIN, maxLength: 200 }),
        (values) => {
          const turned = [...values].reverse().map((value, index) => (index % 2 === 0 ? -value : value));
          expect(told(samples(turned))).toEqual(told(samples(values)));
          for (const found of Object.values(told(samples(values)))) expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(found);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('fewer than a minute of samples, or none that is a number, tell nothing', () => {
    expect(told(samples(new Array<number>(SAMPLES_MIN - 1).fill(1)))).toEqual({});
    expect(told(samples(new Array<number>(100).fill(Number.NaN)))).toEqual({});
  });

  test('of altitude the range and not where it lies, of headings the turning and not where to', () => {
    const fixes = (base: number, bearing: number): readonly Draft[] =>
      Array.from({ length: 100 }, (_, index) => ({
        kind: 'fix',
        at: later(HOUR, index * 1_000),
        latitude: 31,
        longitude: 110,
        altitudeM: base + (index % 2) * 45,
        headingDeg: (bearing + index * 10) % 360,
      }));
    const low = told(fixes(3, 0));
    // 45 m are in [40, 80); 99 turns of 10 degrees are 990, in [720, 1440).
    expect(low).toEqual({ [CLIMB_PATH]: 3, [TURNING_PATH]: 3 });
    expect(told(fixes(4_711, 271))).toEqual(low);
  });

  test('only what the policy names is told, and at the end of the pipeline the samples themselves never are', () => {
    const policy = policyOf({ allowedPaths: new Set([highPath(YAW), yaw, SPEED]) });
    expect(told(samples(new Array<number>(100).fill(3)), policy)).toEqual({ [highPath(YAW)]: 3 });
    const tagAt = subjectTags(new Uint8Array(32).fill(1), VIN_A as Vin, 'daily');
    const stages = stagesFor(policy, { tagAt, places: { marginAt: () => 0 }, chance: () => 0 });
    const drafts = [...samples(new Array<number>(100).fill(3)), next] as Exclude<Draft, { kind: 'candidate' }>[];
    const sealed = drafts.flatMap((draft) => runStages(stages, policy, draft, () => undefined));
    expect(sealed.map(({ content }) => content)).toMatchObject([
      { kind: 'signals', observedAt: HOUR, signals: [{ path: highPath(YAW), value: 3 }] },
    ]);
  });

  test('a vehicle that writes a statistic itself gets it through only as what it is', () => {
    const policy = policyOf({ allowedPaths: new Set([TURNING_PATH]) });
    const stages = stagesFor(policy, {
      tagAt: () => new Uint8Array(16) as never,
      places: { marginAt: () => 0 },
      chance: () => 0,
    });
    const raw = (at: Instant, value: number) =>
      runStages(stages, policy, { kind: 'signals', at, signals: { [TURNING_PATH]: value } }, () => undefined);
    expect([raw(later(HOUR, 5_000), 3).length, raw(HOUR, 31.27908).length]).toEqual([0, 0]);
  });
});

const YAW = MOTION_QUANTITIES.find(({ path }) => path === yaw) ??
  MOTION_QUANTITIES[0] ?? { name: '', path: '', unit: 1 };
