import { sqliteConsents } from '../../edge/adapters/sqlite-consents.ts';
import { sqlitePlaces } from '../../edge/adapters/sqlite-places.ts';
import { sqlitePolicyStore } from '../../edge/adapters/sqlite-policy-store.ts';
import { sqliteSpools } from '../../edge/adapters/sqlite-spool.ts';
import { openAgentDatabase } from '../../edge/adapters/sqlite-state.ts';
import { sqliteTrips } from '../../edge/adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from '../../edge/adapters/vehicle-secret.ts';
import { type Agent, createAgent } from '../../edge/agent.ts';
import { createConditions } from '../../edge/conditions.ts';
import { type ConsentIntake, createConsentIntake } from '../../edge/consent-intake.ts';
import { createDrain, type Drain } from '../../edge/drain.ts';
import { createPolicyIntake } from '../../edge/policy-intake.ts';
import type { Spool, SpooledBatch, Spools } from '../../edge/ports/spool.ts';
import { pathPriorities } from '../../edge/priorities.ts';
import { stagesFor } from '../../edge/stages/pipeline.ts';
import { decodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import {
  type DropNotice,
  decodeSealedBatch,
  decodeSignedBatch,
  type FrameContent,
} from '../../proto/codec/telemetry-codec.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { PRIORITIES } from '../../proto/words/priority.ts';
import { fail } from '../../proto/words/result.ts';
import type { TestDevice } from '../support/cloud/devices.ts';
import { degreesAt } from '../support/edge/map.ts';
import { CHARGE, POLICY_KEY, SPEED } from '../support/edge/policies.ts';
import { createDisk, type Disk } from './disk.ts';
import type { Link } from './link.ts';
import { createMachineClock, type MachineClock } from './machine-clock.ts';
import { vehiclePersons } from './vehicle-persons.ts';
import { type VehicleSensors, vehicleSensors } from './vehicle-sensors.ts';
import type { World } from './world.ts';

/** What the spool said it has, durably: from then on it is owed. */
export interface Promised {
  readonly epoch: number;
  readonly sequence: number;
  /** Of the policy that it was sealed under. */
  readonly policyVersion: number;
  readonly frame: FrameContent;
}

export interface Vehicle {
  readonly device: TestDevice;
  readonly disk: Disk;
  readonly promised: readonly Promised[];
  /** Acknowledged and deleted by the vehicle: `epoch/sequence`. */
  readonly letGo: ReadonlySet<string>;
  readonly faults: readonly string[];
  readonly clock: MachineClock;
  /** What must never happen, seen where it happened. */
  readonly findings: () => readonly string[];
  readonly grant: () => void;
  readonly withdraw: () => void;
  readonly isOn: () => boolean;
  readonly connected: () => void;
  readonly disconnected: () => void;
  readonly acknowledged: (bytes: Uint8Array) => void;
  readonly policy: (bundle: Uint8Array) => void;
  /** Ends the drive and seals what is pending. */
  readonly park: () => void;
  readonly waiting: () => number;
  readonly close: () => void;
  /** The next sequence of each queue that was ever used, and what was dropped and is still to be told. */
  readonly queues: () => readonly Used[];
}

export interface Used {
  readonly epoch: number;
  readonly next: number;
  readonly untold: readonly DropNotice[];
}

export interface VehicleParts {
  readonly world: World;
  readonly device: TestDevice;
  readonly directory: string;
  readonly spoolBytes: number;
  readonly link: () => Link<Uint8Array, Uint8Array>;
}

const SEAL_MS = 5_000;
const TICK_MS = 1_000;
/** Of as many bytes as most. */
const EPOCHS = 2 ** 47;

interface Running {
  readonly agent: Agent;
  readonly drain: Drain;
  readonly spools: Spools;
  readonly offer: (bundle: Uint8Array) => void;
  readonly consents: ConsentIntake;
  readonly sensors: VehicleSensors;
}

/** The agent of one car on real files; a power cut leaves the files and nothing else. */
export function createVehicle({ world, device, directory, spoolBytes, link }: VehicleParts): Vehicle {
  const promised: Promised[] = [];
  const letGo = new Set<string>();
  const faults: string[] = [];
  const secret = new Uint8Array(32).fill(device.registered.number);
  const clock = createMachineClock(world);
  const persons = vehiclePersons(world, clock, `vehicle ${device.registered.number}`);
  const disk = createDisk(directory, world, () => {
    running = undefined;
    link().cut();
    world.later(world.between(1_000, 120_000), () => {
      disk.revive();
      running = boot();
      world.note(`vehicle ${device.registered.number} starts`);
    });
  });
  let running: Running | undefined = boot();
  let driven = 0;
  let isParked = false;

  function boot(): Running {
    persons.boot();
    const database = openAgentDatabase(disk.at('agent.db'));
    // Else drawn at random: a batch is as long as its epoch, and what fits into a full spool would not be the seed's.
    database.prepare('UPDATE lane SET epoch = ? + lane').run(EPOCHS + device.registered.number * PRIORITIES.length);
    const sensors = vehicleSensors(world);
    const consents: ConsentIntake = createConsentIntake({
      agent: () => agent,
      store: disk.mortal(sqliteConsents(database), 'agent.db', ['keep']),
      spools: () => spools,
      storeTrip: () => trips.store(),
      onFault: ({ code }) => void faults.push(code),
    });
    const limits = { maxSize: spoolBytes, strategyOnFull: 'OverwriteOldestData' } as const;
    const spools = owing(sqliteSpools(database, limits, consents.inForce));
    const places = sqlitePlaces(database, placeMargins(secret));
    const trips = sqliteTrips(database);
    const drain = createDrain({
      spools,
      uplink: () => ({ send, reconnect: () => link().cut(), close: async () => undefined }),
      clock,
      conditions: createConditions(undefined),
      settings: { order: 'live-first', rules: {} },
      onFault: ({ code }) => void faults.push(code),
    });
    const tagAt = subjectTags(secret, device.vin, 'daily');
    const chance = (): number => world.chance.below(1_000_000) / 1_000_000;
    const agent: Agent = createAgent({
      spools,
      priorities: pathPriorities({}),
      deviceKey: device.key,
      clock,
      vehicleTime: 'system',
      chance,
      stagesFor: (policy) => sensors.watched(stagesFor(policy, { tagAt, places, trips, chance })),
      treatPicture: sensors.treatPicture,
      confidentiality: sensors.confidentiality,
      onFault: ({ code }) => void faults.push(code),
      onSpooled: () => {
        trips.commit();
        drain.pump();
      },
    });
    const store = sqlitePolicyStore(database);
    const intake = createPolicyIntake({
      agent: { ...agent, usePolicy: (policy) => agent.usePolicy(consents.under(policy)) },
      store,
      key: POLICY_KEY,
      clock,
      readFile: () => undefined,
      onFault: ({ code }) => void faults.push(code),
    });
    if (store.held() !== undefined) intake.look();
    const own: Running = { agent, drain, spools, offer: intake.offer, consents, sensors };
    every(SEAL_MS, own, () => agent.flush());
    every(TICK_MS, own, () => {
      consents.sweep();
      intake.look();
      drain.pump();
    });
    every(1_000 * (1 + world.chance.below(4)), own, () => drive(own));
    return own;
  }

  /** As long as this very process lives. A power cut in the middle of the work ends it there. */
  function every(ms: number, own: Running, work: () => void): void {
    world.later(ms, () => {
      if (running !== own) return;
      guarded(work);
      if (running === own) every(ms, own, work);
    });
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (!disk.isDead()) throw cause;
    }
  }

  function send({ bytes }: SpooledBatch): void {
    persons.sent(bytes);
    link().toCloud(bytes);
  }

  function owing(spools: Spools): Spools {
    const wrapped = PRIORITIES.map((priority) => {
      const owned = disk.mortal(spools.of[priority], 'agent.db', ['acknowledge'], () => 0);
      const queue = disk.mortal(owned, 'agent.db', ['append', 'hold'], full);
      const append: Spool['append'] = (appended) => {
        const stored = queue.append(appended);
        if (stored.ok) promised.push(...framesOf(appended.batch.bytes, queue.epoch));
        return stored;
      };
      const { acknowledge, hold } = queue;
      return [priority, { ...spools.of[priority], acknowledge, hold, append }] as const;
    });
    const removing = disk.mortal(spools, 'agent.db', ['removeUnder'], full);
    return { ...spools, removeUnder: removing.removeUnder, of: Object.fromEntries(wrapped) as Spools['of'] };
  }

  function drive({ agent, sensors }: Running): void {
    if (isParked) return;
    const at = clock.now();
    driven += 1;
    agent.take({ kind: 'signals', at, signals: { [SPEED]: driven % 200, [CHARGE]: 100 - (driven % 100) } });
    if (driven % 3 === 0) sensors.picture(agent, at);
    sensors.fix(agent);
    agent.take({ kind: 'fix', at, ...degreesAt([driven * 15, driven * 7]) });
  }

  return {
    device,
    disk,
    promised,
    letGo,
    faults,
    clock,
    findings: () => [...persons.findings, ...(running?.sensors.unbalanced(running.agent) ?? [])],
    grant: () => guarded(() => running && persons.grant(running.consents)),
    withdraw: () => guarded(() => running && persons.withdraw(running.consents, () => !disk.isDead())),
    isOn: () => running !== undefined,
    connected: () => guarded(() => running?.drain.connected()),
    disconnected: () => guarded(() => running?.drain.disconnected()),
    policy: (bundle) => guarded(() => running?.offer(bundle)),
    acknowledged: (bytes) =>
      guarded(() => {
        const decoded = decodeAcknowledgement(bytes);
        if (!decoded.ok || running === undefined) return;
        for (const { firstSequence, count } of decoded.value.ranges)
          for (let sequence = firstSequence; sequence < firstSequence + count; sequence += 1)
            letGo.add(`${decoded.value.epoch}/${sequence}`);
        running.agent.acknowledge(decoded.value);
        running.drain.acknowledged(decoded.value);
        running.drain.pump();
      }),
    park: () => {
      isParked = true;
      guarded(() => running?.agent.flush());
    },
    close: () => running?.spools.close(),
    waiting: () => (running === undefined ? 1 : running.spools.status().framesWaiting),
    queues: () =>
      PRIORITIES.flatMap((priority) => {
        const queue = running?.spools.of[priority];
        if (queue === undefined || queue.nextSequence() === 0) return [];
        return [{ epoch: queue.epoch, next: queue.nextSequence(), untold: queue.dropNotices() }];
      }),
  };
}

function framesOf(bytes: Uint8Array, epoch: number): readonly Promised[] {
  const signed = decodeSignedBatch(bytes);
  const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
  if (!batch.ok) throw new Error(`a vehicle sealed what cannot be read: ${batch.fault.code}`);
  const { firstSequence, frames, policyVersion } = batch.value;
  return frames.map((frame, index) => ({ epoch, sequence: firstSequence + index, policyVersion, frame }));
}

const full = () =>
  fail({
    code: 'SPOOL_UNAVAILABLE' as const,
    problem: bilingual('full', '满'),
    remedy: bilingual('-', '-'),
    retry: 'later' as const,
  });
