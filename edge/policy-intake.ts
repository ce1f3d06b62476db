import type { KeyObject } from 'node:crypto';
import { bilingual, type Fault } from '../proto/words/fault.ts';
import type { Clock } from '../proto/words/time.ts';
import type { Agent } from './agent.ts';
import { choosePolicy } from './policy/choose-policy.ts';
import type { PolicyStore } from './ports/policy-store.ts';

/** Brings policy bundles to the agent: from a file, and from the cloud. */
export interface PolicyIntake {
  /** A bundle that the cloud sent. What is not better than the one in force changes nothing, and is told and counted. */
  readonly offer: (bundle: Uint8Array) => void;
  /** Looks at the file again: it may be new, and the one in force may have begun or ended. */
  readonly look: () => void;
}

export interface PolicyIntakeParts {
  readonly agent: Pick<Agent, 'usePolicy' | 'countRemoved'>;
  readonly store: PolicyStore;
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly readFile: () => Uint8Array | undefined;
  readonly onFault: (fault: Fault) => void;
}

export function createPolicyIntake({ agent, store, key, clock, readFile, onFault }: PolicyIntakeParts): PolicyIntake {
  /** Of the file as it was looked at last: a bad file is counted once, and not every time it is looked at. */
  let counted: Uint8Array | undefined;

  const choose = (offered: Uint8Array | undefined, isNew: boolean): void => {
    const { policy, fault } = choosePolicy(offered, store, key, clock.now());
    if (fault !== undefined) onFault(fault);
    else if (policy === undefined) onFault(policyMissing());
    if (fault !== undefined && offered !== undefined && isNew) agent.countRemoved('policy-refused', 1);
    agent.usePolicy(policy);
  };

  return {
    offer: (bundle) => choose(bundle, true),
    look: () => {
      const bytes = readFile();
      const isNew = bytes !== undefined && (counted === undefined || !isSame(bytes, counted));
      counted = bytes;
      // An older file beside a newer bundle from the cloud is no fault: the file is what the vehicle was delivered with.
      const held = store.held();
      choose(isNew || held === undefined ? bytes : undefined, isNew);
    },
  };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function policyMissing(): Fault<'POLICY_MISSING'> {
  return {
    code: 'POLICY_MISSING',
    problem: bilingual('there is no policy bundle, so nothing is collected', '没有策略包，因此不采集任何数据'),
    remedy: bilingual(
      'put a signed bundle at `policy.bundleFile`, or have the cloud send one',
      '请将已签名的策略包放到 `policy.bundleFile`，或由云端下发',
    ),
    retry: 'after-remedy',
  };
}
