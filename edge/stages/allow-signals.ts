import { quantise } from '../../proto/words/quantum.ts';
import type { SignalValue } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { sendablePaths } from './forbidden-paths.ts';
import type { RemovalCause, Stage } from './stage.ts';

/**
 * Keeps only signals that the policy bundle names; the default is not to collect (SP21-6). Of those with a rule it keeps one
 * value a period, and cuts numbers down to the rule's grid.
 */
export function allowSignals(policy: ActivePolicy): Stage {
  const sendable = sendablePaths(policy);
  const rules = policy.signalRules ?? NO_RULES;
  const isInPeriod = limitRates(policy);
  return {
    name: 'allow-signals',
    parameters: rules.size === 0 ? `paths=${sendable.size}` : `paths=${sendable.size} rules=${rules.size}`,
    apply: (draft, removed) => {
      if (draft.kind !== 'signals') return [draft];
      const kept: Record<string, SignalValue> = {};
      let keptCount = 0;
      const counts = { 'signal-not-allowed': 0, 'signal-rate': 0 } satisfies Partial<Record<RemovalCause, number>>;
      for (const path in draft.signals) {
        const value = draft.signals[path];
        const allowed = value !== undefined && sendable.has(path) ? reduce(value, rules.get(path)) : undefined;
        if (allowed === undefined) counts['signal-not-allowed'] += 1;
        else if (!isInPeriod(path, draft.at)) counts['signal-rate'] += 1;
        else {
          kept[path] = allowed;
          keptCount += 1;
        }
      }
      for (const cause of ['signal-not-allowed', 'signal-rate'] as const) {
        if (counts[cause] > 0) removed(cause, counts[cause]);
      }
      return keptCount === 0 ? [] : [{ kind: 'signals', at: draft.at, signals: kept }];
    },
  };
}

const NO_RULES: NonNullable<ActivePolicy['signalRules']> = new Map();

/** A number that has no multiple of the quantum is not sent. */
function reduce(value: SignalValue, rule: { readonly quantumMillionths: number } | undefined): SignalValue | undefined {
  if (rule === undefined || rule.quantumMillionths === 0 || typeof value !== 'number') return value;
  return quantise(value, rule.quantumMillionths);
}

/** Whether a value is the first of its period. Periods are counted from 1970 UTC, so a restart repeats one value at most. */
function limitRates({ signalRules = NO_RULES }: ActivePolicy): (path: string, at: Instant) => boolean {
  const lastPeriods = new Map<string, number>();
  return (path, at) => {
    const periodMs = signalRules.get(path)?.periodMs ?? 0;
    if (periodMs === 0) return true;
    const period = Math.floor(at / periodMs);
    if (period <= (lastPeriods.get(path) ?? Number.NEGATIVE_INFINITY)) return false;
    lastPeriods.set(path, period);
    return true;
  };
}
