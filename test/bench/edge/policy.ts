import { subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import type { PlaceMemory } from '../../../edge/ports/place-memory.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import type { Stage } from '../../../edge/stages/stage.ts';
import { POSITION_PRESETS, TAG_ROTATIONS } from '../../../proto/codec/control-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { testVin } from '../../support/cloud/vins.ts';
import { allPurposes } from '../../support/edge/policies.ts';
import { ALLOWED } from './raw-frames.ts';

export function benchPolicy(preset: keyof typeof POSITION_PRESETS): ActivePolicy {
  return {
    id: `bench-${preset}`,
    version: 1,
    expiresAt: Number.MAX_SAFE_INTEGER as Instant,
    allowedPaths: new Set(ALLOWED),
    purposes: allPurposes(ALLOWED),
    preset: POSITION_PRESETS[preset],
    tagRotation: TAG_ROTATIONS.daily,
  };
}

/** The stages of an agent, with a memory of places that lasts as long as the process. */
export function benchStages(policy: ActivePolicy): readonly Stage[] {
  const tagAt = subjectTags(new Uint8Array(32).fill(9), testVin(1), 'daily');
  return stagesFor(policy, { tagAt, places: PLACES, chance: () => 0.5 });
}

const PLACES: PlaceMemory = { marginAt: () => 400 };
