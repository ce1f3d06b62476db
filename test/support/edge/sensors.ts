import type { Consent } from '../../../edge/policy/consent.ts';
import type { SensorPolicy } from '../../../edge/policy/sensor-policy.ts';
import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
} from '../../../proto/codec/control-codec.ts';
import { later, MORNING } from './candidates.ts';

/** A sensor policy as a bundle would give it; drops everything but what a test sets. */
export function sensorsOf(change: Partial<SensorPolicy> = {}): SensorPolicy {
  return {
    imagery: IMAGERY_SETTINGS.drop,
    intervalS: 10,
    platesMayStay: false,
    pointCloud: POINT_CLOUD_SETTINGS.drop,
    voxelMm: 0,
    objects: OBJECT_SETTINGS.drop,
    consents: [],
    ...change,
  };
}

/** A consent to pictures of the cabin, of everybody in it, that holds on the morning of the tests. */
export function consentOf(change: Partial<Consent> = {}): Consent {
  return {
    ...{ id: 'c-1', purpose: 'seat-study', subjects: CONSENT_SUBJECTS.allOccupants, kind: CONSENT_KINDS.cabinImage },
    ...{ from: later(MORNING, -3_600_000), until: later(MORNING, 3_600_000) },
    ...change,
  };
}
