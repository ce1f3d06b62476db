import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type ActivePolicy, acceptPolicy } from '../../edge/policy/policy-bundle.ts';
import { stagesFor } from '../../edge/stages/pipeline.ts';
import { createPrng } from '../../firmware-sim/prng.ts';
import { PATHS } from '../../firmware-sim/signals.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import {
  encodeSealedBatch,
  encodeSignedBatch,
  type FrameContent,
  type Step,
} from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag } from '../../proto/words/subject.ts';
import type { Instant } from '../../proto/words/time.ts';
import { seededBytes } from './policies.ts';

/** A vehicle without an agent: a key, a tag, a sequence. What it sends is as an honest agent would have sealed it. */
export interface LightVehicle {
  readonly publicKey: KeyObject;
  /** One batch of these frames under its signature. */
  readonly seal: (frames: readonly FrameContent[], change?: BatchChange) => Uint8Array;
  /** State of charge, voltage, current and speed as of this moment, cut to the second. */
  readonly report: (at: Instant) => FrameContent;
}

/** What a liar writes into the head of a batch otherwise than an agent would. */
export interface BatchChange {
  readonly firstSequence?: number;
  readonly purpose?: string;
  readonly policyId?: string;
  readonly steps?: readonly Step[];
  readonly key?: KeyObject;
}

/** Head of every batch under one policy: the same for a whole fleet, so it is made once. */
export interface BatchHead {
  readonly policyId: string;
  readonly policyVersion: number;
  readonly steps: readonly Step[];
  readonly purpose: string;
}

export function headUnder(policy: Uint8Array, operatorKey: KeyObject, at: Instant): BatchHead {
  const accepted = acceptPolicy(policy, operatorKey, at, undefined);
  assert(accepted.ok, 'a policy of a scenario is signed and in force');
  const { id, version, purposes } = accepted.value;
  return { policyId: id, policyVersion: version, steps: stepsOf(accepted.value), purpose: purposes.all[0]?.id ?? '' };
}

/** The steps that the agent itself takes, as it tells them. */
function stepsOf(policy: ActivePolicy): readonly Step[] {
  const nowhere = { marginAt: () => undefined, add: () => undefined };
  const unused = { tagAt: () => NO_TAG, places: nowhere, chance: () => 0 } as unknown as Parameters<
    typeof stagesFor
  >[1];
  return stagesFor(policy, unused).map(({ name, parameters }) => ({ stage: name, parameters }));
}

const NO_TAG = new Uint8Array(SUBJECT_TAG_BYTES) as SubjectTag;

export function createLightVehicle(seed: string, head: BatchHead): LightVehicle {
  const prng = createPrng(seed);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectTag = seededBytes(`${seed}/tag`, SUBJECT_TAG_BYTES) as SubjectTag;
  const epoch = prng.whole(1, 0x7fff_ffff);
  let next = 0;
  return {
    publicKey,
    report: (at) => ({
      ...{ kind: 'signals', subjectTag, observedAt: (at - (at % 1_000)) as Instant },
      signals: [
        { path: PATHS.soc, value: prng.whole(10, 95) },
        { path: PATHS.voltage, value: prng.whole(340, 400) },
        { path: PATHS.current, value: prng.whole(-90, 40) },
        { path: PATHS.speed, value: prng.whole(0, 120) },
      ],
    }),
    seal: (frames, { key = privateKey, ...change } = {}) => {
      const batch = encodeSealedBatch({
        ...head,
        epoch,
        firstSequence: next,
        removals: [],
        drops: [],
        frames,
        ...change,
      });
      next += frames.length;
      const signature = sign('sha256', signedBytes('batch', batch), { key, dsaEncoding: 'ieee-p1363' });
      return encodeSignedBatch({ batch, signature });
    },
  };
}
