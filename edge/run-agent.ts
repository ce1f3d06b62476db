import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { tagRotationName } from '../proto/codec/control-codec.ts';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import { PRIORITIES } from '../proto/words/priority.ts';
import { ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import { directoryUplink } from './adapters/directory-uplink.ts';
import { connectMqttUplink } from './adapters/mqtt-uplink.ts';
import { sqlitePlaces } from './adapters/sqlite-places.ts';
import { sqlitePolicyStore } from './adapters/sqlite-policy-store.ts';
import { sqliteSeenFiles } from './adapters/sqlite-seen-files.ts';
import { sqliteSpools } from './adapters/sqlite-spool.ts';
import { type AgentDatabase, openAgentDatabase } from './adapters/sqlite-state.ts';
import { type SqliteTrips, sqliteTrips } from './adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from './adapters/vehicle-secret.ts';
import { type Agent, createAgent } from './agent.ts';
import { offlineDays } from './capacity.ts';
import { type Conditions, createConditions } from './conditions.ts';
import type { EdgeConfig } from './config.ts';
import { createDrain, type Drain, type DrainSettings } from './drain.ts';
import { createExpiry, type Expiry } from './expiry.ts';
import { createFenceIntake } from './fence-intake.ts';
import type { Identity } from './identity.ts';
import { type PictureTools, treatPicture } from './imagery/treat-picture.ts';
import { openSources, type SourceSurroundings } from './open-sources.ts';
import { pictureTools } from './picture-tools.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import { createPolicyIntake, type PolicyIntake } from './policy-intake.ts';
import type { FrameSource, FrameSourceEvents } from './ports/frame-source.ts';
import type { PlaceMemory } from './ports/place-memory.ts';
import type { SpoolStatus, Spools } from './ports/spool.ts';
import type { Uplink, UplinkEvents } from './ports/uplink.ts';
import { pathPriorities } from './priorities.ts';
import { FIRST_SEAL_MS, sealingIntervals } from './sealing-intervals.ts';
import type { SpoolConfig } from './spool-config.ts';
import { stagesFor } from './stages/pipeline.ts';
import { positionRulesOf } from './stages/position-words.ts';
import type { TagAt } from './stages/tag-subject.ts';

export interface RunningAgent {
  readonly status: () => AgentStatus;
  readonly flush: () => void;
  /** Seals what is pending, then closes source, uplink and spool. What is unacknowledged stays in the spool. */
  readonly stop: () => Promise<void>;
}

export interface AgentStatus extends SpoolStatus {
  readonly framesSealed: number;
  readonly connected: boolean;
  /** Days of drives like those so far that the spool has room for without an uplink; undefined until it can be told. */
  readonly offlineDays: number | undefined;
  readonly removed: Readonly<Record<string, number>>;
}

export interface AgentSurroundings {
  readonly clock: Clock;
  /** Cryptographically strong, in [0, 1). */
  readonly chance: () => number;
  readonly stdin: Readable;
  readonly onFault: (fault: Fault) => void;
  /** Write batches into this directory instead of sending them. */
  readonly sealTo?: string | undefined;
  /** Standard input has ended and everything of it is sealed. */
  readonly onEnd: () => void;
}

/** How often a policy's time and a silent connection are looked at. */
const TICK_MS = 1_000;

/** How often the file of the policy is looked at. */
const POLICY_MS = 10_000;

/** How often the age of what waits is looked at. */
const EXPIRY_MS = 60_000;

/** Puts one vehicle's agent together and starts it. */
export async function runAgent(
  loaded: LoadedConfig<EdgeConfig>,
  identity: Identity,
  around: AgentSurroundings,
): Promise<Result<RunningAgent, Fault>> {
  const { config, path } = loaded;
  const startedAt = around.clock.now();
  const database = openAgentDatabase(path(config.spool.file));
  const spools = sqliteSpools(database, config.spool);
  const conditions = createConditions(config.spool.unmeteredPath);
  const stores = {
    spools,
    places: sqlitePlaces(database, placeMargins(identity.secret)),
    trips: sqliteTrips(database),
  };
  let uplink: Uplink | undefined;
  const drain = createDrain({
    ...around,
    spools,
    uplink: () => uplink,
    conditions,
    settings: settingsOf(config.spool),
  });
  const tools = pictureTools(loaded);
  const agent = agentOf(loaded, identity, around, { ...stores, tools, onSpooled: drain.pump });

  const policies = policiesOf(loaded, identity, around, { agent, database });
  policies.look();
  // Before timers and uplink: a socket that cannot be opened must not leave them running.
  const remembering = { ...around, seenFiles: (directory: string) => sqliteSeenFiles(database, directory) };
  const source = await sourcesOf(loaded, agent, conditions, remembering, spools);
  if (!source.ok) return source;
  uplink = openUplink(loaded, identity, around, {
    onConnected: drain.connected,
    onDisconnected: drain.disconnected,
    onPolicy: policies.offer,
    onAcknowledged: (acknowledgement) => {
      agent.acknowledge(acknowledgement);
      drain.acknowledged(acknowledgement);
      drain.pump();
    },
  });
  const timers = startTimers(agent, drain, createExpiry(spools, config.spool, around), policies, config);
  const status = (): AgentStatus => ({
    ...spools.status(),
    framesSealed: sealedIn(spools),
    connected: drain.isConnected(),
    offlineDays: roomOf(config, spools, agent, around.clock.now() - startedAt),
    removed: agent.removals(),
  });
  return ok({
    status,
    flush: () => agent.flush(),
    stop: () => stop({ timers, source: source.value, agent, tools, uplink, spools }),
  });
}

/** Every policy that comes into force does so under the fences of the moment. */
function policiesOf(
  { config, path }: LoadedConfig<EdgeConfig>,
  { policyKey: key }: Identity,
  { clock, onFault }: AgentSurroundings,
  { agent, database }: { readonly agent: Agent; readonly database: AgentDatabase },
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
    usePolicy: (policy: ActivePolicy | undefined) => agent.usePolicy(fences.under(policy)),
  };
  const readFile = (): Uint8Array | undefined => readIfThere(path(bundleFile));
  return createPolicyIntake({ agent: guarded, store: sqlitePolicyStore(database), key, clock, onFault, readFile });
}

const roomOf = ({ spool }: EdgeConfig, spools: Spools, agent: Agent, elapsedMs: number): number | undefined =>
  offlineDays({
    maxSize: spool.maxSize,
    bytes: spools.status().bytes,
    sealedBytes: agent.sealedBytes(),
    elapsedMs,
  });

interface AgentStores {
  readonly spools: Spools;
  readonly places: PlaceMemory;
  readonly tools: PictureTools;
  readonly trips: SqliteTrips;
  readonly onSpooled: () => void;
}

function agentOf(
  { config }: LoadedConfig<EdgeConfig>,
  identity: Identity,
  around: AgentSurroundings,
  { spools, places, trips, tools, onSpooled }: AgentStores,
): Agent {
  return createAgent({
    spools,
    priorities: pathPriorities(config.spool.priorities),
    treatPicture: (image, order) => treatPicture(image, order, tools),
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

function startTimers(
  agent: Agent,
  drain: Drain,
  expiry: Expiry,
  policies: PolicyIntake,
  { sealing }: EdgeConfig,
): readonly NodeJS.Timeout[] {
  return [
    setTimeout(agent.flush, FIRST_SEAL_MS),
    ...sealingIntervals(sealing).map(({ priorities, every }) => setInterval(agent.flush, every, priorities)),
    setInterval(drain.pump, TICK_MS),
    setInterval(policies.look, POLICY_MS),
    setInterval(() => expiry.tick(agent.hasPolicy()), EXPIRY_MS),
  ];
}

/** A tag that lasts one trip is never that of signals as well, so that cells stay apart from them. */
function tagsOf(policy: ActivePolicy, { secret, vin }: Identity): { readonly tagAt: TagAt; readonly cellTagAt: TagAt } {
  const { cellTag } = positionRulesOf(policy);
  return {
    tagAt: subjectTags(secret, vin, tagRotationName(policy.tagRotation)),
    cellTagAt: subjectTags(secret, vin, cellTag, cellTag === 'trip' ? 'cell' : 'subject'),
  };
}

/** Emergencies have no rule: they always may. */
const settingsOf = ({ order, maxBandwidth, streams }: SpoolConfig): DrainSettings => ({
  order,
  maxBandwidth,
  rules: Object.fromEntries(Object.entries(streams).map(([priority, stream]) => [priority, stream?.upload])),
});

const sealedIn = ({ of }: Spools): number => PRIORITIES.reduce((sum, one) => sum + of[one].nextSequence(), 0);

function openUplink(
  { config }: LoadedConfig<EdgeConfig>,
  identity: Identity,
  { chance, sealTo }: AgentSurroundings,
  events: UplinkEvents,
): Uplink {
  if (sealTo !== undefined) return directoryUplink(sealTo, events);
  return connectMqttUplink({ ...identity, url: config.uplink.url, chance }, events);
}

/** Without its sources an agent is none: the spool is closed again. */
async function sourcesOf(
  loaded: LoadedConfig<EdgeConfig>,
  agent: Agent,
  conditions: Conditions,
  around: AgentSurroundings & SourceSurroundings,
  spools: Spools,
): Promise<Result<FrameSource, Fault>> {
  const events: FrameSourceEvents = {
    onFrame: (frame) => {
      conditions.take(frame);
      agent.take(frame);
    },
    onMalformed: agent.takeMalformed,
    onRemoved: agent.countRemoved,
    onFault: around.onFault,
    onEnd: () => {
      void agent.settlePictures('treat').then(() => {
        agent.flush();
        around.onEnd();
      });
    },
  };
  try {
    const opened = await openSources(loaded, around, events);
    if (!opened.ok) spools.close();
    return opened;
  } catch (cause) {
    spools.close();
    throw cause;
  }
}

interface Parts {
  readonly timers: readonly NodeJS.Timeout[];
  readonly source: FrameSource;
  readonly agent: Agent;
  readonly tools: PictureTools;
  readonly uplink: Uplink | undefined;
  readonly spools: Spools;
}

async function stop({ timers, source, agent, tools, uplink, spools }: Parts): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await source.close();
  await agent.settlePictures('drop');
  agent.flush();
  for (const detector of tools.detectors) await detector.close();
  await uplink?.close();
  spools.close();
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
