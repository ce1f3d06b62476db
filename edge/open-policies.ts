import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { sqlitePolicyStore } from './adapters/sqlite-policy-store.ts';
import type { AgentDatabase } from './adapters/sqlite-state.ts';
import type { Agent } from './agent.ts';
import type { EdgeConfig } from './config.ts';
import type { ConsentIntake } from './consent-intake.ts';
import { createFenceIntake } from './fence-intake.ts';
import type { Identity } from './identity.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import { createPolicyIntake, type PolicyIntake } from './policy-intake.ts';
import type { Recognition } from './ports/confidentiality.ts';
import type { AgentSurroundings } from './run-agent.ts';

export interface PolicyParts {
  readonly agent: Agent;
  readonly database: AgentDatabase;
  readonly consents: ConsentIntake;
  readonly confidentiality: Recognition | undefined;
}

/** Every policy that comes into force does so under the fences, the consents and the processing of the moment. */
export function openPolicies(
  { config, path }: LoadedConfig<EdgeConfig>,
  { policyKey: key }: Identity,
  { clock, onFault }: AgentSurroundings,
  { agent, database, consents, confidentiality }: PolicyParts,
): PolicyIntake {
  const { bundleFile, fencesFile } = config.policy;
  const fences = createFenceIntake({
    readFile: fencesFile === undefined ? undefined : () => readIfThere(path(fencesFile)),
    store: sqlitePolicyStore(database, 'fences'),
    key,
    clock,
    onFault,
  });
  const guarded = {
    countRemoved: agent.countRemoved,
    usePolicy: (policy: ActivePolicy | undefined) => {
      const attested = policy === undefined ? undefined : { ...policy, confidentiality };
      agent.usePolicy(consents.under(fences.under(attested)));
    },
  };
  const readFile = (): Uint8Array | undefined => readIfThere(path(bundleFile));
  return createPolicyIntake({ agent: guarded, store: sqlitePolicyStore(database), key, clock, onFault, readFile });
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
