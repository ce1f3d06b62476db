import type { Wgs84Position } from '../../proto/words/position.ts';
import { parsePosition } from '../../proto/words/position.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Fences } from '../ports/fences.ts';
import type { Draft, Stage } from './stage.ts';

/** A fix older than this says nothing of where a picture was taken: 10 s are 400 m at 140 km/h, below the fences' margin. */
export const FIX_AGE_MS_MAX = 10_000;

/**
 * Removes what senses the surroundings (pictures, point clouds, objects) while the vehicle is in or near a fence or decoy, or
 * while it is not known where it is. It counts as imagery that was removed, as anywhere else: a cause of its own would say
 * where and when.
 *
 * @param fences - undefined where there are none and none are demanded
 */
export function fenceSenses(fences: Fences | undefined): Stage {
  let last: { readonly at: Instant; readonly position: Wgs84Position } | undefined;
  return {
    name: 'fence-senses',
    parameters: fences === undefined ? '' : `margin-m=500 fix-age-s=${FIX_AGE_MS_MAX / 1_000}`,
    apply: (draft, removed) => {
      if (draft.kind === 'fix') {
        const position = parsePosition(draft.latitude, draft.longitude);
        last = position.ok ? { at: draft.at, position: position.value } : undefined;
      }
      if (!sensesSurroundings(draft) || fences === undefined) return [draft];
      const isKnown = last !== undefined && Math.abs(draft.at - last.at) <= FIX_AGE_MS_MAX;
      if (isKnown && last !== undefined && !fences.isNear(last.position)) return [draft];
      removed('imagery', 1);
      return [];
    },
  };
}

/** Every kind but those that are known to hold no surroundings. */
function sensesSurroundings(
  draft: Draft,
): draft is Exclude<Draft, { kind: 'fix' | 'processed-fix' | 'signals' | 'clock' | 'candidate' }> {
  const isFix = draft.kind === 'fix' || draft.kind === 'processed-fix';
  return !isFix && draft.kind !== 'signals' && draft.kind !== 'clock' && draft.kind !== 'candidate';
}
