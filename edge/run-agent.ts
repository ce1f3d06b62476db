import type { Readable } from 'node:stream';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { PictureTools } from '../proto/imagery/treat-image.ts';
import type { Fault } from '../proto/words/fault.ts';
import { PRIORITIES } from '../proto/words/priority.ts';
import type { RawFrame } from '../proto/words/raw-frame.ts';
import { ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import { directoryUplink } from './adapters/directory-uplink.ts';
import { connectMqttUplink } from './adapters/mqtt-uplink.ts';
import { sqliteConsents } from './adapters/sqlite-consents.ts';
import { sqlitePlaces } from './adapters/sqlite-places.ts';
import { sqliteSeenFiles } from './adapters/sqlite-seen-files.ts';
import { sqliteSpools } from './adapters/sqlite-spool.ts';
import { openAgentDatabase } from './adapters/sqlite-state.ts';
import { sqliteTrips } from './adapters/sqlite-trips.ts';
import { placeMargins } from './adapters/vehicle-secret.ts';
import type { Agent } from './agent.ts';
import { type Conditions, createConditions } from './conditions.ts';
import type { EdgeConfig } from './config.ts';
import { type ConsentIntake, createConsentIntake } from './consent-intake.ts';
import { listenForConsents } from './consent-socket.ts';
import { createDrain, type Drain, type DrainSettings } from './drain.ts';
import { createExpiry, type Expiry } from './expiry.ts';
import type { Identity } from './identity.ts';
import { confidentialityOf, openAgent } from './open-agent.ts';
import { openPolicies } from './open-policies.ts';
import { openSources, type SourceSurroundings } from './open-sources.ts';
import { type OpenUpdates, openUpdates } from './open-updates.ts';
import { pictureTools } from './picture-tools.ts';
import type { PolicyIntake } from './policy-intake.ts';
import type { ConfidentialityProcessor } from './ports/confidentiality.ts';
import type { FrameSource, FrameSourceEvents } from './ports/frame-source.ts';
import type { SpoolStatus, Spools } from './ports/spool.ts';
import type { Uplink, UplinkEvents } from './ports/uplink.ts';
import { FIRST_SEAL_MS, sealingIntervals } from './sealing-intervals.ts';
import type { SpoolConfig } from './spool-config.ts';

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
  /** Consents that were withdrawn, or ended, since the start. */
  readonly consentsEnded: number;
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
  const database = openAgentDatabase(path(config.spool.file));
  const trips = sqliteTrips(database);
  const { onFault } = around;
  const consents: ConsentIntake = createConsentIntake({
    ...{ agent: () => agent, spools: () => spools, storeTrip: trips.store, store: sqliteConsents(database), onFault },
  });
  const spools = sqliteSpools(database, config.spool, consents.inForce);
  const conditions = createConditions(config.spool.unmeteredPath);
  const places = sqlitePlaces(database, placeMargins(identity.secret));
  let uplink: Uplink | undefined;
  const settings = settingsOf(config.spool);
  const drain = createDrain({ ...around, spools, uplink: () => uplink, conditions, settings });
  const tools = pictureTools(loaded);
  const confidentiality = confidentialityOf(config, around);
  const parts = { spools, places, trips, tools, confidentiality, onSpooled: drain.pump };
  const agent: Agent = openAgent(loaded, identity, around, parts);

  const policies = openPolicies(loaded, identity, around, { agent, database, consents, confidentiality });
  const updates = openUpdates(loaded, identity, around, { agent, database, uplink: () => uplink });
  policies.look();
  consents.sweep();
  // Before timers and uplink: a socket that cannot be opened must not leave them running.
  const remembering = { ...around, seenFiles: (directory: string) => sqliteSeenFiles(database, directory) };
  const seeing = { take: (frame: RawFrame) => see(frame, conditions, updates) };
  const source = await sourcesOf(loaded, agent, seeing, remembering, { spools, consents });
  if (!source.ok) return source;
  const hearing = { agent, drain, policies, updates };
  uplink = openUplink(loaded, identity, around, uplinkEvents(hearing));
  const expiry = createExpiry(spools, config.spool, around);
  const timers = startTimers({ agent, drain, expiry, policies, consents, updates }, config);
  const status = (): AgentStatus => ({
    ...spools.status(),
    framesSealed: sealedIn(spools),
    connected: drain.isConnected(),
    offlineDays: agent.offlineDays(),
    removed: agent.removals(),
    consentsEnded: consents.endings(),
  });
  return ok({
    status,
    flush: () => agent.flush(),
    stop: () => stop({ timers, source: source.value, agent, tools, confidentiality, uplink, spools }),
  });
}

/** What is heard from the cloud, and who it is for. */
function uplinkEvents({
  agent,
  drain,
  policies,
  updates,
}: Pick<Timed, 'agent' | 'drain' | 'policies' | 'updates'>): UplinkEvents {
  return {
    onConnected: () => {
      drain.connected();
      updates?.connected();
    },
    onDisconnected: () => {
      drain.disconnected();
      updates?.disconnected();
    },
    onPolicy: policies.offer,
    onUpdate: (message) => void updates?.take(message),
    onAcknowledged: (acknowledgement) => {
      agent.acknowledge(acknowledgement);
      drain.acknowledged(acknowledgement);
      drain.pump();
    },
  };
}

interface Timed {
  readonly agent: Agent;
  readonly drain: Drain;
  readonly expiry: Expiry;
  readonly policies: PolicyIntake;
  readonly consents: ConsentIntake;
  readonly updates: OpenUpdates | undefined;
}

function startTimers(
  { agent, drain, expiry, policies, consents, updates }: Timed,
  { sealing }: EdgeConfig,
): readonly NodeJS.Timeout[] {
  return [
    setTimeout(agent.flush, FIRST_SEAL_MS),
    ...sealingIntervals(sealing).map(({ priorities, every }) => setInterval(agent.flush, every, priorities)),
    setInterval(() => {
      consents.sweep();
      drain.pump();
      void updates?.tick();
    }, TICK_MS),
    setInterval(policies.look, POLICY_MS),
    setInterval(() => expiry.tick(agent.hasPolicy()), EXPIRY_MS),
  ];
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

/** What the vehicle does is learned from raw signals, whether or not they may leave: rules of upload and updates wait for it. */
function see(frame: RawFrame, conditions: Conditions, updates: OpenUpdates | undefined): void {
  conditions.take(frame);
  updates?.see(frame);
}

/**
 * Without its sources an agent is none: the spool is closed again.
 *
 * @param seeing - takes each raw frame before the agent does
 */
async function sourcesOf(
  loaded: LoadedConfig<EdgeConfig>,
  agent: Agent,
  seeing: Pick<Conditions, 'take'>,
  around: AgentSurroundings & SourceSurroundings,
  { spools, consents }: { readonly spools: Spools; readonly consents: ConsentIntake },
): Promise<Result<FrameSource, Fault>> {
  const events: FrameSourceEvents = {
    onFrame: (frame) => {
      seeing.take(frame);
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
    const asked = loaded.config.consents;
    if (!opened.ok || asked === undefined) return opened;
    const display = await listenForConsents(loaded.path(asked.socket), asked.writers, consents).catch(
      async (cause: unknown) => {
        await opened.value.close();
        throw cause;
      },
    );
    return ok({
      close: async () => {
        await display.close();
        await opened.value.close();
      },
    });
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
  readonly confidentiality: ConfidentialityProcessor | undefined;
  readonly uplink: Uplink | undefined;
  readonly spools: Spools;
}

async function stop({ timers, source, agent, tools, confidentiality, uplink, spools }: Parts): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await source.close();
  await agent.settlePictures('drop');
  agent.flush();
  for (const detector of tools.detectors) await detector.close();
  await confidentiality?.close();
  await uplink?.close();
  spools.close();
}
