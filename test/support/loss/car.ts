import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectMqttUplink } from '../../../edge/adapters/mqtt-uplink.ts';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { type AgentDatabase, openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import { type Agent, createAgent } from '../../../edge/agent.ts';
import { createConditions } from '../../../edge/conditions.ts';
import { createDrain, type Drain, type DrainSettings } from '../../../edge/drain.ts';
import type { Spools } from '../../../edge/ports/spool.ts';
import type { Uplink } from '../../../edge/ports/uplink.ts';
import { pathPriorities } from '../../../edge/priorities.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import type { Updates } from '../../../edge/updates/updates.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { NOW } from '../cloud/batches.ts';
import type { ConnectingDevice } from '../cloud/certificates.ts';
import { later } from '../edge/candidates.ts';
import { policyOf, SPEED } from '../edge/policies.ts';
import { tempDirectory } from '../edge/temp-directory.ts';

/** A whole agent on a real spool and a real uplink; the test is its source and its timers' clock. */
export interface Car {
  readonly agent: Agent;
  readonly drain: Drain;
  readonly spools: Spools;
  readonly faults: string[];
  /** Bundles that came by the downlink. */
  readonly policies: readonly Uint8Array[];
  /** So many frames a second apart, each of them sealed in batches of at most `each`. */
  readonly drive: (frames: number, each?: number) => void;
  readonly clock: { now: Instant };
  readonly uplink: () => Uplink;
  readonly stop: () => Promise<void>;
}

/** What a car that takes part in campaigns makes its updates from. */
export interface CarParts {
  readonly agent: Agent;
  readonly database: AgentDatabase;
  readonly clock: { now: Instant };
  readonly uplink: () => Uplink | undefined;
}

const PUMP_MS = 20;
/** What is driven lies behind the cloud's time, and not so long that it does not believe it. */
const DRIVEN_BEFORE_MS = 3_600_000;

export function startCar(
  by: ConnectingDevice,
  url: string,
  authority: string,
  settings: Partial<DrainSettings> = {},
  openUpdates?: (parts: CarParts) => Updates,
): Car {
  const database = openAgentDatabase(join(tempDirectory(), 'agent.db'));
  const spools = sqliteSpools(database, {
    maxSize: 100_000_000,
    strategyOnFull: 'RejectNewData',
  });
  const clock = { now: Date.now() as Instant };
  const faults: string[] = [];
  const policies: Uint8Array[] = [];
  let uplink: Uplink | undefined;
  const onFault = ({ code }: { readonly code: string }): void => void faults.push(code);
  const drain = createDrain({
    spools,
    uplink: () => uplink,
    clock: { now: () => clock.now },
    conditions: createConditions(undefined),
    settings: { order: 'fifo', rules: {}, ...settings },
    onFault,
  });
  const tagAt = subjectTags(new Uint8Array(32).fill(1), by.vin, 'daily');
  const agent = createAgent({
    spools,
    priorities: pathPriorities({}),
    deviceKey: createPrivateKey(by.identity.key),
    clock: { now: () => clock.now },
    vehicleTime: 'source',
    chance: () => 0.5,
    stagesFor: (policy) => stagesFor(policy, { tagAt, places: { marginAt: () => 100 }, chance: () => 0.5 }),
    onFault,
    onSpooled: drain.pump,
  });
  agent.usePolicy(policyOf());
  const updates = openUpdates?.({ agent, database, clock, uplink: () => uplink });
  const { certificate, key } = by.identity;
  const { device } = by.registered;
  uplink = connectMqttUplink(
    { url, device, certificate, key, authority, chance: () => 0 },
    {
      onConnected: () => {
        drain.connected();
        updates?.connected();
      },
      onDisconnected: () => {
        drain.disconnected();
        updates?.disconnected();
      },
      onUpdate: (message) => void updates?.take(message),
      onPolicy: (bundle) => void policies.push(bundle),
      onAcknowledged: (acknowledgement) => {
        agent.acknowledge(acknowledgement);
        drain.acknowledged(acknowledgement);
        drain.pump();
      },
    },
  );
  const turn = (): void => {
    drain.pump();
    if (updates === undefined) return;
    void updates.tick();
    agent.flush();
  };
  const timer = setInterval(turn, PUMP_MS);
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    clearInterval(timer);
    await uplink?.close();
    spools.close();
  };
  onTestFinished(stop);
  const begun = later(NOW, -DRIVEN_BEFORE_MS);
  let driven = 0;
  const drive = (frames: number, each = 10): void => {
    for (let index = 0; index < frames; index += 1) {
      agent.take({ kind: 'signals', at: later(begun, driven * 1_000), signals: { [SPEED]: driven % 120 } });
      driven += 1;
      if (driven % each === 0) agent.flush();
    }
    agent.flush();
  };
  return { agent, drain, spools, faults, policies, drive, clock, uplink: () => uplink as Uplink, stop };
}
