import { type KeyObject, sign } from 'node:crypto';
import { signedBytes } from '../proto/codec/signed-bytes.ts';
import {
  type DropNotice,
  encodeSealedBatch,
  encodeSignedBatch,
  type FrameContent,
  type PathQuantum,
  type Removal,
  type Step,
} from '../proto/codec/telemetry-codec.ts';
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
}

/** Frames one batch may hold, the bytes they may have, and the different paths they may name. */
export const BATCH_FRAMES_MAX = 512;
export const BATCH_BYTES_MAX = 60_000;
const BATCH_PATHS_MAX = 512;
/** What a batch says of a path's grid. */
const QUANTUM_BYTES_MOST = 14;

/**
 * Puts sealed frames, which share a basis, together under one signature of the device's key (ECDSA P-256, SHA-256, IEEE P1363).
 *
 * @throws Error when a limit of the schema is broken, which is a bug: the caller asks `firstBatch` what fits
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
    frames: frames.map((frame) => frame.content),
    quanta: quantaOf(header.policy),
    ...frames[0]?.basis,
  });
  const signature = sign('sha256', signedBytes('batch', batch), { key: deviceKey, dsaEncoding: 'ieee-p1363' });
  return { firstSequence: header.firstSequence, count: frames.length, bytes: encodeSignedBatch({ batch, signature }) };
}

/** The grids of a policy; the codec leaves out those of paths that no frame names. */
function quantaOf({ signalRules }: ActivePolicy): readonly PathQuantum[] {
  return [...(signalRules?.values() ?? [])].filter(({ quantumMillionths }) => quantumMillionths > 0);
}

/** The frames, from the first on, that one batch can hold; never none, since any one frame fits. */
export function firstBatch(frames: readonly SealedFrame[]): readonly SealedFrame[] {
  const paths = new Set<string>();
  let bytes = 0;
  const end = frames.findIndex(({ content }, index) => {
    bytes += frameBytesMost(content);
    if (content.kind === 'signals') for (const { path } of content.signals) paths.add(path);
    const quantaBytes = paths.size * QUANTUM_BYTES_MOST;
    return index === BATCH_FRAMES_MAX || bytes + quantaBytes > BATCH_BYTES_MAX || paths.size > BATCH_PATHS_MAX;
  });
  return end === -1 ? frames : frames.slice(0, Math.max(1, end));
}

/** Upper bound of a frame's part of a batch, bytes; used to close a batch before it grows too large. */
export function frameBytesMost(content: FrameContent): number {
  if (content.kind === 'image') return 448 + content.data.length;
  if (content.kind === 'points') return 96 + content.voxels.length;
  if (content.kind === 'objects' || content.kind === 'withdrawal') return 96;
  if (content.kind !== 'signals') return 48;
  let bytes = 48;
  for (const { path, value } of content.signals) {
    // The path may be the first of its name in the batch, and so be written out.
    bytes += 20 + path.length + (typeof value === 'string' ? value.length : 0);
  }
  return bytes;
}
