import type { RawClock, RawFix } from '../proto/words/raw-frame.ts';
import { fail, type Result } from '../proto/words/result.ts';
import type { ConfidentialityProcessor, ConfidentialityRemoval, ProcessedPosition } from './ports/confidentiality.ts';
import type { ProcessedFix, Removed } from './stages/stage.ts';

/** Fixes and clock ticks that wait: at ten a second, twenty minutes of a plug-in that is being started again. */
export const FIXES_WAITING_MAX = 12_000;

/** Fixes given to the plug-in at once, as its protocol has it. */
const FIXES_AT_ONCE = 64;

/**
 * The way of fixes where state-recognised processing is configured, beside that of other frames because a program of its own
 * does it. They stay in order, and clock ticks among them, which end trips. What is not processed is withheld and counted.
 */
export interface FixQueue {
  readonly take: (frame: RawFix | RawClock) => void;
  /** Lets go of everything that waits or is in hand; gives how many fixes. */
  readonly remove: () => number;
  /** Resolves once everything is through; or gives up at once, counted. */
  readonly settle: (waiting: 'treat' | 'drop') => Promise<void>;
}

export function createFixQueue(
  processor: Pick<ConfidentialityProcessor, 'attestation' | 'processFixes'>,
  onDraft: (draft: ProcessedFix | RawClock) => void,
  removed: Removed,
): FixQueue {
  let waiting: (RawFix | RawClock)[] = [];
  let inHand = 0;
  /** Rises when what is in hand is given up; it is then not wanted any more. */
  let generation = 0;
  let working: Promise<void> | undefined;

  const remove = (): number => {
    const fixes = waiting.filter(({ kind }) => kind === 'fix').length + inHand;
    [waiting, inHand] = [[], 0];
    generation += 1;
    return fixes;
  };

  const treatNext = async (): Promise<void> => {
    const end = waiting.findIndex(({ kind }, index) => kind !== 'fix' || index === FIXES_AT_ONCE);
    const fixes = waiting.splice(0, end === -1 ? waiting.length : end) as RawFix[];
    const attestation = processor.attestation()?.id;
    const own = generation;
    inHand = fixes.length;
    const processed = await attempt(processor, fixes);
    if (own !== generation) return;
    inHand = 0;
    if (!processed.ok || attestation === undefined) {
      removed(processed.ok ? 'confidentiality-expired' : processed.fault, fixes.length);
      return;
    }
    for (const [index, { latitude, longitude }] of processed.value.entries()) {
      const at = fixes[index]?.at;
      if (at !== undefined) onDraft({ kind: 'processed-fix', at, latitude, longitude, attestation });
    }
  };

  const work = async (): Promise<void> => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (next.kind === 'fix') await treatNext();
      else {
        waiting.shift();
        onDraft(next);
      }
    }
    working = undefined;
  };

  return {
    remove,
    take: (frame) => {
      if (waiting.length >= FIXES_WAITING_MAX) {
        if (frame.kind === 'fix') removed('confidentiality-queue-full', 1);
        return;
      }
      waiting.push(frame);
      working ??= work();
    },
    settle: async (rest) => {
      if (rest === 'drop') removed('confidentiality-stopped', remove());
      else await working;
    },
  };
}

/** A processor that breaks its promise and throws has failed. */
async function attempt(
  processor: Pick<ConfidentialityProcessor, 'processFixes'>,
  fixes: readonly RawFix[],
): Promise<Result<readonly ProcessedPosition[], ConfidentialityRemoval>> {
  try {
    const processed = await processor.processFixes(fixes);
    return processed.ok && processed.value.length !== fixes.length ? fail('confidentiality-failed') : processed;
  } catch {
    return fail('confidentiality-failed');
  }
}
