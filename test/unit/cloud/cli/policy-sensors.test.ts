import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SENSOR_KEYS, sensorFields } from '../../../../cloud/cli/policy-sensors.ts';
import { decodePolicyBundle, encodePolicyBundle } from '../../../../proto/codec/control-codec.ts';
import { bundleOf } from '../../../support/edge/policies.ts';

const Keys = z.strictObject(SENSOR_KEYS);

const consent = {
  ...{ id: 'seat-study-0042', purpose: 'seat-study', subjects: 'all-occupants', kind: 'cabin-image' },
  ...{ from: '2026-11-01T00:00:00+08:00', until: '2026-12-01T00:00:00+08:00' },
};

describe('sensors in a policy file', () => {
  test('that says nothing of them drop', () => {
    expect(sensorFields(Keys.parse({}))).toEqual({
      ...{
        imagery: 0,
        sensorIntervalS: 0,
        unsafePlatesLeft: false,
        pointCloud: 0,
        voxelMm: 0,
        objects: 0,
        consents: [],
      },
    });
  });

  test('come into the bundle as they are written', () => {
    const keys = {
      imagery: 'redact',
      sensorIntervalS: 10,
      unsafePlatesLeft: true,
      pointCloud: 'voxel',
      voxelMm: 500,
      objects: 'counts',
    };
    const fields = sensorFields(Keys.parse({ ...keys, consents: [consent] }));
    const decoded = decodePolicyBundle(encodePolicyBundle(bundleOf(fields)));
    expect(decoded.ok && decoded.value).toMatchObject({
      ...{ imagery: 2, sensorIntervalS: 10, unsafePlatesLeft: true, pointCloud: 2, voxelMm: 500, objects: 1 },
      consents: [
        {
          id: 'seat-study-0042',
          subjects: 1,
          kind: 0,
          fromMs: Date.UTC(2026, 9, 31, 16),
          untilMs: Date.UTC(2026, 10, 30, 16),
        },
      ],
    });
  });

  test.each([
    ['a word that is no setting', { imagery: 'blur' }],
    ['9 seconds', { sensorIntervalS: 9 }],
    ['voxels of 499 mm', { voxelMm: 499 }],
    ['a key that is none', { video: 'drop' }],
    ['a consent without an end', { consents: [{ ...consent, until: undefined }] }],
    ['a consent whose end is no time', { consents: [{ ...consent, until: '2026-12-01' }] }],
    ['a consent with a name in it', { consents: [{ ...consent, id: 'Zhang San' }] }],
  ])('%s is a mistake', (_, keys) => {
    expect(Keys.safeParse(keys).success).toBe(false);
  });
});
