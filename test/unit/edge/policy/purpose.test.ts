import { describe, expect, test } from 'vitest';
import { purposesOf } from '../../../../edge/policy/purpose.ts';
import { scopeOf } from '../../../../edge/policy/purpose-scope.ts';
import { basisOf } from '../../../../edge/stages/basis.ts';
import { inspect } from '../../../../edge/stages/inspect.ts';
import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  POSITION_PRESETS,
  PURPOSE_CONSENTS,
} from '../../../../proto/codec/control-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { CELL, cellCandidate, later, MORNING, SIGNALS, TRIP } from '../../../support/edge/candidates.ts';
import { consentPolicy, JOURNEYS } from '../../../support/edge/consent-rig.ts';
import { bundleOf, CHARGE, policyOf, SPEED } from '../../../support/edge/policies.ts';

const CARE = { id: 'care', consent: PURPOSE_CONSENTS.none, expiresAtMs: 9 };

describe('purposes of a bundle', () => {
  const codeOf = (change: Parameters<typeof bundleOf>[0]): string =>
    purposesOf(bundleOf({ allowedPaths: [SPEED, CHARGE], ...change })).ok ? 'fine' : 'malformed';

  test('say of each path what it is for; one that is for none has none', () => {
    const bundle = bundleOf({ allowedPaths: [SPEED, CHARGE], purposes: [CARE], pathPurposes: Uint8Array.of(0, 1) });
    const purposes = purposesOf({ ...bundle, kindPurposes: { trips: 1, cells: 0 } });
    expect(purposes.ok && [...purposes.value.ofPath.keys()]).toEqual([CHARGE]);
    expect(purposes.ok && Object.keys(purposes.value.ofKind)).toEqual(['trips']);
  });

  test('without a word on some path, with a name twice, a name that is none, or a place that is none, are no purposes', () => {
    expect(codeOf({ purposes: [CARE], pathPurposes: Uint8Array.of(1, 1), kindPurposes: null })).toBe('fine');
    expect(codeOf({ purposes: [CARE], pathPurposes: Uint8Array.of(1), kindPurposes: null })).toBe('malformed');
    expect(codeOf({ purposes: [CARE, CARE], kindPurposes: null })).toBe('malformed');
    expect(codeOf({ purposes: [{ ...CARE, id: 'Care for all' }], kindPurposes: null })).toBe('malformed');
    expect(codeOf({ purposes: [CARE], pathPurposes: Uint8Array.of(1, 2), kindPurposes: null })).toBe('malformed');
    expect(codeOf({ purposes: [CARE], kindPurposes: { cells: 2 } })).toBe('malformed');
  });

  test('do not let pictures of the cabin leave for one that needs less than everybody', () => {
    expect(codeOf({ purposes: [CARE], kindPurposes: { cabinImages: 1 } })).toBe('malformed');
  });

  test('that are not there at all let nothing leave', () => {
    expect(codeOf({ purposes: [], pathPurposes: new Uint8Array(0) })).toBe('malformed');
    const none = purposesOf(bundleOf({ allowedPaths: [], purposes: [], kindPurposes: null }));
    expect(none).toMatchObject({ ok: true, value: { all: [] } });
  });
});

describe('what a content rests on', () => {
  const record = (change: object) => ({
    ...{ id: 'r-1', purpose: JOURNEYS.id, subjects: CONSENT_SUBJECTS.driver, kind: CONSENT_KINDS.purpose },
    ...{ from: MORNING, until: later(MORNING, 3 * 3_600_000), ...change },
  });
  const of = (content: Parameters<typeof basisOf>[0], change: object = {}): unknown => {
    const basis = basisOf(content, consentPolicy({ preset: POSITION_PRESETS.fleet, records: [record(change)] }));
    return basis.ok ? basis.value : basis.fault;
  };
  const speed = { ...SIGNALS, signals: [{ path: SPEED, value: 1 }] };

  test('of signals is a consent at their second; of cells one for the whole hour, of trips one for the whole day', () => {
    expect(of(speed)).toEqual({ purpose: 'journeys', consent: 'r-1' });
    expect(of(speed, { from: later(MORNING, 1) })).toBe('no-consent');
    const hour = CELL.hour * 3_600_000;
    expect(of(CELL, { from: hour, until: hour + 3_600_000 })).toEqual({ purpose: 'journeys', consent: 'r-1' });
    expect(of(CELL, { from: hour + 1 })).toBe('no-consent');
    expect(of(CELL, { from: hour, until: hour + 3_599_999 })).toBe('no-consent');
    const day = Date.UTC(2020, 6, 17, 16);
    expect(of(TRIP, { from: day, until: day + 86_400_000 })).toEqual({ purpose: 'journeys', consent: 'r-1' });
    expect(of(TRIP, { from: day + 1, until: day + 86_400_000 })).toBe('no-consent');
  });

  test('is nothing for signals of two purposes, for a kind without one, and for a purpose that has ended', () => {
    expect(of(SIGNALS)).toBe('no-purpose');
    const { purposes } = consentPolicy();
    const bare = policyOf({ preset: POSITION_PRESETS.fleet, purposes: { ...purposes, ofKind: {} } });
    expect(inspect(cellCandidate, bare)).toBeUndefined();
    const ended = { ...JOURNEYS, consent: 'none', expiresAt: MORNING } as const;
    const over = policyOf({ purposes: { ...purposes, ofPath: new Map([[SPEED, ended]]) } });
    expect(basisOf(speed, over)).toEqual({ ok: false, fault: 'purpose-ended' });
  });
});

describe('the scope of a purpose', () => {
  const base = consentPolicy({ preset: POSITION_PRESETS.fleet });
  const scope = scopeOf(JOURNEYS, base);

  test('stays the same under a bundle that changes nothing of it', () => {
    expect(scopeOf(JOURNEYS, { ...base, version: 9, expiresAt: 5 as Instant })).toBe(scope);
  });

  test.each([
    ['a tag that stands longer', { tagRotation: 2 }],
    ['another preset', { preset: POSITION_PRESETS['strict-map'] }],
    ['a finer rule', { signalRules: new Map([[SPEED, { path: SPEED, periodMs: 1, quantumMillionths: 0 }]]) }],
    [
      'one path more',
      {
        purposes: {
          ...base.purposes,
          ofPath: new Map([
            [SPEED, JOURNEYS],
            [CHARGE, JOURNEYS],
          ]),
        },
      },
    ],
  ])('is another one with %s', (_, change) => {
    expect(scopeOf(JOURNEYS, { ...base, ...(change as object) })).not.toBe(scope);
  });
});
