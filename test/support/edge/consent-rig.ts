import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqliteConsents } from '../../../edge/adapters/sqlite-consents.ts';
import { sqlitePlaces } from '../../../edge/adapters/sqlite-places.ts';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { type AgentDatabase, openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { sqliteTrips } from '../../../edge/adapters/sqlite-trips.ts';
import { subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import { type Agent, createAgent } from '../../../edge/agent.ts';
import { type ConsentIntake, createConsentIntake } from '../../../edge/consent-intake.ts';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import type { Purpose } from '../../../edge/policy/purpose.ts';
import type { Spools } from '../../../edge/ports/spool.ts';
import { pathPriorities } from '../../../edge/priorities.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import type { FrameContent, SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import { PRIORITIES } from '../../../proto/words/priority.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { DEVICE_KEY, openBatch, SYSTEM_NOW } from './agent-rig.ts';
import { MORNING } from './candidates.ts';
import { VIN_A } from './made-vin.ts';
import { allPurposes, CHARGE, OPERATIONS, policyOf, SPEED, TYPE } from './policies.ts';
import { seededChance } from './seeded.ts';
import { tempDirectory } from './temp-directory.ts';

/** Needs the driver's consent; covers the speed, cells and trips. */
export const JOURNEYS: Purpose = { ...OPERATIONS, id: 'journeys', consent: 'driver' };

/** `SPEED`, cells and trips for `JOURNEYS`; everything else for a purpose that needs no consent. */
export function consentPolicy(change: Partial<ActivePolicy> = {}): ActivePolicy {
  const { all, ofPath, ofKind } = allPurposes([SPEED, CHARGE, TYPE]);
  return policyOf({
    purposes: {
      all: [...all, JOURNEYS],
      ofPath: new Map([...ofPath, [SPEED, JOURNEYS]]),
      ofKind: { ...ofKind, cells: JOURNEYS, trips: JOURNEYS },
    },
    ...change,
  });
}

export interface ConsentRig {
  readonly agent: Agent;
  readonly consents: ConsentIntake;
  readonly file: string;
  readonly database: AgentDatabase;
  readonly spools: Spools;
  readonly faults: string[];
  readonly usePolicy: (policy: ActivePolicy | undefined) => void;
  /** Grants until an hour after the beginning of the tests, unless said otherwise. */
  readonly grant: (purpose?: string, number?: number, until?: Instant) => ReturnType<ConsentIntake['grant']>;
  /** What the uplink would be given now. */
  readonly batches: () => readonly SealedBatch[];
  readonly sent: () => readonly FrameContent[];
  readonly breakDisk: (isBroken: boolean) => void;
  readonly close: () => void;
}

export const TEST_HOUR_MS = 3_600_000;

/** An agent with its register of consents, on a real file; times are those of the frames. */
export function createConsentRig(file = join(tempDirectory(), 'agent.db'), seed = 1): ConsentRig {
  const database = openAgentDatabase(file);
  onTestFinished(() => {
    database.close();
  });
  const faults: string[] = [];
  const trips = sqliteTrips(database);
  const store = sqliteConsents(database);
  let isBroken = false;
  const consents: ConsentIntake = createConsentIntake({
    agent: () => agent,
    spools: () => spools,
    store: {
      entries: store.entries,
      keep: (entry) => {
        if (isBroken) throw new Error('disk full');
        store.keep(entry);
      },
    },
    storeTrip: trips.store,
    onFault: ({ code }) => void faults.push(code),
  });
  const spools = sqliteSpools(database, { maxSize: 10_000_000, strategyOnFull: 'RejectNewData' }, consents.inForce);
  const chance = seededChance(seed);
  const tagAt = subjectTags(new Uint8Array(32).fill(seed), VIN_A as Vin, 'daily');
  const agent: Agent = createAgent({
    ...{ spools, priorities: pathPriorities({}), deviceKey: DEVICE_KEY, clock: { now: () => SYSTEM_NOW } },
    ...{ vehicleTime: 'source', chance },
    stagesFor: (policy) => stagesFor(policy, { tagAt, places: sqlitePlaces(database, () => 500), trips, chance }),
    onFault: ({ code }) => void faults.push(code),
    onSpooled: trips.commit,
  });
  const batches = (): readonly SealedBatch[] =>
    PRIORITIES.flatMap((priority) => spools.of[priority].read(-1, 1_000)).map(openBatch);
  let policy: ActivePolicy | undefined;
  return {
    ...{ agent, consents, file, database, spools, faults, batches },
    usePolicy: (next) => {
      policy = consents.under(next);
      agent.usePolicy(policy);
    },
    grant: (purpose = JOURNEYS.id, number = 1, until = (MORNING + TEST_HOUR_MS) as Instant) => {
      const scope = consents.show().purposes.find(({ id }) => id === purpose)?.scope ?? '';
      return consents.grant({ purpose, subjects: 'driver', scope, until, number });
    },
    sent: () => batches().flatMap(({ frames }) => frames),
    breakDisk: (broken) => {
      isBroken = broken;
    },
    close: () => database.close(),
  };
}
