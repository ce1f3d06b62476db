import { tagRotationName } from '../../proto/codec/control-codec.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { allowSignals } from './allow-signals.ts';
import { fencesOf } from './closed-fences.ts';
import { fenceSenses } from './fence-senses.ts';
import { forPurposes } from './for-purposes.ts';
import { motionStatistics } from './motion-statistics.ts';
import { type PositionSettings, reducePosition } from './reduce-position.ts';
import { sensorStages } from './reduce-sensors.ts';
import type { Stage } from './stage.ts';
import { stripIdentifiers } from './strip-identifiers.ts';
import { tagSubject } from './tag-subject.ts';

/** The stages of a policy, in the order they run: what costs most to leak goes first. */
export function stagesFor(policy: ActivePolicy, position: Omit<PositionSettings, 'policy'>): readonly Stage[] {
  const positions = reducePosition({ ...position, policy });
  const tripStart = tagRotationName(policy.tagRotation) === 'trip' ? positions.tripStart : undefined;
  const fences = fencesOf(policy);
  const stages = [
    fences === undefined ? undefined : fenceSenses(fences),
    ...sensorStages(policy),
    motionStatistics(policy),
    positions,
    stripIdentifiers,
    allowSignals(policy),
    tagSubject(position.tagAt, tripStart),
    forPurposes(policy),
  ];
  return stages.filter((stage) => stage !== undefined);
}
