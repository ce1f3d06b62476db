import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { allowSignals } from './allow-signals.ts';
import { dropImagery } from './drop-imagery.ts';
import { type PositionSettings, reducePosition } from './reduce-position.ts';
import type { Stage } from './stage.ts';
import { tagSubject } from './tag-subject.ts';

/** The stages of a policy, in the order they run: what costs most to leak goes first. */
export function stagesFor(policy: ActivePolicy, position: Omit<PositionSettings, 'preset'>): readonly Stage[] {
  return [
    dropImagery,
    reducePosition({ ...position, preset: policy.preset }),
    allowSignals(policy),
    tagSubject(position.tagAt),
  ];
}
