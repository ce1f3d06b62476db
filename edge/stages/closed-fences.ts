import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { Fences } from '../ports/fences.ts';

/** No fence set that can be gone by: silent everywhere. */
export const CLOSED_FENCES: Fences = { isNear: () => true, blocks: () => true };

/** The fences that stages and inspection go by; a policy that demands a set and was given none is closed everywhere. */
export function fencesOf({ fenceVersionMin = 0, fences }: ActivePolicy): Fences | undefined {
  return fences ?? (fenceVersionMin > 0 ? CLOSED_FENCES : undefined);
}
