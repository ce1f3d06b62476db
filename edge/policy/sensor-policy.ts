import {
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
  type PolicyBundle,
} from '../../proto/codec/control-codec.ts';
import { VOXEL_MM_MIN } from '../../proto/codec/voxels.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Consent, finiteConsents } from './consent.ts';

/** What may leave of cameras, lidar and radar. Numbers are those of proto/schema/control.proto. */
export interface SensorPolicy {
  readonly imagery: NonNullable<PolicyBundle['imagery']>;
  /** Shortest time between two frames that leave of one sensor, seconds. */
  readonly intervalS: number;
  readonly platesMayStay: boolean;
  readonly pointCloud: NonNullable<PolicyBundle['pointCloud']>;
  readonly voxelMm: number;
  readonly objects: NonNullable<PolicyBundle['objects']>;
  readonly consents: readonly Consent[];
}

/**
 * Shortest interval a bundle may set, seconds. Mosaics of one scene that moves by less than a block between them would
 * together show more than each (docs/adr/0023).
 */
export const SENSOR_INTERVAL_S_MIN = 10;

/** The settings of a bundle; undefined for one that sets nothing, and a failure when one lies outside of its bounds. */
export function sensorPolicyOf(bundle: PolicyBundle): Result<SensorPolicy | undefined, 'out-of-bounds'> {
  const sensors: SensorPolicy = {
    imagery: bundle.imagery ?? IMAGERY_SETTINGS.drop,
    intervalS: bundle.sensorIntervalS ?? 0,
    platesMayStay: bundle.unsafePlatesLeft ?? false,
    pointCloud: bundle.pointCloud ?? POINT_CLOUD_SETTINGS.drop,
    voxelMm: bundle.voxelMm ?? 0,
    objects: bundle.objects ?? OBJECT_SETTINGS.drop,
    consents: finiteConsents(bundle.consents ?? []),
  };
  if (!isWithinBounds(sensors)) return fail('out-of-bounds');
  return ok(isAnySet(sensors) ? sensors : undefined);
}

function isAnySet({ imagery, pointCloud, objects }: SensorPolicy): boolean {
  return (
    imagery !== IMAGERY_SETTINGS.drop || pointCloud !== POINT_CLOUD_SETTINGS.drop || objects !== OBJECT_SETTINGS.drop
  );
}

function isWithinBounds(sensors: SensorPolicy): boolean {
  const { imagery, intervalS, platesMayStay, pointCloud, voxelMm } = sensors;
  if (isAnySet(sensors) && intervalS < SENSOR_INTERVAL_S_MIN) return false;
  if (platesMayStay && imagery !== IMAGERY_SETTINGS.redact) return false;
  return pointCloud === POINT_CLOUD_SETTINGS.voxel ? voxelMm >= VOXEL_MM_MIN : voxelMm === 0;
}
