import type { SignalValue } from '../../proto/words/raw-frame.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { sendablePaths } from './forbidden-paths.ts';
import type { Stage } from './stage.ts';

/** Keeps only signals that the policy bundle names; the default is not to collect (SP21-6). */
export function allowSignals(policy: ActivePolicy): Stage {
  const sendable = sendablePaths(policy);
  return {
    name: 'allow-signals',
    parameters: `paths=${sendable.size}`,
    apply: (draft, removed) => {
      if (draft.kind !== 'signals') return [draft];
      const kept: Record<string, SignalValue> = {};
      let keptCount = 0;
      let removedCount = 0;
      for (const path in draft.signals) {
        const value = draft.signals[path];
        if (value !== undefined && sendable.has(path)) {
          kept[path] = value;
          keptCount += 1;
        } else removedCount += 1;
      }
      if (removedCount > 0) removed('signal-not-allowed', removedCount);
      return keptCount === 0 ? [] : [{ kind: 'signals', at: draft.at, signals: kept }];
    },
  };
}
