import { type KeyObject, sign } from 'node:crypto';
import { encodeFenceSet, encodeSignedFenceSet, type FenceSet, type Ring } from '../../../proto/codec/fence-codec.ts';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import { positionAt, type Spot } from './map.ts';
import { POLICY_SIGNING_KEY } from './policies.ts';

/** Five invented squares far apart: one fence and four decoys, as far as their number says. */
export const SQUARES: readonly Ring[] = [0, 1, 2, 3, 4].map((index) =>
  squareAt([12_500 + 40_000 * index, 12_500], 400),
);

/** A square round a spot, half as wide as it says. */
export function squareAt([eastM, northM]: Spot, halfM: number): Ring {
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([east = 0, north = 0]) => positionAt([eastM + east * halfM, northM + north * halfM]));
}

export function fenceSetOf(change: Partial<FenceSet> = {}): FenceSet {
  return {
    id: 'made-up',
    version: 3,
    notBeforeMs: Date.UTC(2020, 0, 1),
    expiresAtMs: Date.UTC(2030, 0, 1),
    decoysPerFence: 4,
    fences: SQUARES,
    ...change,
  };
}

export function signedFences(change: Partial<FenceSet> = {}, key: KeyObject = POLICY_SIGNING_KEY): Uint8Array {
  const set = encodeFenceSet(fenceSetOf(change));
  return encodeSignedFenceSet({ set, signature: sign(null, signedBytes('fences', set), key) });
}
