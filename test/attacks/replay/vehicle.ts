import { join } from 'node:path';
import { sqlitePlaces } from '../../../edge/adapters/sqlite-places.ts';
import { type AgentDatabase, openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { sqliteTrips } from '../../../edge/adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import { positionRulesOf } from '../../../edge/stages/position-words.ts';
import { runStages } from '../../../edge/stages/run-stages.ts';
import type { Draft, Stage } from '../../../edge/stages/stage.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { allPurposes } from '../../support/edge/policies.ts';
import { seededChance } from '../../support/edge/seeded.ts';

/** A vehicle that carries the product's own stages, its place memory in a file. */
export interface Vehicle {
  /** What a frame makes leave, inspected as on the vehicle. */
  readonly take: (draft: Draft) => readonly SealedFrame[];
  /** The agent ends and begins again: what it had in memory is gone, its file is not. */
  readonly restart: () => void;
  /** The agent is installed anew: its file is gone. The vehicle's secret was provisioned once and stays. */
  readonly reinstall: () => void;
  readonly close: () => void;
}

export interface VehicleParts {
  readonly preset: ActivePolicy['preset'];
  /** Where its file lies; a name nobody else has. */
  readonly directory: string;
  readonly name: string;
  readonly seed: number;
  /** The policy demands a set of fences of this version, and the vehicle has none. */
  readonly fenceVersionMin?: number | undefined;
}

/** The composition of edge/run-agent.ts without spool and uplink, which change no content. */
export function createVehicle({ preset, directory, name, seed, fenceVersionMin = 0 }: VehicleParts): Vehicle {
  const chance = seededChance(seed);
  const policy: ActivePolicy = {
    id: 'attack',
    version: 1,
    expiresAt: Date.UTC(2100, 0, 1) as Instant,
    allowedPaths: new Set(),
    purposes: allPurposes([]),
    preset,
    tagRotation: 0,
    fenceVersionMin,
  };
  let installations = 0;
  const secret = drawSecret(chance);
  let database: AgentDatabase = open();
  let trips = sqliteTrips(database);
  let stages: readonly Stage[] = compose();

  function open(): AgentDatabase {
    const opened = openAgentDatabase(join(directory, `${name}-${installations}.db`));
    // Durability is tested elsewhere; here ten thousand places are written and thrown away.
    opened.pragma('synchronous = OFF');
    return opened;
  }

  function compose(): readonly Stage[] {
    const { cellTag } = positionRulesOf(policy);
    const tagAt = subjectTags(secret, VIN, 'daily');
    const cellTagAt = subjectTags(secret, VIN, cellTag, cellTag === 'trip' ? 'cell' : 'subject');
    trips = sqliteTrips(database);
    const places = sqlitePlaces(database, placeMargins(secret));
    return stagesFor(policy, { tagAt, cellTagAt, places, trips, chance });
  }

  return {
    take: (draft) => {
      const sealed = runStages(stages, policy, draft, () => undefined);
      trips.commit();
      return sealed;
    },
    restart: () => {
      database.close();
      database = open();
      stages = compose();
    },
    reinstall: () => {
      database.close();
      installations += 1;
      database = open();
      stages = compose();
    },
    close: () => void database.close(),
  };
}

function drawSecret(chance: () => number): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => Math.floor(chance() * 256));
}

/** All vehicles have one VIN; their secrets differ, and tags with them. */
const VIN = 'LTSTAAAA0AA000000' as Vin;
