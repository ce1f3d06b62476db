import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import type { Clock } from '../proto/words/time.ts';
import { directoryUplink } from './adapters/directory-uplink.ts';
import { connectMqttUplink } from './adapters/mqtt-uplink.ts';
import { sqlitePlaces } from './adapters/sqlite-places.ts';
import { sqlitePolicyStore } from './adapters/sqlite-policy-store.ts';
import { sqliteSpool } from './adapters/sqlite-spool.ts';
import { openAgentDatabase } from './adapters/sqlite-state.ts';
import { subjectTags } from './adapters/vehicle-secret.ts';
import { type Agent, createAgent } from './agent.ts';
import type { EdgeConfig } from './config.ts';
import { createDrain } from './drain.ts';
import { type Identity, rotationOf } from './identity.ts';
import { choosePolicy } from './policy/choose-policy.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { FrameSource, FrameSourceEvents } from './ports/frame-source.ts';
import type { PolicyStore } from './ports/policy-store.ts';
import type { Spool, SpoolStatus } from './ports/spool.ts';
import type { Uplink, UplinkEvents } from './ports/uplink.ts';
import { listenForFrames, readFrames } from './sources/ndjson-source.ts';
import { stagesFor } from './stages/pipeline.ts';
import { FLEET } from './trips/publish-cells.ts';

export interface RunningAgent {
  readonly status: () => AgentStatus;
  readonly flush: () => void;
  /** Seals what is pending, then closes source, uplink and spool. What is unacknowledged stays in the spool. */
  readonly stop: () => Promise<void>;
}

export interface AgentStatus extends SpoolStatus {
  readonly framesSealed: number;
  readonly connected: boolean;
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

/** Puts one vehicle's agent together and starts it. */
export async function runAgent(
  loaded: LoadedConfig<EdgeConfig>,
  identity: Identity,
  around: AgentSurroundings,
): Promise<RunningAgent> {
  const { config, path } = loaded;
  const database = openAgentDatabase(path(config.spool.file));
  const spool = sqliteSpool(database, config.spool);
  const places = sqlitePlaces(database, () => around.chance() * FLEET.marginMaxM);
  let uplink: Uplink | undefined;
  const drain = createDrain(spool, () => uplink, around.clock);
  const agent = createAgent({
    spool,
    deviceKey: identity.deviceKey,
    clock: around.clock,
    vehicleTime: config.vehicleTime,
    chance: around.chance,
    stagesFor: (policy: ActivePolicy) => {
      const tagAt = subjectTags(identity.secret, identity.vin, rotationOf(policy.tagRotation));
      return stagesFor(policy, { tagAt, places, chance: around.chance });
    },
    onFault: around.onFault,
    onSpooled: drain.pump,
  });

  agent.usePolicy(policyOf(loaded, identity, sqlitePolicyStore(database), around));
  // Before timers and uplink: a socket that cannot be opened must not leave them running.
  const source = await openSource(loaded, agent, around).catch((cause: unknown) => {
    spool.close();
    throw cause;
  });
  uplink = openUplink(loaded, identity, spool.epoch, around, {
    onConnected: drain.connected,
    onDisconnected: drain.disconnected,
    onAcknowledged: (acknowledgement) => {
      agent.acknowledge(acknowledgement);
      drain.acknowledged(acknowledgement);
      drain.pump();
    },
  });
  const timers = [setInterval(agent.flush, config.sealing.intervalMs), setInterval(drain.pump, TICK_MS)];
  return {
    status: () => ({
      ...spool.status(),
      framesSealed: spool.nextSequence(),
      connected: drain.isConnected(),
      removed: agent.removals(),
    }),
    flush: agent.flush,
    stop: () => stop({ timers, source, agent, uplink, spool }),
  };
}

function policyOf(
  { config, path }: LoadedConfig<EdgeConfig>,
  { policyKey }: Identity,
  store: PolicyStore,
  around: AgentSurroundings,
): ActivePolicy | undefined {
  const offered = readIfThere(path(config.policy.bundleFile));
  const { policy, fault } = choosePolicy(offered, store, policyKey, around.clock.now());
  if (fault !== undefined) around.onFault(fault);
  return policy;
}

function openUplink(
  { config }: LoadedConfig<EdgeConfig>,
  identity: Identity,
  epoch: number,
  { chance, sealTo }: AgentSurroundings,
  events: UplinkEvents,
): Uplink {
  if (sealTo !== undefined) return directoryUplink(sealTo, epoch, events);
  return connectMqttUplink({ ...identity, url: config.uplink.url, chance }, events);
}

function openSource(
  { config, path }: LoadedConfig<EdgeConfig>,
  agent: Agent,
  around: AgentSurroundings,
): Promise<FrameSource> {
  const events: FrameSourceEvents = {
    onFrame: agent.take,
    onMalformed: agent.takeMalformed,
    onEnd: () => {
      agent.flush();
      around.onEnd();
    },
  };
  if (config.source.kind === 'unix-socket') return listenForFrames(path(config.source.path), events);
  return Promise.resolve(readFrames(around.stdin, events));
}

interface Parts {
  readonly timers: readonly NodeJS.Timeout[];
  readonly source: FrameSource;
  readonly agent: Agent;
  readonly uplink: Uplink | undefined;
  readonly spool: Spool;
}

async function stop({ timers, source, agent, uplink, spool }: Parts): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await source.close();
  agent.flush();
  await uplink?.close();
  spool.close();
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
