import type { KeyObject } from 'node:crypto';
import type { Fault } from '../proto/words/fault.ts';
import type { Clock } from '../proto/words/time.ts';
import { type ChosenFences, chooseFences } from './fences/accept-fences.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Fences } from './ports/fences.ts';
import type { PolicyStore } from './ports/policy-store.ts';

/** Puts policies under the fences in force. */
export interface FenceIntake {
  /**
   * The policy with its fences. It looks at the file again, so that a set which is new, gone or over is known within the
   * time that policies are looked at; what was handed out before answers by it too.
   */
  readonly under: (policy: ActivePolicy | undefined) => ActivePolicy | undefined;
}

export interface FenceIntakeParts {
  /** Undefined where the configuration names no file; one that is configured and not there closes everything. */
  readonly readFile: (() => Uint8Array | undefined) | undefined;
  readonly store: PolicyStore;
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly onFault: (fault: Fault) => void;
}

interface Looked {
  readonly bytes: Uint8Array | undefined;
  readonly versionMin: number;
  readonly chosen: ChosenFences;
}

export function createFenceIntake({ readFile, store, key, clock, onFault }: FenceIntakeParts): FenceIntake {
  let last: Looked | undefined;
  /** One for as long as the agent runs: the stages of a policy keep it while sets come and go. */
  const inForce: Fences = {
    isNear: (position) => last?.chosen.fences?.isNear(position) ?? true,
    blocks: (cell) => last?.chosen.fences?.blocks(cell) ?? true,
  };

  const look = (versionMin: number): void => {
    const bytes = readFile?.();
    const isOver = clock.now() >= (last?.chosen.expiresAt ?? Number.POSITIVE_INFINITY);
    if (last !== undefined && !isOver && last.versionMin === versionMin && isSame(bytes, last.bytes)) return;
    const chosen = chooseFences(bytes, store, key, clock.now, versionMin);
    last = { bytes, versionMin, chosen };
    if (chosen.fault !== undefined) onFault(chosen.fault);
  };

  return {
    under: (policy) => {
      if (policy === undefined) return undefined;
      look(Math.max(policy.fenceVersionMin ?? 0, readFile === undefined ? 0 : 1));
      const isFree = readFile === undefined && last?.chosen.fences === undefined;
      return isFree ? policy : { ...policy, fences: inForce };
    },
  };
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}
