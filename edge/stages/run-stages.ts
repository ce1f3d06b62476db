import type { RawImage } from '../../proto/words/raw-frame.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { inspect, type SealedFrame } from './inspect.ts';
import type { Draft, Removed, Stage } from './stage.ts';

/**
 * Runs one draft through all stages and inspects what comes out.
 *
 * A stage that throws costs what it was given, never a leak; a draft that no stage turned into a candidate stays on the
 * vehicle. Everything that does not come out is told to `removed` by cause.
 */
export function runStages(
  stages: readonly Stage[],
  policy: ActivePolicy,
  draft: Draft,
  removed: Removed,
): readonly SealedFrame[] {
  let current: readonly Draft[] = [draft];
  for (const stage of stages) {
    current = current.length === 1 ? attempt(stage, current[0] as Draft, removed) : applyAll(stage, current, removed);
    if (current.length === 0) return NOTHING;
  }
  const sealed: SealedFrame[] = [];
  for (const candidate of current) {
    if (candidate.kind !== 'candidate') {
      removed('not-sealed-by-stages', 1);
      continue;
    }
    const frame = inspect(candidate, policy);
    if (frame === undefined) removed('inspection-failed', 1);
    else sealed.push(frame);
  }
  return sealed;
}

const NOTHING: readonly never[] = [];

/**
 * Whether a picture as it came passes the stages before the one that releases treated ones: what removes a picture by where
 * it was taken has to be asked then, and is asked again when the picture has been treated.
 */
export function passesBefore(releasing: string, stages: readonly Stage[], image: RawImage, removed: Removed): boolean {
  const before = stages.slice(
    0,
    Math.max(
      0,
      stages.findIndex(({ name }) => name.startsWith(releasing)),
    ),
  );
  return before.every((stage) => attempt(stage, image, removed).length > 0);
}

function applyAll(stage: Stage, drafts: readonly Draft[], removed: Removed): readonly Draft[] {
  return drafts.flatMap((draft) => attempt(stage, draft, removed));
}

function attempt(stage: Stage, draft: Draft, removed: Removed): readonly Draft[] {
  try {
    return stage.apply(draft, removed);
  } catch {
    removed('stage-threw', 1);
    return NOTHING;
  }
}
