import type { SignalFrame, SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { Purpose } from '../policy/purpose.ts';
import { basisOf } from './basis.ts';
import { inspectMark } from './inspect-mark.ts';
import type { Candidate, Stage } from './stage.ts';

/**
 * Keeps what a purpose of the policy covers that has not ended and has the consent it needs, and of cells those that carry the
 * mark of state-recognised processing where one is asked for. It takes the signals of
 * different purposes apart, since what leaves for one may have to be deleted without the other.
 */
export function forPurposes(policy: ActivePolicy): Stage {
  return {
    name: 'for-purposes',
    parameters: `purposes=${policy.purposes.all.length}`,
    apply: (draft, removed) => {
      if (draft.kind !== 'candidate') return [draft];
      return separate(draft, policy.purposes.ofPath).filter(({ content }) => {
        const basis = basisOf(content, policy);
        if (!basis.ok) removed(basis.fault, content.kind === 'signals' ? content.signals.length : 1);
        const isMarked = inspectMark(draft.recognised, content, policy).ok;
        if (basis.ok && !isMarked) removed('confidentiality-missing', 1);
        return basis.ok && isMarked;
      });
    },
  };
}

function separate(candidate: Candidate, ofPath: ReadonlyMap<string, Purpose>): readonly Candidate[] {
  const { content } = candidate;
  if (content.kind !== 'signals') return [candidate];
  const first = ofPath.get(content.signals[0]?.path ?? '');
  // Most frames serve one purpose, and then stay as they are.
  if (content.signals.every(({ path }) => ofPath.get(path) === first)) return [candidate];
  const parts = new Map<Purpose | undefined, SignalReading[]>();
  for (const reading of content.signals) {
    const purpose = ofPath.get(reading.path);
    const readings = parts.get(purpose);
    if (readings === undefined) parts.set(purpose, [reading]);
    else readings.push(reading);
  }
  return [...parts.values()].map((signals) => ({
    ...candidate,
    content: { ...content, signals } satisfies SignalFrame,
  }));
}
