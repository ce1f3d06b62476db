import { IMAGERY_SETTINGS, OBJECT_SETTINGS, POINT_CLOUD_SETTINGS } from '../../proto/codec/control-codec.ts';
import { MOSAIC_COLUMNS_MAX, MOSAIC_ROWS_MAX } from '../../proto/codec/mosaic-png.ts';
import { IMAGE_PIXELS_MAX, MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { SensorPolicy } from '../policy/sensor-policy.ts';
import { countObjects } from './count-objects.ts';
import { dropImagery } from './drop-imagery.ts';
import { reducePoints } from './reduce-points.ts';
import type { Stage } from './stage.ts';

/** The stages for pictures, point clouds and objects; one that drops all of them where a policy sets nothing. */
export function sensorStages({ sensors }: ActivePolicy): readonly Stage[] {
  if (sensors === undefined || isAllDropped(sensors)) return [dropImagery];
  return [releasePictures(sensors), reducePoints(sensors), countObjects(sensors)];
}

function isAllDropped({ imagery, pointCloud, objects }: SensorPolicy): boolean {
  return (
    imagery === IMAGERY_SETTINGS.drop && pointCloud === POINT_CLOUD_SETTINGS.drop && objects === OBJECT_SETTINGS.drop
  );
}

/**
 * Offers pictures that were treated, with their time cut to the minute. A picture as a camera made it is removed here,
 * whatever the policy says: its way to a treatment is not through the stages.
 */
function releasePictures({ imagery, intervalS }: SensorPolicy): Stage {
  return {
    name: `imagery-${WORDS[imagery]}`,
    parameters: `interval-s=${intervalS} time-floor-s=60 ${LIMITS[imagery]}`.trim(),
    apply: (draft, removed) => {
      if (draft.kind === 'treated-picture') {
        const { at, ...fields } = draft;
        return [{ kind: 'candidate', content: { ...fields, kind: 'image', minute: Math.floor(at / MINUTE_MS) } }];
      }
      if (draft.kind !== 'image') return [draft];
      removed('imagery', 1);
      return [];
    },
  };
}

const WORDS = ['drop', 'mosaic', 'redact'] as const;

const LIMITS = [
  '',
  `grid<=${MOSAIC_COLUMNS_MAX}x${MOSAIC_ROWS_MAX} colours=256`,
  `pixels<=${IMAGE_PIXELS_MAX}`,
] as const;
