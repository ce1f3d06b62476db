import { describe, expect, test } from 'vitest';
import { CONSENT_MS_MAX } from '../../../../edge/policy/consent.ts';
import { acceptPolicy } from '../../../../edge/policy/policy-bundle.ts';
import type { ConsentRecord, PolicyBundle } from '../../../../proto/codec/control-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { bundleOf, POLICY_KEY, signedBundle } from '../../../support/edge/policies.ts';

const NOW = (bundleOf().notBeforeMs + 1) as Instant;

function sensorsFrom(change: Partial<PolicyBundle>) {
  const accepted = acceptPolicy(signedBundle(change), POLICY_KEY, NOW, undefined);
  return accepted.ok ? accepted.value.sensors : accepted.fault.code;
}

const consent: ConsentRecord = { id: 'c-1', purpose: 'seats', subjects: 1, kind: 0, fromMs: 1_000, untilMs: 2_000 };

describe('sensors in a bundle', () => {
  test('that says nothing of them are dropped, all of them', () => {
    expect(sensorsFrom({})).toBeUndefined();
  });

  test('come out as they were signed', () => {
    const change = {
      imagery: 2,
      sensorIntervalS: 30,
      unsafePlatesLeft: true,
      pointCloud: 2,
      voxelMm: 500,
      objects: 1,
      consents: [consent],
    } as const;
    expect(sensorsFrom(change)).toEqual({
      ...{ imagery: 2, intervalS: 30, platesMayStay: true, pointCloud: 2, voxelMm: 500, objects: 1 },
      consents: [{ id: 'c-1', purpose: 'seats', subjects: 1, kind: 0, from: 1_000, until: 2_000 }],
    });
  });

  test.each<readonly [string, Partial<PolicyBundle>]>([
    ['pictures without an interval', { imagery: 1 }],
    ['pictures every 9 seconds', { imagery: 1, sensorIntervalS: 9 }],
    ['point clouds without an interval', { pointCloud: 1 }],
    ['objects without one', { objects: 1 }],
    ['voxels without a size', { pointCloud: 2, sensorIntervalS: 10 }],
    ['voxels of 499 mm', { pointCloud: 2, sensorIntervalS: 10, voxelMm: 499 }],
    ['a voxel where nothing is thinned', { pointCloud: 1, sensorIntervalS: 10, voxelMm: 500 }],
    ['plates left where nothing is redacted', { imagery: 1, sensorIntervalS: 10, unsafePlatesLeft: true }],
  ])('%s: the whole bundle changes nothing', (_, change) => {
    expect(sensorsFrom(change)).toBe('POLICY_MALFORMED');
  });
});

describe('a consent', () => {
  const kept = (change: Partial<ConsentRecord>): number => {
    const sensors = sensorsFrom({ imagery: 1, sensorIntervalS: 10, consents: [{ ...consent, ...change }] });
    return typeof sensors === 'object' ? sensors.consents.length : -1;
  };

  test.each<readonly [string, Partial<ConsentRecord>, number]>([
    ['with an end counts', {}, 1],
    ['of the longest period counts', { untilMs: 1_000 + CONSENT_MS_MAX }, 1],
    ['without an end counts as absent', { untilMs: 0 }, 0],
    ['that ends as it begins too', { untilMs: 1_000 }, 0],
    ['of a longer period too', { untilMs: 1_001 + CONSENT_MS_MAX }, 0],
    ['for ever too', { untilMs: Number.MAX_SAFE_INTEGER }, 0],
  ])('%s', (_, change, count) => {
    expect(kept(change)).toBe(count);
  });
});
