import { tagRotationName } from '../proto/codec/control-codec.ts';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { PictureTools } from '../proto/imagery/treat-image.ts';
import { confidentialityProcess } from './adapters/confidentiality-process.ts';
import type { SqliteTrips } from './adapters/sqlite-trips.ts';
import { subjectTags } from './adapters/vehicle-secret.ts';
import { type Agent, createAgent } from './agent.ts';
import type { EdgeConfig } from './config.ts';
import type { Identity } from './identity.ts';
import { treatPicture } from './imagery/treat-picture.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { ConfidentialityProcessor } from './ports/confidentiality.ts';
import type { PlaceMemory } from './ports/place-memory.ts';
import type { Spools } from './ports/spool.ts';
import { pathPriorities } from './priorities.ts';
import type { AgentSurroundings } from './run-agent.ts';
import { stagesFor } from './stages/pipeline.ts';
import { positionRulesOf } from './stages/position-words.ts';
import type { TagAt } from './stages/tag-subject.ts';

export interface AgentStores {
  readonly spools: Spools;
  readonly places: PlaceMemory;
  readonly tools: PictureTools;
  readonly trips: SqliteTrips;
  readonly confidentiality: ConfidentialityProcessor | undefined;
  readonly onSpooled: () => void;
}

/** The agent of one vehicle on its stores. */
export function openAgent(
  { config }: LoadedConfig<EdgeConfig>,
  identity: Identity,
  around: AgentSurroundings,
  { spools, places, trips, tools, confidentiality, onSpooled }: AgentStores,
): Agent {
  return createAgent({
    spools,
    spoolSize: config.spool.maxSize,
    priorities: pathPriorities(config.spool.priorities),
    treatPicture: (image, order) => treatPicture(image, order, tools),
    confidentiality,
    deviceKey: identity.deviceKey,
    clock: around.clock,
    vehicleTime: config.vehicleTime,
    chance: around.chance,
    stagesFor: (policy) => stagesFor(policy, { ...tagsOf(policy, identity), places, trips, chance: around.chance }),
    onFault: around.onFault,
    onSpooled: () => {
      trips.commit();
      onSpooled();
    },
  });
}

/** The operator's plug-in, as the configuration has it; it is started with the first fix. */
export function confidentialityOf(
  { confidentiality }: EdgeConfig,
  { clock, onFault }: AgentSurroundings,
): ConfidentialityProcessor | undefined {
  if (confidentiality === undefined) return undefined;
  const { id, certificate, validFrom, validUntil } = confidentiality;
  const attestation = { id, certificate, validFromMs: Date.parse(validFrom), validUntilMs: Date.parse(validUntil) };
  return confidentialityProcess({ ...confidentiality, attestation }, clock, onFault);
}

/** A tag that lasts one trip is never that of signals as well, so that cells stay apart from them. */
function tagsOf(policy: ActivePolicy, { secret, vin }: Identity): { readonly tagAt: TagAt; readonly cellTagAt: TagAt } {
  const { cellTag } = positionRulesOf(policy);
  return {
    tagAt: subjectTags(secret, vin, tagRotationName(policy.tagRotation)),
    cellTagAt: subjectTags(secret, vin, cellTag, cellTag === 'trip' ? 'cell' : 'subject'),
  };
}
