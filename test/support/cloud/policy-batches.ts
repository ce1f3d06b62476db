import type { PolicyRecheck } from '../../../cloud/ingest/recheck-policy.ts';
import { createSensorRates } from '../../../cloud/ingest/sensor-rates.ts';
import { type ActivePolicy, acceptPolicy } from '../../../edge/policy/policy-bundle.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import type { PolicyBundle } from '../../../proto/codec/control-codec.ts';
import { CAMERA_LABELS } from '../../../proto/codec/sensor-frames.ts';
import type { FrameContent, SealedBatch, Step } from '../../../proto/codec/telemetry-codec.ts';
import { bundleOf, CABIN, OPERATIONS, POLICY_KEY, signedBundle } from '../edge/policies.ts';
import { batchOf, NOW, TAG } from './batches.ts';

/** The policy that a vehicle makes of a bundle. @throws where it makes none */
export function takenOf(change: Partial<PolicyBundle>): ActivePolicy {
  const accepted = acceptPolicy(signedBundle(change), POLICY_KEY, NOW, undefined);
  if (!accepted.ok) throw new Error(accepted.fault.code);
  return accepted.value;
}

/** The steps that the agent itself takes under a bundle, as it tells them. */
export function stepsUnder(policy: ActivePolicy): readonly Step[] {
  const tagAt = () => TAG;
  const places = { marginAt: () => 500, add: () => undefined };
  const stages = stagesFor(policy, { tagAt, places, chance: () => 0 } as never);
  return stages.map(({ name, parameters }) => ({ stage: name, parameters }));
}

/** A batch as an honest agent would head it under a bundle. */
export function batchUnder(bundle: Partial<PolicyBundle>, frames: readonly FrameContent[]): SealedBatch {
  const policy = takenOf(bundle);
  const head = { policyId: policy.id, policyVersion: policy.version, steps: stepsUnder(policy) };
  const [picture] = frames.filter((frame) => frame.kind === 'image' && frame.camera === CAMERA_LABELS.cabin);
  const basis =
    picture?.kind === 'image' ? { purpose: CABIN.id, consent: picture.consent } : { purpose: OPERATIONS.id };
  return batchOf(frames, { ...head, ...basis });
}

/** What a cloud knows that distributed these bundles. */
export function knowing(bundles: readonly Partial<PolicyBundle>[], sensorsMax = 2): PolicyRecheck {
  const all = bundles.map((change) => bundleOf(change));
  return {
    policies: { find: (id, version) => all.filter((one) => one.id === id && one.version === version) },
    rates: createSensorRates(sensorsMax),
  };
}
