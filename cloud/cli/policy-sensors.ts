import { z } from 'zod';
import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
  type PolicyBundle,
} from '../../proto/codec/control-codec.ts';
import { VOXEL_MM_MIN } from '../../proto/codec/voxels.ts';
import { instantText } from '../../proto/config/instant-text.ts';

const Consent = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  purpose: z.string().min(1).max(128),
  subjects: z.enum(['driver', 'all-occupants']),
  kind: z.enum(['cabin-image', 'cabin-audio', 'biometric', 'purpose']),
  from: instantText,
  until: instantText,
});

/** Keys of a policy file for cameras, lidar and radar, docs/imagery.md. What is not said is dropped on the vehicle. */
export const SENSOR_KEYS = {
  imagery: z.enum(['drop', 'mosaic', 'redact']).optional(),
  sensorIntervalS: z.int().min(10).max(86_400).optional(),
  unsafePlatesLeft: z.boolean().optional(),
  pointCloud: z.enum(['drop', 'counts', 'voxel']).optional(),
  voxelMm: z.int().min(VOXEL_MM_MIN).max(10_000).optional(),
  objects: z.enum(['drop', 'counts']).optional(),
  consents: z.array(Consent).max(16).optional(),
};

const Keys = z.strictObject(SENSOR_KEYS);

/** The same as fields of a bundle; a vehicle refuses a bundle whose keys do not go together. */
export function sensorFields(keys: z.infer<typeof Keys>): Partial<PolicyBundle> {
  return {
    imagery: IMAGERY_SETTINGS[keys.imagery ?? 'drop'],
    sensorIntervalS: keys.sensorIntervalS ?? 0,
    unsafePlatesLeft: keys.unsafePlatesLeft ?? false,
    pointCloud: POINT_CLOUD_SETTINGS[keys.pointCloud ?? 'drop'],
    voxelMm: keys.voxelMm ?? 0,
    objects: OBJECT_SETTINGS[keys.objects ?? 'drop'],
    consents: (keys.consents ?? []).map(({ id, purpose, subjects, kind, from, until }) => ({
      ...{ id, purpose },
      subjects: subjects === 'driver' ? CONSENT_SUBJECTS.driver : CONSENT_SUBJECTS.allOccupants,
      kind: KINDS[kind],
      ...{ fromMs: Date.parse(from), untilMs: Date.parse(until) },
    })),
  };
}

const KINDS = {
  'cabin-image': CONSENT_KINDS.cabinImage,
  'cabin-audio': CONSENT_KINDS.cabinAudio,
  biometric: CONSENT_KINDS.biometric,
  purpose: CONSENT_KINDS.purpose,
} as const;
