import { type KeyObject, sign } from 'node:crypto';
import { signedBytes } from '../proto/codec/signed-bytes.ts';
import {
  type DropNotice,
  encodeSealedBatch,
  encodeSignedBatch,
  type PathQuantum,
  type Removal,
  type Step,
} from '../proto/codec/telemetry-codec.ts';
import type { SpoolStanding } from '../proto/words/spool-standing.ts';
import { BATCH_BYTES_MAX, createBatchRoom } from './batch-room.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { SpooledBatch } from './ports/spool.ts';
import type { SealedFrame } from './stages/inspect.ts';

export interface BatchHeader {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly policy: ActivePolicy;
  readonly steps: readonly Step[];
  readonly removals: readonly Removal[];
  readonly drops: readonly DropNotice[];
  readonly spool?: SpoolStanding | undefined;
}

/**
 * Puts sealed frames, which share a basis, together under one signature of the device's key (ECDSA P-256, SHA-256, IEEE P1363).
 *
 * How small a batch becomes is known when it is compressed. Where the frames are too many for one they are halved until
 * they are not, so that a batch holds the first of them; `count` says how many. Of frames alone any one fits.
 *
 * @param frames - what `firstBatch` gave
 * @throws Error when a limit of the schema is broken, which is a bug
 */
export function sealBatch(header: BatchHeader, frames: readonly SealedFrame[], deviceKey: KeyObject): SpooledBatch {
  const batch = encodeSealedBatch({
    epoch: header.epoch,
    firstSequence: header.firstSequence,
    policyId: header.policy.id,
    policyVersion: header.policy.version,
    steps: header.steps,
    removals: header.removals,
    drops: header.drops,
    ...(header.spool && { spool: header.spool }),
    frames: frames.map((frame) => frame.content),
    quanta: quantaOf(header.policy),
    ...frames[0]?.basis,
  });
  if (batch.length > BATCH_BYTES_MAX && frames.length > 1)
    return sealBatch(header, frames.slice(0, Math.ceil(frames.length / 2)), deviceKey);
  const signature = sign('sha256', signedBytes('batch', batch), { key: deviceKey, dsaEncoding: 'ieee-p1363' });
  return { firstSequence: header.firstSequence, count: frames.length, bytes: encodeSignedBatch({ batch, signature }) };
}

/** The grids of a policy; the codec leaves out those of paths that no frame names. */
function quantaOf({ signalRules }: ActivePolicy): readonly PathQuantum[] {
  return [...(signalRules?.values() ?? [])].filter(({ quantumMillionths }) => quantumMillionths > 0);
}

/** The frames, from the first on, that one batch can hold before it is compressed; never none, since any one frame fits. */
export function firstBatch(frames: readonly SealedFrame[]): readonly SealedFrame[] {
  const room = createBatchRoom();
  const end = frames.findIndex(({ content }) => !room.add(content));
  return end === -1 ? frames : frames.slice(0, Math.max(1, end));
}
