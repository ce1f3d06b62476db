import { join } from 'node:path';
import { sqlitePlaces } from '../../../edge/adapters/sqlite-places.ts';
import { openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { sqliteTrips } from '../../../edge/adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import { positionRulesOf } from '../../../edge/stages/position-words.ts';
import { reducePosition } from '../../../edge/stages/reduce-position.ts';
import type { Candidate, Draft } from '../../../edge/stages/stage.ts';
import type { TripPoint } from '../../../edge/trips/trip.ts';
import { type POSITION_PRESETS, tagRotationName } from '../../../proto/codec/control-codec.ts';
import type { CellFrame, TripRow } from '../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { later } from './candidates.ts';
import { VIN_A } from './made-vin.ts';
import { degreesOfPosition } from './map.ts';
import { policyOf } from './policies.ts';
import { seededChance } from './seeded.ts';
import { tempDirectory } from './temp-directory.ts';

export interface VehicleOptions {
  readonly preset: (typeof POSITION_PRESETS)[keyof typeof POSITION_PRESETS];
  readonly policy?: Partial<ActivePolicy>;
  /** The agent's file; a new one is a vehicle on which the agent was installed anew. */
  readonly file?: string;
  /** First byte of the vehicle's secret. */
  readonly secret?: number;
  readonly seed?: number;
}

export interface Published {
  readonly cells: readonly CellFrame[];
  readonly rows: readonly TripRow[];
  readonly candidates: readonly Candidate[];
}

/** The position stage of one vehicle as the agent puts it together, fed and looked at from outside. */
export function positionRig({ preset, policy: change = {}, file, secret = 1, seed = 1 }: VehicleOptions) {
  const policy = policyOf({ preset, ...change });
  const database = openAgentDatabase(file ?? join(tempDirectory(), 'agent.db'));
  const key = new Uint8Array(32).fill(secret);
  const trips = sqliteTrips(database);
  const { cellTag } = positionRulesOf(policy);
  const stage = reducePosition({
    policy,
    tagAt: subjectTags(key, VIN_A as Vin, tagRotationName(policy.tagRotation)),
    cellTagAt: subjectTags(key, VIN_A as Vin, cellTag, cellTag === 'trip' ? 'cell' : 'subject'),
    places: sqlitePlaces(database, placeMargins(key)),
    trips,
    chance: seededChance(seed),
  });
  const removed = new Map<string, number>();
  const feed = (drafts: readonly Draft[]): Published => {
    const candidates = drafts.flatMap((draft) => {
      const given = stage.apply(draft, (cause, count) => removed.set(cause, (removed.get(cause) ?? 0) + count));
      return given;
    }) as readonly Candidate[];
    trips.commit();
    return publishedOf(candidates);
  };
  return {
    stage,
    removed,
    feed,
    drive: (fixes: readonly TripPoint[]) => feed(draftsOf(fixes)),
    /** An hour later nothing has happened. */
    fallSilent: (after: Instant | undefined) =>
      feed([{ kind: 'clock', at: later(after ?? (0 as Instant), 3_600_000) }]),
    cut: () => database.close(),
  };
}

export function draftsOf(fixes: readonly TripPoint[]): readonly Draft[] {
  return fixes.map(({ at, position }) => ({ kind: 'fix', at, ...degreesOfPosition(position) }));
}

function publishedOf(candidates: readonly Candidate[]): Published {
  const contents = candidates.map(({ content }) => content);
  return {
    candidates,
    cells: contents.filter((content) => content.kind === 'cell'),
    rows: contents.filter((content) => content.kind === 'trip'),
  };
}
